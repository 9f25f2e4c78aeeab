//! Expressions as they were read.

use regex::Regex;

use super::aggregate::Aggregate;
use super::duration::Period;
use super::function::Function;
use super::value::Value;

/// An expression.
#[derive(Clone, Debug)]
pub(super) enum Expression {
    Field(String),
    Literal(Value),
    Not(Box<Expression>),
    Negative(Box<Expression>),
    Binary(Operator, Box<Expression>, Box<Expression>),
    /// Whether a text holds another, or a match.
    Like(Box<Expression>, Wanted),
    In(Box<Expression>, Vec<Expression>),
    Call(Function, Vec<Expression>),
    /// A time rounded down, or up, to a period.
    Round {
        time: Box<Expression>,
        period: Period,
        up: bool,
    },
    /// What `stats` makes of its rows, by number.
    Aggregated(usize),
}

#[derive(Clone, Debug)]
pub(super) enum Wanted {
    Text(String),
    Match(Regex),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
}

/// An expression and the name of what it makes.
#[derive(Clone, Debug)]
pub(super) struct Named {
    pub(super) expression: Expression,
    pub(super) name: String,
}

/// An aggregate over the rows of a group.
#[derive(Clone, Debug)]
pub(super) struct Aggregation {
    pub(super) aggregate: Aggregate,
    /// Nothing for `count(*)`.
    pub(super) of: Option<Expression>,
}
