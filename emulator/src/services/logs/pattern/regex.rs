//! Regular expressions between `%`: AWS takes a part of the usual language.

use regex::{Regex, RegexBuilder};

use super::filter_pattern::FilterPatternError;

/// Symbols and operators beside letters and digits. Parentheses are not among them.
///
/// Source: user guide "Supported regular expressions (regex) syntax".
const SYMBOLS: &str = "_#=@/;,-^$?[]{}|\\*+. :";
/// What may follow a backslash to mean a class, or itself.
const ESCAPED: &str = "dDsSwWx";
/// A compiled expression's bytes; `\w{1000}` would take many megabytes.
const COMPILED_BYTES_MAX: usize = 512 * 1024;

/// A regular expression, which may match anywhere in a text.
#[derive(Clone, Debug)]
pub(super) struct Expression(Regex);

impl Expression {
    /// Reads what stands between two `%`.
    ///
    /// # Errors
    /// `Characters` for what AWS does not take; `Invalid` for what is no expression.
    pub(super) fn parse(text: &str) -> Result<Self, FilterPatternError> {
        let mut letters = text.chars();
        while let Some(letter) = letters.next() {
            let known = letter.is_ascii_alphanumeric() || SYMBOLS.contains(letter);
            let escaped = if letter == '\\' { letters.next() } else { None };
            let known_escape = escaped.is_none_or(|escaped| {
                !escaped.is_ascii_alphanumeric() || ESCAPED.contains(escaped)
            });
            if !known || !known_escape || escaped.is_some_and(|escaped| !escaped.is_ascii()) {
                return Err(FilterPatternError::Characters(text.to_owned()));
            }
        }
        let built = RegexBuilder::new(text).size_limit(COMPILED_BYTES_MAX).unicode(false).build();
        // Without Unicode `.` may stand for half a letter, which `str` cannot give.
        let built =
            built.or_else(|_| RegexBuilder::new(text).size_limit(COMPILED_BYTES_MAX).build());
        built.map(Self).map_err(|_| FilterPatternError::Invalid)
    }

    pub(super) fn matches(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}
