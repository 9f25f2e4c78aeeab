//! The WHERE of a statement, as a condition of expressions.

use super::super::attribute_value::AttributeValue;
use super::super::error::DynamoDbError;
use super::super::expression::{Comparator, Condition, Operand};
use super::parser::Parser;
use super::tokens::{Token, ill_formed};
use super::value;

/// Candidates that IN takes.
const IN_MAX: usize = 100;
const TYPE_NAMES: [&str; 10] = ["B", "NULL", "SS", "BOOL", "L", "BS", "N", "NS", "S", "M"];

/// Reads a condition.
///
/// # Errors
/// Validation: it is ill-formed, or too deep.
pub(super) fn read(parser: &mut Parser) -> Result<Condition, DynamoDbError> {
    disjunction(parser).map(|condition| *condition)
}

// What calls itself hands boxes on, so that deep conditions do not need deep stacks.
fn disjunction(parser: &mut Parser) -> Result<Box<Condition>, DynamoDbError> {
    let mut all = vec![*conjunction(parser)?];
    while parser.take_keyword("OR") {
        all.push(*conjunction(parser)?);
    }
    Ok(Box::new(joined(all, Condition::Or)))
}

fn conjunction(parser: &mut Parser) -> Result<Box<Condition>, DynamoDbError> {
    let mut all = vec![*negation(parser)?];
    while parser.take_keyword("AND") {
        all.push(*negation(parser)?);
    }
    Ok(Box::new(joined(all, Condition::And)))
}

pub(super) type Join = fn(Box<Condition>, Box<Condition>) -> Condition;

/// One tree of all, no deeper than it has to be.
pub(super) fn joined(mut all: Vec<Condition>, join: Join) -> Condition {
    while all.len() > 1 {
        let mut halved = Vec::with_capacity(all.len().div_ceil(2));
        let mut rest = all.into_iter();
        while let Some(left) = rest.next() {
            halved.push(match rest.next() {
                Some(right) => join(Box::new(left), Box::new(right)),
                None => left,
            });
        }
        all = halved;
    }
    all.pop().expect("there is at least one condition")
}

fn negation(parser: &mut Parser) -> Result<Box<Condition>, DynamoDbError> {
    if parser.take_keyword("NOT") {
        let inner = parser.deeper(negation)?;
        return Ok(Box::new(Condition::Not(inner)));
    }
    if parser.take("(") {
        let inner = parser.deeper(disjunction)?;
        parser.expect(")")?;
        return Ok(inner);
    }
    predicate(parser).map(Box::new)
}

fn predicate(parser: &mut Parser) -> Result<Condition, DynamoDbError> {
    if let Some(condition) = call(parser)? {
        return Ok(condition);
    }
    let left = operand(parser)?;
    if let Token::Symbol(symbol) = *parser.peek() {
        let symbol = if symbol == "!=" { "<>" } else { symbol };
        let comparator = Comparator::from_symbol(symbol).ok_or_else(|| parser.unexpected())?;
        parser.advance();
        let right = operand(parser)?;
        return Ok(Condition::Compare { comparator, left, right });
    }
    if parser.take_keyword("IS") {
        return is(parser, left);
    }
    let negated = parser.take_keyword("NOT");
    let condition = if parser.take_keyword("BETWEEN") {
        let low = operand(parser)?;
        parser.expect_keyword("AND")?;
        Condition::Between { operand: left, low, high: operand(parser)? }
    } else {
        parser.expect_keyword("IN")?;
        Condition::In { operand: left, candidates: candidates(parser)? }
    };
    Ok(if negated { Condition::Not(Box::new(condition)) } else { condition })
}

fn is(parser: &mut Parser, left: Operand) -> Result<Condition, DynamoDbError> {
    let Operand::Path(path) = left else { return Err(parser.unexpected()) };
    let negated = parser.take_keyword("NOT");
    let condition = if parser.take_keyword("MISSING") {
        Condition::AttributeNotExists(path)
    } else {
        parser.expect_keyword("NULL")?;
        Condition::AttributeType { path, type_name: "NULL".to_owned() }
    };
    Ok(if negated { Condition::Not(Box::new(condition)) } else { condition })
}

fn candidates(parser: &mut Parser) -> Result<Vec<Operand>, DynamoDbError> {
    let end = match parser.advance() {
        Token::Symbol("[") => "]",
        Token::Symbol("(") => ")",
        _ => return Err(ill_formed("Unexpected token")),
    };
    let values = value::entries(parser, end)?;
    if !(1..=IN_MAX).contains(&values.len()) {
        return Err(DynamoDbError::validation(format!(
            "The IN operator takes 1 to {IN_MAX} values, but there are {}",
            values.len()
        )));
    }
    Ok(values.into_iter().map(Operand::Value).collect())
}

/// A call that is a condition, if one begins here.
fn call(parser: &mut Parser) -> Result<Option<Condition>, DynamoDbError> {
    let (Token::Name(name), Token::Symbol("(")) = (parser.peek(), parser.peek_second()) else {
        return Ok(None);
    };
    let name = name.to_ascii_lowercase();
    if !["begins_with", "contains", "attribute_type"].contains(&name.as_str()) {
        return Ok(None);
    }
    parser.advance();
    parser.expect("(")?;
    let first = operand(parser)?;
    parser.expect(",")?;
    let second = operand(parser)?;
    parser.expect(")")?;
    match (name.as_str(), first, second) {
        ("begins_with", operand, prefix) => Ok(Some(Condition::BeginsWith { operand, prefix })),
        ("contains", operand, part) => Ok(Some(Condition::Contains { operand, part })),
        (_, Operand::Path(path), Operand::Value(AttributeValue::S(type_name)))
            if TYPE_NAMES.contains(&type_name.as_str()) =>
        {
            Ok(Some(Condition::AttributeType { path, type_name }))
        }
        _ => Err(DynamoDbError::validation(
            "Invalid operand of attribute_type: it takes a path and the name of a type",
        )),
    }
}

fn operand(parser: &mut Parser) -> Result<Operand, DynamoDbError> {
    if value::begins(parser) {
        return Ok(Operand::Value(value::read(parser)?));
    }
    let is_call = matches!(parser.peek_second(), Token::Symbol("("));
    if is_call && parser.take_keyword("size") {
        parser.expect("(")?;
        let path = parser.path()?;
        parser.expect(")")?;
        return Ok(Operand::Size(Box::new(Operand::Path(path))));
    }
    if is_call {
        return Err(parser.unexpected());
    }
    Ok(Operand::Path(parser.path()?))
}
