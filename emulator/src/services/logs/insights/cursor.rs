//! Reading a query from left to right.

use super::query::QueryError;

/// A place in a text.
#[derive(Clone)]
pub(super) struct Cursor<'t> {
    text: &'t str,
    at: usize,
    /// How deep the expression being read is nested.
    pub(super) depth: usize,
    /// Operators with two sides so far.
    pub(super) operators: usize,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0, depth: 0, operators: 0 }
    }

    fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// Skips blanks and comments.
    fn skip(&mut self) {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start();
            self.at += rest.len() - trimmed.len();
            if !trimmed.starts_with('#') {
                return;
            }
            self.at += trimmed.find('\n').unwrap_or(trimmed.len());
        }
    }

    pub(super) fn peek(&mut self) -> Option<char> {
        self.skip();
        self.rest().chars().next()
    }

    /// The place of what comes next.
    pub(super) fn place(&mut self) -> usize {
        self.skip();
        self.at
    }

    /// The text since a place, without blanks behind it.
    pub(super) fn since(&self, place: usize) -> &'t str {
        self.text[place..self.at].trim()
    }

    /// Takes a text if it comes next.
    pub(super) fn take(&mut self, text: &str) -> bool {
        self.skip();
        let found = self.rest().starts_with(text);
        self.at += if found { text.len() } else { 0 };
        found
    }

    /// Takes a word in any case.
    pub(super) fn take_word(&mut self, word: &str) -> bool {
        self.skip();
        let Some(found) = self.rest().get(..word.len()) else { return false };
        let after = self.rest()[word.len()..].chars().next();
        let ends = after.is_none_or(|letter| !is_of_name(letter));
        let taken = ends && found.eq_ignore_ascii_case(word);
        self.at += if taken { word.len() } else { 0 };
        taken
    }

    /// Takes a name: letters, digits, `_`, `.`, `@`, or anything in backticks; a name may go on
    /// with places of lists (`a[0]`) and with members in backticks (`` a.`b-c` ``).
    pub(super) fn name(&mut self) -> Option<String> {
        self.skip();
        if let Some(quoted) = self.rest().strip_prefix('`') {
            let (name, _) = quoted.split_once('`')?;
            self.at += name.len() + 2;
            return Some(name.to_owned());
        }
        let rest = self.rest();
        let first = rest.chars().next()?;
        if !(first.is_alphabetic() || first == '_' || first == '@') {
            return None;
        }
        let begins = self.at;
        self.run(is_of_name);
        while self.place_or_member() {
            self.run(is_of_name);
        }
        self.text.get(begins..self.at).map(str::to_owned)
    }

    /// Takes what a name may go on with: a place of a list, or, behind a point, a member in
    /// backticks.
    fn place_or_member(&mut self) -> bool {
        let rest = self.rest();
        let length = if let Some(inside) = rest.strip_prefix('[') {
            let digits = inside.find(|letter: char| !letter.is_ascii_digit());
            let digits = digits.filter(|length| *length > 0);
            digits.filter(|at| inside[*at..].starts_with(']')).map(|length| length + 2)
        } else if self.text[..self.at].ends_with('.') {
            let inside = rest.strip_prefix('`').and_then(|inside| inside.find('`'));
            inside.map(|length| length + 2)
        } else {
            None
        };
        self.at += length.unwrap_or(0);
        length.is_some()
    }

    /// Takes letters for as long as they are wanted, blanks in front left out by the caller.
    pub(super) fn run(&mut self, wanted: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let run = &rest[..rest.find(|letter| !wanted(letter)).unwrap_or(rest.len())];
        self.at += run.len();
        run
    }

    /// Takes a text in quotes.
    pub(super) fn quoted(&mut self) -> Result<Option<String>, QueryError> {
        let Some(quote @ ('"' | '\'')) = self.peek() else { return Ok(None) };
        self.enclosed(quote).map(Some)
    }

    /// Takes a regular expression between slashes.
    pub(super) fn expression(&mut self) -> Result<Option<String>, QueryError> {
        match self.peek() {
            Some('/') => self.enclosed('/').map(Some),
            _ => Ok(None),
        }
    }

    /// What stands up to the next `close`; a backslash takes its meaning, but keeps standing before
    /// other letters.
    fn enclosed(&mut self, close: char) -> Result<String, QueryError> {
        let mut text = String::new();
        let mut letters = self.rest().char_indices().skip(1);
        while let Some((at, letter)) = letters.next() {
            match letter {
                _ if letter == close => {
                    self.at += at + 1;
                    return Ok(text);
                }
                '\\' => match letters.next() {
                    Some((_, escaped)) if escaped == close => text.push(escaped),
                    Some((_, '\\')) if close != '/' => text.push('\\'),
                    Some((_, other)) => text.extend(['\\', other]),
                    None => break,
                },
                other => text.push(other),
            }
        }
        Err(self.unexpected())
    }

    /// The error that says what was found here.
    pub(super) fn unexpected(&mut self) -> QueryError {
        self.skip();
        let found = self.rest().split_whitespace().next().unwrap_or("<EOF>");
        let found: String = found.chars().take(40).collect();
        let before = &self.text[..self.at];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count());
        let start = before.chars().count();
        let message =
            format!("unexpected symbol found {found} at line {line} and position {column}");
        QueryError { message, start, end: start + found.chars().count() }
    }

    /// The error with a sentence of its own.
    pub(super) fn error(&mut self, message: impl Into<String>) -> QueryError {
        QueryError { message: message.into(), ..self.unexpected() }
    }
}

/// What names consist of.
fn is_of_name(letter: char) -> bool {
    letter.is_alphanumeric() || "_.@".contains(letter)
}
