//! What nobody would send: values of another kind, at bounds and far beyond them.

use crate::encode::Tree;
use crate::pool::Pool;

/// Levels of what nests deeply; readers are tried with far more in `depth.rs`.
const DEEP: usize = 150;

/// Changes one place of a request.
pub(crate) fn change(tree: &mut Tree, random: &mut fastrand::Rng, pool: &Pool) {
    let mut at = random.usize(0..size(tree).max(1));
    visit(tree, &mut at, &mut |node| match (random.u32(0..10), &mut *node) {
        (0..3, Tree::Structure(members) | Tree::Map(members)) if !members.is_empty() => {
            let place = random.usize(0..members.len());
            if random.bool() {
                members.remove(place);
            } else {
                let copy = members[place].clone();
                members.push(copy);
            }
        }
        (0..3, Tree::List(items)) if !items.is_empty() => {
            let copy = items[random.usize(0..items.len())].clone();
            let times = [1, 1, 2, 9, 10, 24, 100][random.usize(0..7)];
            items.extend(std::iter::repeat_n(copy, times));
        }
        (0..3, Tree::Text(text)) => match pool.find("arn,sqs.queueurl,sqs.receipthandle", random) {
            Some(other) => other.clone_into(text),
            None => text.push('!'),
        },
        (3..5, Tree::Text(text)) => {
            let boundary = text.char_indices().map(|(at, _)| at).nth(random.usize(0..8));
            match boundary {
                Some(at) if random.bool() => text.truncate(at),
                Some(at) => {
                    text.insert(at, one(random, &['"', '{', '\0', '\u{e9}', '*', '(', '\\']))
                }
                None => text.push('\u{1f600}'),
            }
        }
        (3..5, Tree::Integer(number)) => {
            *number += [-1, 1, 10, 100, 1000, -1000, 1 << 31, 1 << 40][random.usize(0..8)];
        }
        (_, node) => *node = value(random),
    });
}

fn one<T: Copy>(random: &mut fastrand::Rng, all: &[T]) -> T {
    all[random.usize(0..all.len())]
}

fn value(random: &mut fastrand::Rng) -> Tree {
    match random.u32(0..14) {
        0 => Tree::Null,
        1 => Tree::Text(String::new()),
        2 => Tree::Text(
            one(random, &["\0", "\u{fffe}", " ", "\u{1f600}\u{301}", "null", "NaN"]).into(),
        ),
        3 => {
            let lengths = [80, 81, 128, 129, 255, 256, 257, 1024, 1025, 2048, 2049, 8193];
            Tree::Text("x".repeat(one(random, &lengths)))
        }
        4 if random.u32(0..10) == 0 => Tree::Text("y".repeat(one(random, &[262_144, 1_048_577]))),
        4 | 5 => {
            let numbers =
                [-1, 0, 1, 1 << 31, (1 << 31) - 1, 1 << 53, 1 << 63, (1 << 64) - 1, 1 << 64];
            Tree::Integer(one(random, &numbers) * one(random, &[1, 1, -1]))
        }
        6 => Tree::Float(one(random, &[0.5, -0.0, 1e308, f64::NAN, f64::INFINITY, 1e-320, 2.5e18])),
        7 => Tree::Bool(true),
        8 => Tree::List(Vec::new()),
        9 => Tree::Structure(Vec::new()),
        10 => (0..DEEP).fold(Tree::Null, |inner, _| Tree::List(vec![inner])),
        11 => {
            let around = |inner| Tree::Structure(vec![("a".to_owned(), inner)]);
            (0..DEEP).fold(Tree::Integer(1), |inner, _| around(inner))
        }
        12 => {
            Tree::Text(one(random, &["{}", "[]", "{\"a\":[1]}", "{\"", "1e999", "[[[[[[["]).into())
        }
        _ => Tree::Bytes(vec![0, 255, 128]),
    }
}

fn size(tree: &Tree) -> usize {
    1 + match tree {
        Tree::List(items) => items.iter().map(size).sum(),
        Tree::Map(entries) | Tree::Structure(entries) => {
            entries.iter().map(|(_, value)| size(value)).sum()
        }
        _ => 0,
    }
}

/// Calls `change` with the node of that number.
fn visit(tree: &mut Tree, at: &mut usize, change: &mut dyn FnMut(&mut Tree)) -> bool {
    if *at == 0 {
        change(tree);
        return true;
    }
    *at -= 1;
    match tree {
        Tree::List(items) => items.iter_mut().any(|item| visit(item, at, change)),
        Tree::Map(entries) | Tree::Structure(entries) => {
            entries.iter_mut().any(|(_, value)| visit(value, at, change))
        }
        _ => false,
    }
}
