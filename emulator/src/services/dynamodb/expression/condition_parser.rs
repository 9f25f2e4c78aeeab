//! The grammar of ConditionExpression, FilterExpression and KeyConditionExpression.

use std::cmp::Ordering;

use super::super::attribute_value::AttributeValue;
use super::condition::{Comparator, Condition, Literal, Operand};
use super::error::{ExpressionError, ExpressionKind};
use super::function::{Term, parse_term};
use super::path::DocumentPath;
use super::placeholders::Placeholders;
use super::tokens::{Class, Tokens};

/// Candidates that IN takes.
const IN_MAX: usize = 100;
const TYPE_NAMES: [&str; 10] = ["B", "NULL", "SS", "BOOL", "L", "BS", "N", "NS", "S", "M"];

/// Reads a condition; checks functions, operand counts and the types of literals.
pub(crate) fn parse_condition(
    source: &str,
    kind: ExpressionKind,
    placeholders: &mut Placeholders,
) -> Result<Condition, ExpressionError> {
    let mut parser = Parser {
        tokens: Tokens::new(source)?,
        place: match kind {
            ExpressionKind::Filter => "a filter",
            ExpressionKind::KeyCondition => "a key condition",
            _ => "a condition",
        },
        placeholders,
        in_parentheses: false,
    };
    let condition = parser.disjunction()?;
    parser.tokens.expect_end()?;
    placeholders.check()?;
    Ok(*condition)
}

fn or(left: Box<Condition>, right: Box<Condition>) -> Box<Condition> {
    Box::new(Condition::Or(left, right))
}

fn and(left: Box<Condition>, right: Box<Condition>) -> Box<Condition> {
    Box::new(Condition::And(left, right))
}

fn not(inner: Box<Condition>) -> Box<Condition> {
    Box::new(Condition::Not(inner))
}

struct Parser<'a, 'p> {
    tokens: Tokens<'a>,
    placeholders: &'p mut Placeholders,
    place: &'static str,
    /// Whether what was read last is all within one pair of parentheses.
    in_parentheses: bool,
}

impl Parser<'_, '_> {
    // What calls itself hands boxes on: with whole conditions in them, 300 frames of a debug build
    // are more than a thread's stack.
    fn disjunction(&mut self) -> Result<Box<Condition>, ExpressionError> {
        let mut left = self.conjunction()?;
        while self.tokens.take_keyword("OR") {
            self.tokens.count_operator()?;
            left = or(left, self.conjunction()?);
            self.in_parentheses = false;
        }
        Ok(left)
    }

    fn conjunction(&mut self) -> Result<Box<Condition>, ExpressionError> {
        let mut left = self.negation()?;
        while self.tokens.take_keyword("AND") {
            self.tokens.count_operator()?;
            left = and(left, self.negation()?);
            self.in_parentheses = false;
        }
        Ok(left)
    }

    fn negation(&mut self) -> Result<Box<Condition>, ExpressionError> {
        if self.tokens.take_keyword("NOT") {
            self.tokens.count_operator()?;
            let inner = self.negation()?;
            self.in_parentheses = false;
            return Ok(not(inner));
        }
        if self.tokens.is("(") && !self.is_operand_in_parentheses() {
            self.tokens.advance();
            self.tokens.count_operator()?;
            let inner = self.disjunction()?;
            self.tokens.expect(")")?;
            if self.in_parentheses {
                return Err(ExpressionError::RedundantParentheses);
            }
            self.in_parentheses = true;
            return Ok(inner);
        }
        self.in_parentheses = false;
        self.boxed_predicate()
    }

    /// Whether the parentheses that begin here hold an operand, since it is compared after them.
    fn is_operand_in_parentheses(&self) -> bool {
        let (class, text) = self.tokens.after_parentheses();
        match class {
            Class::Symbol => Comparator::from_symbol(text).is_some(),
            Class::Name => {
                ["BETWEEN", "IN"].iter().any(|keyword| text.eq_ignore_ascii_case(keyword))
            }
            _ => false,
        }
    }

