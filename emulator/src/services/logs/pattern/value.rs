//! What a field is compared with.

use super::cursor::Cursor;
use super::filter_pattern::FilterPatternError;
use super::regex::Expression;

/// How a field compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// The longer ones first.
const COMPARISONS: [(&str, Comparison); 6] = [
    ("!=", Comparison::NotEqual),
    ("<=", Comparison::LessOrEqual),
    (">=", Comparison::GreaterOrEqual),
    ("=", Comparison::Equal),
    ("<", Comparison::Less),
    (">", Comparison::Greater),
];

impl Comparison {
    pub(super) fn parse(cursor: &mut Cursor<'_>) -> Option<Self> {
        COMPARISONS.iter().find(|(text, _)| cursor.take(text)).map(|(_, comparison)| *comparison)
    }

    fn of_numbers(self, one: f64, other: f64) -> bool {
        match self {
            Self::Equal => one == other,
            Self::NotEqual => one != other,
            Self::Less => one < other,
            Self::LessOrEqual => one <= other,
            Self::Greater => one > other,
            Self::GreaterOrEqual => one >= other,
        }
    }
}

/// The right side of a comparison.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// `*` stands for any text.
    Text(String),
    /// Written without quotes, with its text.
    Number(f64, String),
    Expression(Expression),
}

/// Letters of a value without quotes, beside letters and digits.
const BARE: &str = "_-.*:/+$#@;\\~^'?";

impl Value {
    /// Reads a value: in quotes, between `%`, or bare.
    ///
    /// # Errors
    /// `Invalid` and `Characters`.
    pub(super) fn parse(cursor: &mut Cursor<'_>) -> Result<Self, FilterPatternError> {
        match cursor.peek() {
            Some('"') => {
                cursor.take("\"");
                Ok(Self::Text(cursor.quoted()?))
            }
            Some('%') => {
                cursor.take("%");
                Ok(Self::Expression(cursor.expression()?))
            }
            _ => {
                let text = cursor.run(|it| it.is_ascii_alphanumeric() || BARE.contains(it));
                if text.is_empty() {
                    return Err(characters(cursor.rest()));
                }
                Ok(match text.parse::<f64>() {
                    Ok(number) if number.is_finite() => Self::Number(number, text.to_owned()),
                    _ => Self::Text(text.to_owned()),
                })
            }
        }
    }

    /// Whether only its order may be asked for: `<` and `>` want a number.
    pub(super) fn suits(&self, comparison: Comparison) -> bool {
        matches!(comparison, Comparison::Equal | Comparison::NotEqual)
            || matches!(self, Self::Number(..))
    }

    /// Compares a text, which may be written as a number.
    pub(super) fn compare(&self, comparison: Comparison, field: &str) -> bool {
        let same = match self {
            Self::Number(number, text) => match field.parse::<f64>() {
                Ok(field) => return comparison.of_numbers(field, *number),
                Err(_) => field == text,
            },
            Self::Text(wanted) => glob(wanted, field),
            Self::Expression(expression) => expression.matches(field),
        };
        match comparison {
            Comparison::Equal => same,
            Comparison::NotEqual => !same,
            _ => false,
        }
    }
}

/// The error for a term that begins here.
pub(super) fn characters(rest: &str) -> FilterPatternError {
    let term = rest.split_whitespace().next().unwrap_or_default();
    FilterPatternError::Characters(term.chars().take(64).collect())
}

/// Whether `text` is `wanted`, in which `*` stands for any text. Takes at most as many steps as one
/// length times the other.
pub(super) fn glob(wanted: &str, text: &str) -> bool {
    let mut parts = wanted.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}
