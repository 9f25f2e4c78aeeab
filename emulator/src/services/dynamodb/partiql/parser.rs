//! Walks over the tokens of a statement, and hands out its parameters in their order.

use super::super::attribute_value::AttributeValue;
use super::super::error::DynamoDbError;
use super::super::expression::{DocumentPath, PathElement};
use super::tokens::{Token, ill_formed, split};

/// How deep parentheses and values may nest, and how many operators there may be in a row.
const DEPTH_MAX: usize = 100;

pub(super) struct Parser {
    tokens: Vec<Token>,
    at: usize,
    parameters: std::vec::IntoIter<AttributeValue>,
    depth: usize,
}

impl Parser {
    pub(super) fn new(
        statement: &str,
        parameters: Vec<AttributeValue>,
    ) -> Result<Self, DynamoDbError> {
        let tokens = split(statement)?;
        Ok(Self { tokens, at: 0, parameters: parameters.into_iter(), depth: 0 })
    }

    pub(super) fn peek(&self) -> &Token {
        &self.tokens[self.at]
    }

    /// The token after the next.
    pub(super) fn peek_second(&self) -> &Token {
        self.tokens.get(self.at + 1).unwrap_or(&Token::End)
    }

    pub(super) fn advance(&mut self) -> Token {
        let token = self.tokens[self.at].clone();
        if token != Token::End {
            self.at += 1;
        }
        token
    }

    pub(super) fn is_keyword(&self, keyword: &str) -> bool {
        matches!(self.peek(), Token::Name(name) if name.eq_ignore_ascii_case(keyword))
    }

    pub(super) fn take_keyword(&mut self, keyword: &str) -> bool {
        let found = self.is_keyword(keyword);
        if found {
            self.at += 1;
        }
        found
    }

    pub(super) fn expect_keyword(&mut self, keyword: &str) -> Result<(), DynamoDbError> {
        if self.take_keyword(keyword) { Ok(()) } else { Err(self.unexpected()) }
    }

    pub(super) fn take(&mut self, symbol: &str) -> bool {
        let found = matches!(self.peek(), Token::Symbol(it) if *it == symbol);
        if found {
            self.at += 1;
        }
        found
    }

    pub(super) fn expect(&mut self, symbol: &str) -> Result<(), DynamoDbError> {
        if self.take(symbol) { Ok(()) } else { Err(self.unexpected()) }
    }

    /// The error that the next token can't stand where it does.
    pub(super) fn unexpected(&self) -> DynamoDbError {
        ill_formed(match self.peek() {
            Token::Name(name) if is_reserved(name) => "Unexpected keyword",
            Token::End => "Unexpected end of statement",
            _ => "Unexpected token",
        })
    }

    /// Goes one level deeper for the length of `read`.
    ///
    /// # Errors
    /// It is too deep; what `read` says.
    pub(super) fn deeper<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, DynamoDbError>,
    ) -> Result<T, DynamoDbError> {
        if self.depth >= DEPTH_MAX {
            return Err(ill_formed("Statement is too deep"));
        }
        self.depth += 1;
        let read = read(self);
        self.depth -= 1;
        read
    }

    /// The parameter of the next `?`.
    pub(super) fn parameter(&mut self) -> Result<AttributeValue, DynamoDbError> {
        self.parameters.next().ok_or_else(miscounted)
    }

    /// # Errors
    /// Validation: there is more of the statement, or of the parameters.
    pub(super) fn end(&self) -> Result<(), DynamoDbError> {
        if *self.peek() != Token::End {
            return Err(self.unexpected());
        }
        if self.parameters.len() > 0 { Err(miscounted()) } else { Ok(()) }
    }

    /// A name, bare or quoted.
    pub(super) fn name(&mut self) -> Result<String, DynamoDbError> {
        match self.peek() {
            Token::Name(name) if is_reserved(name) => Err(self.unexpected()),
            Token::Name(_) | Token::Quoted(_) => match self.advance() {
                Token::Name(name) | Token::Quoted(name) => Ok(name),
                _ => Err(self.unexpected()),
            },
            _ => Err(self.unexpected()),
        }
    }

    /// A path: `a.b[0]."c"`, `a['b']`.
    pub(super) fn path(&mut self) -> Result<DocumentPath, DynamoDbError> {
        let mut path = DocumentPath::of(self.name()?);
        loop {
            if self.take(".") {
                path.elements.push(PathElement::Key(self.name()?));
            } else if self.take("[") {
                let element = match self.advance() {
                    Token::Number(digits) => {
                        let index = digits.parse::<u32>();
                        PathElement::Index(
                            index.map_err(|_| ill_formed("Unexpected token"))? as usize
                        )
                    }
                    Token::Text(key) => PathElement::Key(key),
                    _ => return Err(ill_formed("Unexpected token")),
                };
                path.elements.push(element);
                self.expect("]")?;
            } else {
                return Ok(path);
            }
        }
    }
}

fn miscounted() -> DynamoDbError {
    DynamoDbError::validation("Number of parameters in request and statement don't match.")
}

/// Words that are no names unless they are quoted.
fn is_reserved(name: &str) -> bool {
    const RESERVED: [&str; 25] = [
        "SELECT",
        "FROM",
        "WHERE",
        "INSERT",
        "INTO",
        "VALUE",
        "UPDATE",
        "SET",
        "REMOVE",
        "DELETE",
        "AND",
        "OR",
        "NOT",
        "IN",
        "BETWEEN",
        "IS",
        "NULL",
        "MISSING",
        "ORDER",
        "BY",
        "RETURNING",
        "TRUE",
        "FALSE",
        "EXISTS",
        "VALUES",
    ];
    RESERVED.iter().any(|word| name.eq_ignore_ascii_case(word))
}