    fn boxed_predicate(&mut self) -> Result<Box<Condition>, ExpressionError> {
        self.predicate().map(Box::new)
    }

    fn predicate(&mut self) -> Result<Condition, ExpressionError> {
        let term = parse_term(&mut self.tokens, self.placeholders)?;
        if self.tokens.class() == Class::Symbol
            && let Some(comparator) = Comparator::from_symbol(self.tokens.text())
        {
            self.tokens.count_operator()?;
            self.tokens.advance();
            let right = parse_term(&mut self.tokens, self.placeholders)?;
            return self.comparison(comparator, term, right);
        }
        if self.tokens.take_keyword("BETWEEN") {
            self.tokens.count_operator()?;
            return self.between(term);
        }
        if self.tokens.take_keyword("IN") {
            self.tokens.count_operator()?;
            return self.membership(term);
        }
        match term {
            Term::Call { name, arguments } => self.call(name, arguments),
            _ => Err(self.tokens.syntax_error()),
        }
    }

    fn comparison(
        &self,
        comparator: Comparator,
        left: Term,
        right: Term,
    ) -> Result<Condition, ExpressionError> {
        let (left, right) = (self.operand(left)?, self.operand(right)?);
        let operator = comparator.symbol();
        distinct(operator, &left, &right)?;
        if !matches!(comparator, Comparator::Equal | Comparator::NotEqual) {
            ordered(operator, &left)?;
            ordered(operator, &right)?;
        }
        Ok(Condition::Compare { comparator, left, right })
    }

    fn between(&mut self, term: Term) -> Result<Condition, ExpressionError> {
        let low = parse_term(&mut self.tokens, self.placeholders)?;
        if !self.tokens.take_keyword("AND") {
            return Err(self.tokens.syntax_error());
        }
        let high = parse_term(&mut self.tokens, self.placeholders)?;
        let operand = self.operand(term)?;
        let (low, high) = (self.operand(low)?, self.operand(high)?);
        for operand in [&operand, &low, &high] {
            ordered("BETWEEN", operand)?;
        }
        if let (Operand::Value(from), Operand::Value(to)) = (&low, &high) {
            let (low, high) = (Literal(from).to_string(), Literal(to).to_string());
            match from.compare(to) {
                None => return Err(ExpressionError::BetweenTypes { low, high }),
                Some(Ordering::Greater) => {
                    return Err(ExpressionError::BetweenBounds { low, high });
                }
                Some(_) => {}
            }
        }
        Ok(Condition::Between { operand, low, high })
    }

    fn membership(&mut self, term: Term) -> Result<Condition, ExpressionError> {
        self.tokens.expect("(")?;
        let mut candidates = Vec::new();
        loop {
            let candidate = parse_term(&mut self.tokens, self.placeholders)?;
            candidates.push(self.operand(candidate)?);
            if !self.tokens.take(",") {
                break;
            }
        }
        self.tokens.expect(")")?;
        if candidates.len() > IN_MAX {
            return Err(ExpressionError::OperandCount {
                function: "IN".to_owned(),
                count: candidates.len() + 1,
            });
        }
        Ok(Condition::In { operand: self.operand(term)?, candidates })
    }

