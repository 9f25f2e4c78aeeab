//! One condition on one leaf value.

use serde_json::Value;

use super::address::AddressRange;

/// A compiled condition.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Matcher {
    /// A string, or the same IP address in another notation.
    Text {
        text: String,
        address: Option<AddressRange>,
    },
    Number(f64),
    Literal(Value),
    Prefix {
        text: String,
        case: Case,
    },
    Suffix {
        text: String,
        case: Case,
    },
    EqualsIgnoreCase(String),
    Wildcard(Wildcard),
    Range {
        low: Option<Bound>,
        high: Option<Bound>,
    },
    Cidr(AddressRange),
    Exists,
    Absent,
    /// A value that none of these matches. What is absent does not match either.
    AnythingBut(Vec<Matcher>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    Matters,
    Ignored,
}

/// One end of a numeric range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Bound {
    pub(super) value: f64,
    pub(super) included: bool,
}

/// Literal pieces with a star between each two of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wildcard(Vec<String>);

impl Matcher {
    pub(super) fn text(text: String) -> Self {
        let address = AddressRange::from_address(&text);
        Self::Text { text, address }
    }

    /// A string, and nothing else that is the same address.
    pub(super) fn exactly(text: String) -> Self {
        Self::Text { text, address: None }
    }

    /// Whether a value that is present fulfils the condition.
    pub(super) fn matches(&self, value: &Value) -> bool {
        match (self, value) {
            (Self::Exists, _) => true,
            (Self::Absent, _) => false,
            (Self::AnythingBut(not), value) => !not.iter().any(|matcher| matcher.matches(value)),
            (Self::Literal(wanted), value) => wanted == value,
            (Self::Number(wanted), Value::Number(number)) => number.as_f64() == Some(*wanted),
            (Self::Range { low, high }, Value::Number(number)) => {
                number.as_f64().is_some_and(|number| {
                    low.is_none_or(|low| {
                        number > low.value || (low.included && number == low.value)
                    }) && high.is_none_or(|high| {
                        number < high.value || (high.included && number == high.value)
                    })
                })
            }
            (text_matcher, Value::String(text)) => text_matcher.matches_text(text),
            _ => false,
        }
    }

    fn matches_text(&self, text: &str) -> bool {
        match self {
            Self::Text { text: wanted, address } => {
                wanted == text || address.is_some_and(|address| address.contains(text))
            }
            Self::Prefix { text: prefix, case: Case::Matters } => text.starts_with(prefix),
            Self::Suffix { text: suffix, case: Case::Matters } => text.ends_with(suffix),
            // event-ruler folds UTF-16 units one by one: half a character never matches.
            Self::Prefix { text: half, .. }
            | Self::Suffix { text: half, .. }
            | Self::EqualsIgnoreCase(half)
                if half.chars().any(|c| c.len_utf16() > 1) =>
            {
                false
            }
            Self::Prefix { text: prefix, .. } => starts_with(lower(text), lower(prefix)),
            Self::Suffix { text: suffix, .. } => {
                starts_with(lower(text).rev(), lower(suffix).rev())
            }
            Self::EqualsIgnoreCase(wanted) => lower(text).eq(lower(wanted)),
            Self::Wildcard(wildcard) => wildcard.matches(text),
            Self::Cidr(range) => range.contains(text),
            _ => false,
        }
    }
}

impl Wildcard {
    /// What stands between the stars.
    pub(super) fn pieces(&self) -> &[String] {
        &self.0
    }

    /// Reads stars; `\*` and `\\` stand for themselves.
    ///
    /// # Errors
    /// The engine's words, with a position counted in bytes from the opening quote.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut pieces = vec![String::new()];
        let mut characters = text.char_indices().peekable();
        while let Some((at, character)) = characters.next() {
            let next = characters.peek().map(|(_, next)| *next);
            let piece = pieces.last_mut().expect("there is always a last piece");
            match (character, next) {
                ('*', Some('*')) => {
                    return Err(format!("Consecutive wildcard characters at pos {}", at + 1));
                }
                ('*', _) => pieces.push(String::new()),
                ('\\', Some(escaped @ ('*' | '\\'))) => {
                    piece.push(escaped);
                    characters.next();
                }
                ('\\', _) => return Err(format!("Invalid escape character at pos {}", at + 1)),
                _ => piece.push(character),
            }
        }
        Ok(Self(pieces))
    }

    fn matches(&self, text: &str) -> bool {
        let [first, middle @ .., last] = self.0.as_slice() else {
            return self.0.first().is_some_and(|only| only == text);
        };
        let Some(mut rest) = text.strip_prefix(first.as_str()) else {
            return false;
        };
        // The first place where a piece fits is always good enough: a star takes the rest.
        for piece in middle {
            match rest.find(piece.as_str()) {
                Some(at) => rest = &rest[at + piece.len()..],
                None => return false,
            }
        }
        rest.ends_with(last.as_str())
    }
}

fn lower(text: &str) -> impl DoubleEndedIterator<Item = char> + '_ {
    text.chars().map(|c| {
        // Characters that grow when lowered are left alone; AWS folds one to one too.
        let mut lowered = c.to_lowercase();
        match (lowered.next(), lowered.next()) {
            (Some(one), None) => one,
            _ => c,
        }
    })
}

fn starts_with(mut text: impl Iterator<Item = char>, prefix: impl Iterator<Item = char>) -> bool {
    prefix.into_iter().all(|wanted| text.next() == Some(wanted))
}
