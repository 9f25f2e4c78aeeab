//! A pattern of the model, which is one of Java's and has to take a whole text.

use std::sync::OnceLock;

use regex::Regex;
use serde::Deserialize;

/// A pattern as AWS writes it, compiled at the first text that it is held against.
#[derive(Debug, Deserialize)]
#[serde(from = "String")]
pub(super) struct Pattern {
    text: String,
    compiled: OnceLock<Option<Regex>>,
}

impl From<String> for Pattern {
    fn from(text: String) -> Self {
        Self { text, compiled: OnceLock::new() }
    }
}

impl Pattern {
    /// Whether it takes the text.
    pub(super) fn takes(&self, text: &str) -> bool {
        self.compiled().is_none_or(|pattern| pattern.is_match(text))
    }

    /// None for a pattern with what costs more than linear time.
    // Differs from AWS: patterns of AWS's models that look ahead or behind are not held against
    // requests.
    pub(super) fn compiled(&self) -> Option<&Regex> {
        let whole = || Regex::new(&format!("\\A(?:{})\\z", translated(&self.text))).ok();
        self.compiled.get_or_init(whole).as_ref()
    }

    pub(super) fn constraint(&self) -> String {
        format!("Member must satisfy regular expression pattern: {}", self.text)
    }
}

/// What Java says otherwise: its classes are those of ASCII, and characters beyond `\uFFFF` are
/// two.
fn translated(pattern: &str) -> String {
    let pattern = pattern.replace("\\uD800\\uDC00-\\uDBFF\\uDFFF", "\\x{10000}-\\x{10FFFF}");
    let mut out = String::with_capacity(pattern.len());
    let mut letters = pattern.chars();
    let mut in_class = false;
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => {
                let escaped = letters.next();
                let class = match escaped {
                    Some('d') => "0-9",
                    Some('w') => "a-zA-Z0-9_",
                    Some('s') => " \\t\\n\\x0B\\f\\r",
                    _ => {
                        out.push('\\');
                        out.extend(escaped);
                        continue;
                    }
                };
                match in_class {
                    true => out.push_str(class),
                    false => out.extend(["[", class, "]"]),
                }
            }
            '[' | ']' => {
                in_class = letter == '[';
                out.push(letter);
            }
            _ => out.push(letter),
        }
    }
    out
}
