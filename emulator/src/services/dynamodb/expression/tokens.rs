//! Splits an expression into tokens and walks over them.
//!
//! Knows the spelling of names, placeholders and symbols, and how AWS words a syntax error; no
//! grammar.

use super::error::ExpressionError;

/// Bytes that an expression may have.
const EXPRESSION_BYTES_MAX: usize = 4096;
/// Operators that an expression may have; also what bounds the parsers' recursion.
const OPERATORS_MAX: usize = 300;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// A bare name or a keyword.
    Name,
    /// `#name`.
    NameReference,
    /// `:value`.
    ValueReference,
    Digits,
    Symbol,
    /// A character that begins no token.
    Unknown,
    End,
}

#[derive(Clone, Copy, Debug)]
struct Token {
    class: Class,
    start: usize,
    end: usize,
}

/// An expression's tokens and a position among them.
pub(super) struct Tokens<'a> {
    source: &'a str,
    tokens: Vec<Token>,
    at: usize,
    operators: usize,
}

impl<'a> Tokens<'a> {
    /// Splits `source`; fails when it is empty or too long.
    pub(super) fn new(source: &'a str) -> Result<Self, ExpressionError> {
        if source.trim().is_empty() {
            return Err(ExpressionError::Empty);
        }
        if source.len() > EXPRESSION_BYTES_MAX {
            return Err(ExpressionError::TooLong { size: source.len() });
        }
        Ok(Self { source, tokens: split(source), at: 0, operators: 0 })
    }

    pub(super) fn class(&self) -> Class {
        self.tokens[self.at].class
    }

    /// The current token as written; `<EOF>` at the end.
    pub(super) fn text(&self) -> &'a str {
        self.text_at(self.at)
    }

    /// Whether the current token is this symbol.
    pub(super) fn is(&self, symbol: &str) -> bool {
        self.class() == Class::Symbol && self.text() == symbol
    }

    /// Whether the token after the current one is this symbol.
    pub(super) fn next_is(&self, symbol: &str) -> bool {
        let next = self.tokens.get(self.at + 1);
        next.is_some_and(|token| token.class == Class::Symbol)
            && self.text_at(self.at + 1) == symbol
    }

    /// The token after the parentheses that begin at the current one.
    pub(super) fn after_parentheses(&self) -> (Class, &'a str) {
        let mut depth = 0;
        for at in self.at..self.tokens.len() {
            match (self.tokens[at].class, self.text_at(at)) {
                (Class::Symbol, "(") => depth += 1,
                (Class::Symbol, ")") => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                let class = self.tokens.get(at + 1).map_or(Class::End, |token| token.class);
                return (class, self.text_at(at + 1));
            }
        }
        (Class::End, "<EOF>")
    }

    /// Whether a plus or minus stands within the parentheses that begin at the current token.
    pub(super) fn has_sum_in_parentheses(&self) -> bool {
        let mut depth = 0;
        for at in self.at..self.tokens.len() {
            match (self.tokens[at].class, self.text_at(at)) {
                (Class::Symbol, "(") => depth += 1,
                (Class::Symbol, ")") => depth -= 1,
                (Class::Symbol, "+" | "-") => return true,
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
        false
    }

    /// Whether the current token is this keyword, in any case.
    pub(super) fn is_keyword(&self, keyword: &str) -> bool {
        self.class() == Class::Name && self.text().eq_ignore_ascii_case(keyword)
    }

    /// Moves to the next token and returns the text of the current one.
    pub(super) fn advance(&mut self) -> &'a str {
        let text = self.text();
        if self.class() != Class::End {
            self.at += 1;
        }
        text
    }

    pub(super) fn take(&mut self, symbol: &str) -> bool {
        let found = self.is(symbol);
        if found {
            self.advance();
        }
        found
    }

    pub(super) fn take_keyword(&mut self, keyword: &str) -> bool {
        let found = self.is_keyword(keyword);
        if found {
            self.advance();
        }
        found
    }

    pub(super) fn expect(&mut self, symbol: &str) -> Result<(), ExpressionError> {
        if self.take(symbol) { Ok(()) } else { Err(self.syntax_error()) }
    }

    pub(super) fn expect_end(&self) -> Result<(), ExpressionError> {
        if self.class() == Class::End { Ok(()) } else { Err(self.syntax_error()) }
    }

    /// Counts one more operator or parenthesis.
    pub(super) fn count_operator(&mut self) -> Result<(), ExpressionError> {
        self.operators += 1;
        if self.operators > OPERATORS_MAX {
            return Err(ExpressionError::TooManyOperators);
        }
        Ok(())
    }

    /// The error that the current token can't stand here. `near` runs from the token before it to
    /// the one after it.
    pub(super) fn syntax_error(&self) -> ExpressionError {
        let last = self.tokens.len() - 1;
        let from = self.tokens[self.at.saturating_sub(1)].start;
        let to = self.tokens[(self.at + 1).min(last)].end;
        ExpressionError::Syntax {
            token: self.text().to_owned(),
            near: self.source[from..to].trim_end().to_owned(),
        }
    }

    fn text_at(&self, at: usize) -> &'a str {
        match self.tokens.get(at) {
            Some(token) if token.class != Class::End => &self.source[token.start..token.end],
            _ => "<EOF>",
        }
    }
}

