//! Calls and other terms of an expression, before it is known whether they may stand there.

use super::super::attribute_value::AttributeValue;
use super::error::ExpressionError;
use super::path::{DocumentPath, parse_path};
use super::placeholders::Placeholders;
use super::tokens::{Class, Tokens};

/// A path, a literal or a call.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Term {
    Path(DocumentPath),
    Value(AttributeValue),
    Call { name: String, arguments: Vec<Term> },
}

/// Reads a term at the current token.
pub(super) fn parse_term(
    tokens: &mut Tokens<'_>,
    placeholders: &mut Placeholders,
) -> Result<Term, ExpressionError> {
    match tokens.class() {
        Class::Symbol if tokens.is("(") => parse_in_parentheses(tokens, placeholders),
        Class::ValueReference => Ok(Term::Value(placeholders.value(tokens.advance())?)),
        Class::Name if tokens.next_is("(") => {
            let name = tokens.advance().to_owned();
            tokens.count_operator()?;
            tokens.expect("(")?;
            let mut arguments = vec![parse_term(tokens, placeholders)?];
            while tokens.take(",") {
                arguments.push(parse_term(tokens, placeholders)?);
            }
            tokens.expect(")")?;
            Ok(Term::Call { name, arguments })
        }
        Class::Name if is_keyword(tokens) => Err(tokens.syntax_error()),
        Class::Name | Class::NameReference => Ok(Term::Path(parse_path(tokens, placeholders)?)),
        _ => Err(tokens.syntax_error()),
    }
}

/// Reads a term that stands in parentheses, at the opening one.
fn parse_in_parentheses(
    tokens: &mut Tokens<'_>,
    placeholders: &mut Placeholders,
) -> Result<Term, ExpressionError> {
    tokens.count_operator()?;
    tokens.expect("(")?;
    if tokens.is("(") {
        parse_in_parentheses(tokens, placeholders)?;
        tokens.expect(")")?;
        return Err(ExpressionError::RedundantParentheses);
    }
    let term = parse_term(tokens, placeholders)?;
    tokens.expect(")")?;
    Ok(term)
}

fn is_keyword(tokens: &Tokens<'_>) -> bool {
    ["AND", "OR", "NOT", "BETWEEN", "IN"].iter().any(|keyword| tokens.is_keyword(keyword))
}
