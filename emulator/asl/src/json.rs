//! JSON that remembers how it was written: what passes through a machine unchanged leaves it as it
//! came, blanks included.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// A value and its text. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Json(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    text: String,
    value: Value,
}

impl Json {
    /// Reads a text. It keeps its blanks.
    ///
    /// # Errors
    ///
    /// The text is no JSON; the words are those of the Java library that AWS uses.
    pub fn parse(text: &str) -> Result<Self, String> {
        let value = serde_json::from_str(text).map_err(|error| words(text, &error))?;
        Ok(Self(Arc::new(Inner { text: text.to_owned(), value })))
    }

    #[must_use]
    pub fn value(&self) -> &Value {
        &self.0.value
    }

    #[must_use]
    pub fn text(&self) -> &str {
        &self.0.text
    }
}

impl From<Value> for Json {
    /// The text has no blanks.
    fn from(value: Value) -> Self {
        Self(Arc::new(Inner { text: value.to_string(), value }))
    }
}

impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.text == other.0.text
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.text())
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// How many levels a document has that passes from state to state. (What is read has no more
/// than 128, so that everything that is written down can be read again.)
const DEPTH_MAX: usize = 120;

/// Whether a value has more levels than that.
pub(crate) fn is_too_deep(value: &Value) -> bool {
    let mut open = vec![(value, 1)];
    while let Some((value, depth)) = open.pop() {
        if depth > DEPTH_MAX {
            return true;
        }
        match value {
            Value::Array(items) => open.extend(items.iter().map(|it| (it, depth + 1))),
            Value::Object(members) => open.extend(members.values().map(|it| (it, depth + 1))),
            _ => {}
        }
    }
    false
}

/// What stands where a value is missing.
const VALUE: &str = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

/// The error in the words of Jackson.
fn words(text: &str, error: &serde_json::Error) -> String {
    let rest = at(text, error);
    let message = error.to_string();
    let expecting = if error.is_eof() {
        return "Unexpected end-of-input".to_owned();
    } else if message.starts_with("key must be a string") {
        "was expecting double-quote to start field name"
    } else if message.starts_with("expected `:`") {
        "was expecting a colon to separate field name and value"
    } else if message.starts_with("expected `,` or `}`") {
        "was expecting comma to separate Object entries"
    } else if message.starts_with("expected `,` or `]`") {
        "was expecting comma to separate Array entries"
    } else if message.starts_with("expected") || message.starts_with("trailing characters") {
        let word: String = rest.chars().take_while(|it| it.is_alphanumeric()).collect();
        if !word.is_empty() {
            return format!("Unrecognized token '{word}': was expecting {VALUE}");
        }
        "expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or \
         'false')"
    } else {
        return message;
    };
    match rest.chars().next() {
        Some(it) => format!("Unexpected character ('{it}' (code {})): {expecting}", it as u32),
        None => "Unexpected end-of-input".to_owned(),
    }
}

/// The text from the place of the error; from its word's beginning, if it is in one.
fn at<'a>(text: &'a str, error: &serde_json::Error) -> &'a str {
    let line = text.split('\n').nth(error.line().saturating_sub(1)).unwrap_or_default();
    let mut place = error.column().saturating_sub(1).min(line.len());
    while !line.is_char_boundary(place) {
        place -= 1;
    }
    let in_word = |it: char| it.is_alphanumeric();
    let word = line[..place].rfind(|it| !in_word(it)).map_or(0, |before| before + 1);
    let start = if line[place..].starts_with(in_word) && line.is_char_boundary(word) {
        word
    } else {
        place
    };
    &line[start..]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first two were recorded on AWS.
    #[test]
    fn errors_are_in_jacksons_words() {
        let cases = [
            (
                "{'a': 1}",
                "Unexpected character (''' (code 39)): was expecting double-quote to start \
              field name",
            ),
            (
                "not some json",
                "Unrecognized token 'not': was expecting (JSON String, Number, Array, \
              Object or token 'null', 'true' or 'false')",
            ),
            (
                "{\"a\" 1}",
                "Unexpected character ('1' (code 49)): was expecting a colon to separate \
              field name and value",
            ),
            (
                "{\"a\": 1 \"b\"}",
                "Unexpected character ('\"' (code 34)): was expecting comma to \
              separate Object entries",
            ),
            ("{\"a\": ", "Unexpected end-of-input"),
            ("", "Unexpected end-of-input"),
        ];
        for (text, wanted) in cases {
            assert_eq!(Json::parse(text).expect_err(text), wanted, "{text}");
        }
    }

    #[test]
    fn the_text_stays_as_it_was() {
        let read = Json::parse("[1,  2]").expect("a list");
        assert_eq!(read.text(), "[1,  2]");
        let again: Json = serde_json::from_str(&serde_json::to_string(&read).expect("text"))
            .expect("written by ourselves");
        assert_eq!(again, read);
    }
}
