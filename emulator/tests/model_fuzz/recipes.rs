//! Requests that make sense, by operation: where members depend on one another, AWS's model alone
//! seldom leads to one that is taken.
//!
//! `recipes.json` holds them, in JSON. A member whose name begins with `?` is there half of the
//! time. A text that begins with `$` stands for another value:
//!
//! - `$pool KEYS`: what an answer gave or a request named, by service and member;
//! - `$name STEM`: the stem with a number from 1 to 3, `$fifo STEM` the same with `.fifo` behind;
//! - `$pick A|B|C`: one of these texts;
//! - `$int LOW HIGH`: a number, `$digits LOW HIGH` its digits, `$letters LOW HIGH` so many
//!   letters;
//! - `$time LOW HIGH`: so many seconds from now.
//!
//! So does an object with one of these members: `$json`, a value's text in JSON; `$base64`, that of
//! a text; `$jwt`, a web token with these claims; `$one`, one of several values; `$many`, a list of
//! one to three; `$parts`, several texts in one.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;
use skyrig::Timestamp;

use crate::draw::Draw;
use crate::encode::{self, Tree};
use crate::model::{Target, targets};

/// The recipes of an operation.
pub(crate) fn of(target: Target) -> &'static [Value] {
    static RECIPES: LazyLock<BTreeMap<String, Vec<Value>>> = LazyLock::new(|| {
        let read = serde_json::from_str(include_str!("recipes.json"));
        let read: BTreeMap<String, Vec<Value>> = read.expect("recipes.json is JSON");
        for name in read.keys() {
            assert!(targets().iter().any(|it| it.name() == *name), "no operation is called {name}");
        }
        read
    });
    RECIPES.get(&target.name()).map_or(&[], Vec::as_slice)
}

/// What a text of a recipe stands for, if it stands for something.
pub(crate) fn stands_for(draw: &mut Draw<'_>, text: &str) -> Option<Tree> {
    let (word, rest) = text.strip_prefix('$')?.split_once(' ')?;
    Some(match word {
        "pool" => Tree::Text(draw.pool.find(rest, draw.random).unwrap_or("nothing-yet").to_owned()),
        "name" => Tree::Text(format!("{rest}{}", draw.random.u32(1..=3))),
        "fifo" => Tree::Text(format!("{rest}{}.fifo", draw.random.u32(1..=3))),
        "pick" => {
            let all: Vec<&str> = rest.split('|').collect();
            Tree::Text((*draw.one(&all)).to_owned())
        }
        "int" => {
            let (low, high): (i64, i64) = bounds(rest);
            Tree::Integer(draw.random.i64(low..=high).into())
        }
        "digits" => {
            let (low, high): (i64, i64) = bounds(rest);
            Tree::Text(draw.random.i64(low..=high).to_string())
        }
        "letters" => {
            let (low, high): (usize, usize) = bounds(rest);
            let count = draw.random.usize(low..=high);
            Tree::Text(std::iter::repeat_with(|| draw.random.lowercase()).take(count).collect())
        }
        "time" => {
            let (low, high) = bounds(rest);
            draw.time(low, high)
        }
        other => panic!("recipes know no {other}"),
    })
}

fn bounds<T: FromStr>(text: &str) -> (T, T) {
    let bounds = text.split_once(' ');
    let bounds = bounds.and_then(|(low, high)| low.parse().ok().zip(high.parse().ok()));
    bounds.unwrap_or_else(|| panic!("{text} are no two numbers"))
}

impl Draw<'_> {
    /// What an object of a recipe stands for.
    pub(crate) fn special(&mut self, shape: Option<&str>, name: &str, inner: &Value) -> Tree {
        match (name, inner) {
            ("$one", Value::Array(all)) => {
                let chosen = self.one(all);
                self.filled(shape, chosen)
            }
            ("$many", value) => {
                let list = shape.map(|it| self.target.service.model.shape(it));
                let member = list.and_then(|list| list.member.as_ref());
                let member = member.map(|member| member.shape.as_str());
                let count = self.random.usize(1..=3);
                Tree::List((0..count).map(|_| self.filled(member, value)).collect())
            }
            ("$json", value) => Tree::Text(self.written(value)),
            ("$base64", value) => Tree::Text(STANDARD.encode(self.plain_text(value))),
            ("$jwt", value) => {
                let claims = URL_SAFE_NO_PAD.encode(self.written(value));
                let head = URL_SAFE_NO_PAD.encode(r#"{"alg":"RS256","typ":"JWT"}"#);
                Tree::Text(format!("{head}.{claims}.c2ln"))
            }
            ("$parts", Value::Array(parts)) => {
                Tree::Text(parts.iter().map(|part| self.plain_text(part)).collect())
            }
            (other, _) => panic!("recipes know no {other}"),
        }
    }

    fn written(&mut self, value: &Value) -> String {
        let mut text = String::new();
        encode::json(&self.filled(None, value), &mut text);
        text
    }

    fn plain_text(&mut self, value: &Value) -> String {
        match self.filled(None, value) {
            Tree::Text(text) => text,
            Tree::Integer(number) => number.to_string(),
            Tree::Time(seconds) => Timestamp::from_seconds(seconds).iso_seconds(),
            other => panic!("{other:?} is no text"),
        }
    }
}
