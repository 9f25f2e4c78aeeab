//! A place in a text that is being read, for paths, filters and intrinsic functions.

use super::Malformed;

#[derive(Debug)]
pub(crate) struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    pub(crate) fn at(&self) -> usize {
        self.at
    }

    pub(crate) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    pub(crate) fn since(&self, start: usize) -> &'a str {
        &self.text[start..self.at]
    }

    pub(crate) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(crate) fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.at += next.len_utf8();
        Some(next)
    }

    pub(crate) fn is_done(&self) -> bool {
        self.at == self.text.len()
    }

    pub(crate) fn skip_blanks(&mut self) {
        self.take_while(char::is_whitespace);
    }

    /// Goes past `token`, if it stands here.
    pub(crate) fn eat(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        if found {
            self.at += token.len();
        }
        found
    }

    pub(crate) fn expect(&mut self, token: &str) -> Result<(), Malformed> {
        if self.eat(token) {
            return Ok(());
        }
        Err(self.malformed(&format!("expected '{token}'")))
    }

    pub(crate) fn take_while(&mut self, accept: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|it| !accept(it)).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    /// A text in single or double quotes. A backslash before such a quote, or before another
    /// backslash, is no part of it; before anything else it is, as recorded.
    pub(crate) fn quoted(&mut self) -> Result<String, Malformed> {
        let quote = self.next().filter(|it| matches!(it, '\'' | '"'));
        let quote = quote.ok_or_else(|| self.malformed("expected a quoted text"))?;
        let mut text = String::new();
        loop {
            match self.next() {
                Some(it) if it == quote => return Ok(text),
                Some('\\') => match self.next() {
                    Some(it) if it == quote || it == '\\' => text.push(it),
                    Some(it) => text.extend(['\\', it]),
                    None => break,
                },
                Some(it) => text.push(it),
                None => break,
            }
        }
        Err(self.malformed("a quote is not closed"))
    }

    pub(crate) fn malformed(&self, problem: &str) -> Malformed {
        Malformed { message: format!("{problem} at position {} of '{}'", self.at, self.text) }
    }
}
