//! The grammar of UpdateExpression.

use super::super::attribute_value::AttributeValue;
use super::error::ExpressionError;
use super::function::{Term, parse_term};
use super::path::{check_apart, parse_path};
use super::placeholders::Placeholders;
use super::tokens::{Class, Tokens};
use super::update::{Action, SetOperand, SetValue, Update};

const SECTIONS: [&str; 4] = ["SET", "REMOVE", "ADD", "DELETE"];

/// Reads an update; checks sections, functions, the types of literals and that no paths overlap.
pub(crate) fn parse_update(
    source: &str,
    placeholders: &mut Placeholders,
) -> Result<Update, ExpressionError> {
    let mut tokens = Tokens::new(source)?;
    let mut actions = Vec::new();
    let mut seen: Vec<&'static str> = Vec::new();
    while tokens.class() != Class::End {
        let section = SECTIONS
            .into_iter()
            .find(|section| tokens.is_keyword(section))
            .ok_or_else(|| tokens.syntax_error())?;
        tokens.advance();
        if seen.contains(&section) {
            return Err(ExpressionError::SectionTwice(section));
        }
        seen.push(section);
        loop {
            actions.push(action(section, &mut tokens, placeholders)?);
            if !tokens.take(",") {
                break;
            }
        }
    }
    placeholders.check()?;
    check_apart(actions.iter().map(Action::path))?;
    Ok(Update { actions })
}

fn action(
    section: &'static str,
    tokens: &mut Tokens<'_>,
    placeholders: &mut Placeholders,
) -> Result<Action, ExpressionError> {
    tokens.count_operator()?;
    let path = parse_path(tokens, placeholders)?;
    match section {
        "SET" => {
            tokens.expect("=")?;
            Ok(Action::Set(path, set_value(tokens, placeholders)?))
        }
        "REMOVE" => Ok(Action::Remove(path)),
        _ => {
            if tokens.class() != Class::ValueReference {
                return Err(tokens.syntax_error());
            }
            let value = placeholders.value(tokens.advance())?;
            match (section, &value) {
                ("ADD", AttributeValue::N(_))
                | (_, AttributeValue::SS(_) | AttributeValue::NS(_) | AttributeValue::BS(_)) => {}
                _ => {
                    return Err(ExpressionError::ActionOperandType {
                        operator: section,
                        type_name: value.long_type_name(),
                    });
                }
            }
            Ok(match section {
                "ADD" => Action::Add(path, value),
                _ => Action::Delete(path, value),
            })
        }
    }
}

/// Reads the right side of SET: an operand, or a sum, all of which may stand in parentheses.
fn set_value(
    tokens: &mut Tokens<'_>,
    placeholders: &mut Placeholders,
) -> Result<SetValue, ExpressionError> {
    if tokens.is("(") && tokens.has_sum_in_parentheses() {
        tokens.count_operator()?;
        tokens.expect("(")?;
        let is_redundant = tokens.is("(") && tokens.has_sum_in_parentheses();
        let value = set_value(tokens, placeholders)?;
        tokens.expect(")")?;
        if is_redundant {
            return Err(ExpressionError::RedundantParentheses);
        }
        return Ok(value);
    }
    let left = set_operand(parse_term(tokens, placeholders)?)?;
    let plus = tokens.take("+");
    if !plus && !tokens.take("-") {
        return Ok(SetValue::Operand(left));
    }
    tokens.count_operator()?;
    let right = set_operand(parse_term(tokens, placeholders)?)?;
    let operator = if plus { "+" } else { "-" };
    literal_type(operator, &left, "N")?;
    literal_type(operator, &right, "N")?;
    Ok(match plus {
        true => SetValue::Plus(left, right),
        false => SetValue::Minus(left, right),
    })
}

fn set_operand(term: Term) -> Result<SetOperand, ExpressionError> {
    let (name, arguments) = match term {
        Term::Path(path) => return Ok(SetOperand::Path(path)),
        Term::Value(value) => return Ok(SetOperand::Value(value)),
        Term::Call { name, arguments } => (name, arguments),
    };
    match name.as_str() {
        "if_not_exists" | "list_append" => {}
        "attribute_exists"
        | "attribute_not_exists"
        | "attribute_type"
        | "begins_with"
        | "contains"
        | "size" => {
            return Err(ExpressionError::FunctionNotAllowed { place: "an update", function: name });
        }
        _ => return Err(ExpressionError::UnknownFunction(name)),
    }
    let count = arguments.len();
    let Ok([first, second]) = <[Term; 2]>::try_from(arguments) else {
        return Err(ExpressionError::OperandCount { function: name, count });
    };
    if name == "list_append" {
        let (first, second) = (set_operand(first)?, set_operand(second)?);
        literal_type(&name, &first, "L")?;
        literal_type(&name, &second, "L")?;
        return Ok(SetOperand::ListAppend(Box::new(first), Box::new(second)));
    }
    match first {
        Term::Path(path) => Ok(SetOperand::IfNotExists(path, Box::new(set_operand(second)?))),
        _ => Err(ExpressionError::PathRequired(name)),
    }
}

fn literal_type(
    operator: &str,
    operand: &SetOperand,
    type_name: &str,
) -> Result<(), ExpressionError> {
    match operand {
        SetOperand::Value(value) if value.type_name() != type_name => {
            Err(ExpressionError::OperandType {
                operator: operator.to_owned(),
                type_name: value.type_name(),
            })
        }
        _ => Ok(()),
    }
}