    fn call(&self, name: String, arguments: Vec<Term>) -> Result<Condition, ExpressionError> {
        let expected = match name.as_str() {
            "attribute_exists" | "attribute_not_exists" => 1,
            "attribute_type" | "begins_with" | "contains" => 2,
            _ => return Err(self.not_a_condition(name)),
        };
        if arguments.len() != expected {
            return Err(ExpressionError::OperandCount { function: name, count: arguments.len() });
        }
        let mut arguments = arguments.into_iter();
        let mut next = || arguments.next().expect("the arguments were counted");
        match name.as_str() {
            "attribute_exists" => Ok(Condition::AttributeExists(path(&name, next())?)),
            "attribute_not_exists" => Ok(Condition::AttributeNotExists(path(&name, next())?)),
            "attribute_type" => Ok(Condition::AttributeType {
                path: path(&name, next())?,
                type_name: type_name(next())?,
            }),
            "begins_with" => {
                let (operand, prefix) = (self.operand(next())?, self.operand(next())?);
                distinct(&name, &operand, &prefix)?;
                literal_type(&name, &operand, &["S", "B"])?;
                literal_type(&name, &prefix, &["S", "B"])?;
                Ok(Condition::BeginsWith { operand, prefix })
            }
            _ => {
                let (operand, part) = (self.operand(next())?, self.operand(next())?);
                distinct(&name, &operand, &part)?;
                literal_type(&name, &operand, &["S", "B", "SS", "NS", "BS", "L"])?;
                Ok(Condition::Contains { operand, part })
            }
        }
    }

    fn operand(&self, term: Term) -> Result<Operand, ExpressionError> {
        match term {
            Term::Path(path) => Ok(Operand::Path(path)),
            Term::Value(value) => Ok(Operand::Value(value)),
            Term::Call { name, arguments } if name == "size" => {
                let count = arguments.len();
                let mut arguments = arguments.into_iter();
                match (arguments.next(), count) {
                    (Some(argument), 1) => {
                        let inner = self.operand(argument)?;
                        let sized = ["S", "B", "SS", "NS", "BS", "L", "M"];
                        literal_type(&name, &inner, &sized)?;
                        Ok(Operand::Size(Box::new(inner)))
                    }
                    _ => Err(ExpressionError::OperandCount { function: name, count }),
                }
            }
            Term::Call { name, .. } => match name.as_str() {
                "attribute_exists"
                | "attribute_not_exists"
                | "attribute_type"
                | "begins_with"
                | "contains" => Err(ExpressionError::FunctionMisplaced(name)),
                _ => Err(self.not_a_condition(name)),
            },
        }
    }

    fn not_a_condition(&self, function: String) -> ExpressionError {
        match function.as_str() {
            "size" => ExpressionError::FunctionMisplaced(function),
            "if_not_exists" | "list_append" => {
                ExpressionError::FunctionNotAllowed { place: self.place, function }
            }
            _ => ExpressionError::UnknownFunction(function),
        }
    }
}

fn path(function: &str, term: Term) -> Result<DocumentPath, ExpressionError> {
    match term {
        Term::Path(path) => Ok(path),
        _ => Err(ExpressionError::PathRequired(function.to_owned())),
    }
}

fn type_name(term: Term) -> Result<String, ExpressionError> {
    let type_name = match &term {
        Term::Value(AttributeValue::S(name)) if TYPE_NAMES.contains(&name.as_str()) => {
            return Ok(name.clone());
        }
        Term::Value(AttributeValue::S(name)) => {
            return Err(ExpressionError::AttributeTypeName(name.clone()));
        }
        Term::Value(value) => value.type_name(),
        _ => "M",
    };
    Err(ExpressionError::OperandType { operator: "attribute_type".to_owned(), type_name })
}

fn distinct(operator: &str, first: &Operand, other: &Operand) -> Result<(), ExpressionError> {
    match (first, other) {
        (Operand::Path(one), Operand::Path(two)) if one == two => {
            Err(ExpressionError::SameOperand {
                operator: operator.to_owned(),
                operand: one.to_string(),
            })
        }
        _ => Ok(()),
    }
}

fn ordered(operator: &str, operand: &Operand) -> Result<(), ExpressionError> {
    literal_type(operator, operand, &["S", "N", "B"])
}

fn literal_type(operator: &str, operand: &Operand, types: &[&str]) -> Result<(), ExpressionError> {
    match operand {
        Operand::Value(value) if !types.contains(&value.type_name()) => {
            Err(ExpressionError::OperandType {
                operator: operator.to_owned(),
                type_name: value.type_name(),
            })
        }
        _ => Ok(()),
    }
}
