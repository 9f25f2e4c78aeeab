//! Texts with holes in them: `arn:<partition>:sqs:<region>:111111111111:<resource:1>`.

use std::collections::BTreeMap;

/// What the named holes of a case hold.
pub(crate) type Bound = BTreeMap<String, String>;

#[derive(Debug)]
enum Piece<'a> {
    Literal(&'a str),
    /// A name with a number stands for the same value wherever it recurs.
    Hole(Option<&'a str>),
}

/// Whether `text` fits `recorded`; binds what its holes hold.
pub(crate) fn fits(recorded: &str, text: &str, words: &[String], bound: &mut Bound) -> bool {
    if recorded == text {
        return true;
    }
    fit(&pieces(recorded, words), text, bound)
}

fn pieces<'a>(recorded: &'a str, words: &[String]) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let (mut rest, mut at) = (recorded, 0);
    while at < rest.len() {
        let found = hole(&rest[at..], words).or_else(|| time(&rest[at..]));
        let Some((piece, length)) = found else {
            at += rest[at..].chars().next().map_or(1, char::len_utf8);
            continue;
        };
        if at > 0 {
            pieces.push(Piece::Literal(&rest[..at]));
        }
        pieces.push(piece);
        (rest, at) = (&rest[at + length..], 0);
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(rest));
    }
    pieces
}

fn hole<'a>(text: &'a str, words: &[String]) -> Option<(Piece<'a>, usize)> {
    if let Some(word) = words.iter().find(|word| text.starts_with(word.as_str())) {
        return Some((Piece::Hole(None), word.len()));
    }
    let (name, _) = text.strip_prefix('<')?.split_once('>')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_:.".contains(c);
    if name.is_empty() || !name.chars().all(plain) {
        return None;
    }
    Some((Piece::Hole(name.contains(':').then_some(name)), name.len() + 2))
}

/// `2022-07-13T13:48:01Z` stands for any time of that form.
fn time(text: &str) -> Option<(Piece<'_>, usize)> {
    let form = "dddd-dd-ddTdd:dd:dd";
    let head = text.get(..form.len())?;
    let alike = |(form, byte): (u8, u8)| match form {
        b'd' => byte.is_ascii_digit(),
        b'T' => byte == b'T' || byte == b' ',
        other => byte == other,
    };
    if !form.bytes().zip(head.bytes()).all(alike) {
        return None;
    }
    let fraction = |c: char| c.is_ascii_digit() || c == '.';
    let rest = text[form.len()..].trim_start_matches(fraction);
    let rest = rest.strip_prefix('Z').or_else(|| rest.strip_prefix("+00:00")).unwrap_or(rest);
    Some((Piece::Hole(None), text.len() - rest.len()))
}

fn fit(pieces: &[Piece<'_>], text: &str, bound: &mut Bound) -> bool {
    let Some((first, rest)) = pieces.split_first() else { return text.is_empty() };
    let name = match first {
        Piece::Literal(literal) => {
            return text.strip_prefix(literal).is_some_and(|text| fit(rest, text, bound));
        }
        Piece::Hole(name) => *name,
    };
    if let Some(held) = name.and_then(|name| bound.get(name)).cloned() {
        return text.strip_prefix(held.as_str()).is_some_and(|text| fit(rest, text, bound));
    }
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    for end in ends.collect::<Vec<_>>() {
        let before = bound.clone();
        if let Some(name) = name {
            if is_held_by_another(name, &text[..end], bound) {
                continue;
            }
            bound.insert(name.to_owned(), text[..end].to_owned());
        }
        if fit(rest, &text[end..], bound) {
            return true;
        }
        *bound = before;
    }
    false
}

/// Holes of one name and two numbers stand for two values.
fn is_held_by_another(name: &str, value: &str, bound: &Bound) -> bool {
    let kind = name.split(':').next();
    bound.iter().any(|(other, held)| other.split(':').next() == kind && held == value)
}
