//! The words of a math expression.

use super::error::MathError;

/// One word, with the place where it begins, in bytes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) at: usize,
    pub(super) kind: Kind,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Number(f64),
    /// What stands in single or double quotes.
    Text(String),
    Name(String),
    /// An operator or a bracket.
    Sign(&'static str),
}

/// Longest first, so that `<=` is not read as `<`.
const SIGNS: [&str; 20] = [
    "==", "!=", "<=", ">=", "&&", "||", "<", ">", "+", "-", "*", "/", "^", "(", ")", "[", "]", ",",
    // Of no meaning in a math expression; the parser says so.
    "{", "}",
];

/// Splits an expression into words.
///
/// # Errors
/// What stands where no word can begin, and texts without an end.
pub(super) fn words(text: &str) -> Result<Vec<Token>, MathError> {
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        if first.is_whitespace() {
            at += first.len_utf8();
            continue;
        }
        let (kind, length) = word(&text[at..], first)
            .ok_or_else(|| MathError::Syntax(format!("unexpected '{first}' at position {at}")))?;
        words.push(Token { at, kind });
        at += length;
    }
    Ok(words)
}

fn word(rest: &str, first: char) -> Option<(Kind, usize)> {
    if first == '\'' || first == '"' {
        return quoted(rest, first);
    }
    let is_digit = |c: char| c.is_ascii_digit();
    if is_digit(first) || first == '.' {
        return number(rest);
    }
    if first.is_ascii_alphabetic() || first == '_' {
        let ends = |c: char| !c.is_ascii_alphanumeric() && c != '_';
        let name = &rest[..rest.find(ends).unwrap_or(rest.len())];
        return Some((Kind::Name(name.to_owned()), name.len()));
    }
    let sign = SIGNS.into_iter().find(|sign| rest.starts_with(sign))?;
    Some((Kind::Sign(sign), sign.len()))
}

/// A backslash keeps its meaning for whoever reads the text, but for the quote itself.
fn quoted(rest: &str, quote: char) -> Option<(Kind, usize)> {
    let mut text = String::new();
    let mut letters = rest.char_indices().skip(1).peekable();
    while let Some((at, letter)) = letters.next() {
        if letter == quote {
            return Some((Kind::Text(text), at + 1));
        }
        match letters.peek() {
            Some((_, next)) if letter == '\\' && *next == quote => {
                text.push(quote);
                letters.next();
            }
            _ => text.push(letter),
        }
    }
    None
}

/// Digits with an optional fraction and an optional exponent.
fn number(rest: &str) -> Option<(Kind, usize)> {
    let digits = |from: usize| {
        let length = rest[from..].find(|c: char| !c.is_ascii_digit());
        from + length.unwrap_or(rest.len() - from)
    };
    let mut end = digits(0);
    if rest[end..].starts_with('.') {
        end = digits(end + 1);
    }
    if let Some(after) = rest[end..].strip_prefix(['e', 'E']) {
        let sign = usize::from(after.starts_with(['+', '-']));
        let from = end + 1 + sign;
        // `2e` is no number, but `2` before a name is neither.
        if rest[from..].starts_with(|c: char| c.is_ascii_digit()) {
            end = digits(from);
        }
    }
    let number: f64 = rest[..end].parse().ok()?;
    number.is_finite().then_some((Kind::Number(number), end))
}
