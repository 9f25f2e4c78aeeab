//! Reading a pattern from left to right.

use super::filter_pattern::FilterPatternError;
use super::regex::Expression;

/// The rest of a text, and how many regular expressions were read so far.
pub(super) struct Cursor<'t> {
    rest: &'t str,
    expressions: usize,
}

/// Source: the user guide's quotas of regular expressions.
const EXPRESSIONS_MAX: usize = 2;

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { rest: text, expressions: 0 }
    }

    /// The next character that is no blank.
    pub(super) fn peek(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start();
        self.rest.chars().next()
    }

    /// Takes a text if it comes next, blanks aside.
    pub(super) fn take(&mut self, text: &str) -> bool {
        let rest = self.rest.trim_start();
        match rest.strip_prefix(text) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Takes a word in any case, if nothing that belongs to a word follows it.
    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let rest = self.rest.trim_start();
        let Some(found) = rest.get(..word.len()) else { return false };
        let after = &rest[word.len()..];
        if !found.eq_ignore_ascii_case(word) || after.starts_with(char::is_alphanumeric) {
            return false;
        }
        self.rest = after;
        true
    }

    /// Takes characters, from here on, for as long as they are wanted.
    pub(super) fn run(&mut self, wanted: impl Fn(char) -> bool) -> &'t str {
        let end = self.rest.find(|letter| !wanted(letter)).unwrap_or(self.rest.len());
        let (run, rest) = self.rest.split_at(end);
        self.rest = rest;
        run
    }

    /// What is left, for errors.
    pub(super) fn rest(&self) -> &'t str {
        self.rest
    }

    /// Takes what follows an opening quote up to the closing one; `\` takes its meaning from a
    /// quote and from another `\`.
    ///
    /// # Errors
    /// `Invalid` without a closing quote.
    pub(super) fn quoted(&mut self) -> Result<String, FilterPatternError> {
        let mut text = String::new();
        let mut letters = self.rest.char_indices();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '"' => {
                    self.rest = &self.rest[at + 1..];
                    return Ok(text);
                }
                '\\' => match letters.next() {
                    Some((_, escaped @ ('"' | '\\'))) => text.push(escaped),
                    Some((_, other)) => text.extend(['\\', other]),
                    None => break,
                },
                other => text.push(other),
            }
        }
        Err(FilterPatternError::Invalid)
    }

    /// Takes a regular expression, whose opening `%` was taken.
    ///
    /// # Errors
    /// `Invalid` without a closing `%`; what [`Expression::parse`] and the quota say.
    pub(super) fn expression(&mut self) -> Result<Expression, FilterPatternError> {
        let (inside, rest) = self.rest.split_once('%').ok_or(FilterPatternError::Invalid)?;
        self.rest = rest;
        self.expressions += 1;
        if self.expressions > EXPRESSIONS_MAX {
            return Err(FilterPatternError::TooManyExpressions(EXPRESSIONS_MAX));
        }
        Expression::parse(inside)
    }
}