fn split(source: &str) -> Vec<Token> {
    let bytes = source.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at].is_ascii_whitespace() {
            at += 1;
            continue;
        }
        let (class, end) = token_at(source, at);
        tokens.push(Token { class, start: at, end });
        at = end;
    }
    tokens.push(Token { class: Class::End, start: source.len(), end: source.len() });
    tokens
}

fn token_at(source: &str, at: usize) -> (Class, usize) {
    let rest = &source.as_bytes()[at..];
    let run = |from: usize, part: fn(&u8) -> bool| {
        at + from + rest[from..].iter().take_while(|byte| part(byte)).count()
    };
    let in_name: fn(&u8) -> bool = |byte| byte.is_ascii_alphanumeric() || *byte == b'_';
    match rest[0] {
        b'a'..=b'z' | b'A'..=b'Z' => (Class::Name, run(0, in_name)),
        b'0'..=b'9' => (Class::Digits, run(0, u8::is_ascii_digit)),
        mark @ (b'#' | b':') => match run(1, in_name) {
            end if end == at + 1 => (Class::Unknown, end),
            end if mark == b'#' => (Class::NameReference, end),
            end => (Class::ValueReference, end),
        },
        b'<' if matches!(rest.get(1), Some(b'=' | b'>')) => (Class::Symbol, at + 2),
        b'>' if rest.get(1) == Some(&b'=') => (Class::Symbol, at + 2),
        b'=' | b'<' | b'>' | b'(' | b')' | b'[' | b']' | b',' | b'.' | b'+' | b'-' => {
            (Class::Symbol, at + 1)
        }
        _ => {
            let width = source[at..].chars().next().map_or(1, char::len_utf8);
            (Class::Unknown, at + width)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_spans_the_neighbours() {
        for (source, skip, token, near) in [
            ("ADD hits : incr", 2, ":", "hits : incr"),
            ("SET a = b, updated = c", 5, "updated", ", updated ="),
            ("INVALID SYNTAX HERE", 0, "INVALID", "INVALID SYNTAX"),
            ("a = #, b", 2, "#", "= #,"),
            ("a =", 2, "<EOF>", "="),
            ("a = ü", 2, "ü", "= ü"),
        ] {
            let mut tokens = Tokens::new(source).unwrap();
            (0..skip).for_each(|_| {
                tokens.advance();
            });
            let expected =
                ExpressionError::Syntax { token: token.to_owned(), near: near.to_owned() };
            assert_eq!(tokens.syntax_error(), expected);
        }
    }

    #[test]
    fn length_is_limited() {
        assert_eq!(Tokens::new(" ").err(), Some(ExpressionError::Empty));
        assert!(Tokens::new(&"a".repeat(4096)).is_ok());
        let size = 4097;
        let error = Tokens::new(&"a".repeat(size)).err();
        assert_eq!(error, Some(ExpressionError::TooLong { size }));
    }
}
