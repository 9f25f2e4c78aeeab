//! Values in a statement: literals and parameters.

use super::super::attribute_value::{AttributeValue, Item};
use super::super::error::DynamoDbError;
use super::super::number::Number;
use super::super::raw_value::{NESTING_MAX, ValueError};
use super::parser::Parser;
use super::tokens::{Token, ill_formed};
use crate::wire::Gather as _;

/// Whether a value begins at the next token, and no path.
pub(super) fn begins(parser: &Parser) -> bool {
    match parser.peek() {
        Token::Text(_) | Token::Number(_) => true,
        Token::Symbol(symbol) => ["?", "-", "+", "[", "{", "<<"].contains(symbol),
        Token::Name(name) => {
            ["true", "false", "null"].iter().any(|word| name.eq_ignore_ascii_case(word))
        }
        _ => false,
    }
}

/// Reads a value.
///
/// # Errors
/// Validation: it is ill-formed, too deep, no number, or a set that there can't be.
pub(super) fn read(parser: &mut Parser) -> Result<AttributeValue, DynamoDbError> {
    let value = parser.deeper(|parser| match parser.advance() {
        Token::Text(text) => Ok(AttributeValue::S(text)),
        Token::Number(digits) => number(&digits),
        Token::Symbol("?") => parser.parameter(),
        Token::Symbol(sign @ ("-" | "+")) => match parser.advance() {
            Token::Number(digits) => number(&format!("{sign}{digits}")),
            _ => Err(ill_formed("Unexpected token")),
        },
        Token::Symbol("[") => Ok(AttributeValue::L(entries(parser, "]")?)),
        Token::Symbol("<<") => set(entries(parser, ">>")?),
        Token::Symbol("{") => Ok(AttributeValue::M(members(parser)?)),
        Token::Name(name) if name.eq_ignore_ascii_case("true") => Ok(AttributeValue::Bool(true)),
        Token::Name(name) if name.eq_ignore_ascii_case("false") => Ok(AttributeValue::Bool(false)),
        Token::Name(name) if name.eq_ignore_ascii_case("null") => Ok(AttributeValue::Null(true)),
        _ => Err(ill_formed("Unexpected token")),
    })?;
    if value.depth() > NESTING_MAX {
        return Err(ValueError::TooDeep.into());
    }
    Ok(value)
}

/// Reads the rest of a map, behind its opening brace.
pub(super) fn members(parser: &mut Parser) -> Result<Item, DynamoDbError> {
    let mut item = Item::new();
    if parser.take("}") {
        return Ok(item);
    }
    loop {
        let name = match parser.advance() {
            Token::Text(name) | Token::Quoted(name) => name,
            _ => return Err(ill_formed("Unexpected token")),
        };
        parser.expect(":")?;
        let value = read(parser)?;
        if item.insert(name, value).is_some() {
            return Err(ill_formed("Duplicate key in a map"));
        }
        if !parser.take(",") {
            parser.expect("}")?;
            return Ok(item);
        }
    }
}

/// Reads the rest of a list or a set, behind its opening bracket.
pub(super) fn entries(
    parser: &mut Parser,
    end: &str,
) -> Result<Vec<AttributeValue>, DynamoDbError> {
    let mut list = Vec::new();
    if parser.take(end) {
        return Ok(list);
    }
    loop {
        list.push(read(parser)?);
        if !parser.take(",") {
            parser.expect(end)?;
            return Ok(list);
        }
    }
}

fn number(text: &str) -> Result<AttributeValue, DynamoDbError> {
    let number: Number = text.parse().map_err(ValueError::from)?;
    Ok(AttributeValue::N(number))
}

fn set(list: Vec<AttributeValue>) -> Result<AttributeValue, DynamoDbError> {
    let count = list.len();
    let mixed = || DynamoDbError::invalid("A set must have members of one type: S, N or B");
    let (mut texts, mut numbers, mut blobs) = (Vec::new(), Vec::new(), Vec::new());
    for value in list {
        match value {
            AttributeValue::S(text) => texts.push(text),
            AttributeValue::N(number) => numbers.push(number),
            AttributeValue::B(blob) => blobs.push(blob),
            _ => return Err(mixed()),
        }
    }
    let distinct = |size: usize, set| match size == count {
        true => Ok(set),
        false => Err(ValueError::NumberDuplicates.into()),
    };
    match (texts.len(), numbers.len(), blobs.len()) {
        (0, 0, 0) => Err(ValueError::EmptyStringSet.into()),
        (_, 0, 0) => {
            let set = texts.into_iter().into_set();
            distinct(set.len(), AttributeValue::SS(set))
        }
        (0, _, 0) => {
            let set = numbers.into_iter().into_set();
            distinct(set.len(), AttributeValue::NS(set))
        }
        (0, 0, _) => {
            let set = blobs.into_iter().into_set();
            distinct(set.len(), AttributeValue::BS(set))
        }
        _ => Err(mixed()),
    }
}
