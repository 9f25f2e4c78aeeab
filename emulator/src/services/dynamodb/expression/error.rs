//! What can be wrong with an expression, in AWS's words.

use std::fmt;

use super::super::number::NumberError;

/// Which parameter held the expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpressionKind {
    Condition,
    Filter,
    KeyCondition,
    Projection,
    Update,
}

impl fmt::Display for ExpressionKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Condition => "ConditionExpression",
            Self::Filter => "FilterExpression",
            Self::KeyCondition => "KeyConditionExpression",
            Self::Projection => "ProjectionExpression",
            Self::Update => "UpdateExpression",
        })
    }
}

/// A fault in an expression's text. Clients see it behind `Invalid <kind>: `.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExpressionError {
    #[error("The expression can not be empty;")]
    Empty,
    #[error("Expression size has exceeded the maximum allowed size; expression size: {size}")]
    TooLong { size: usize },
    #[error("The expression contains too many operators; operator count: 301")]
    TooManyOperators,
    #[error("Syntax error; token: \"{token}\", near: \"{near}\"")]
    Syntax { token: String, near: String },
    #[error("Attribute name is a reserved keyword; reserved keyword: {0}")]
    ReservedWord(String),
    #[error(
        "An expression attribute name used in the document path is not defined; attribute name: {0}"
    )]
    UndefinedName(String),
    #[error(
        "An expression attribute value used in expression is not defined; attribute value: {0}"
    )]
    UndefinedValue(String),
    #[error("List index is not within the allowable range; index: [{0}]")]
    ListIndex(String),
    #[error("The expression has redundant parentheses;")]
    RedundantParentheses,
    #[error("Invalid function name; function: {0}")]
    UnknownFunction(String),
    #[error("The function is not allowed in {place} expression; function: {function}")]
    FunctionNotAllowed { place: &'static str, function: String },
    #[error("The function is not allowed to be used this way in an expression; function: {0}")]
    FunctionMisplaced(String),
    #[error(
        "Incorrect number of operands for operator or function; operator or function: {function}, \
         number of operands: {count}"
    )]
    OperandCount { function: String, count: usize },
    #[error(
        "Incorrect operand type for operator or function; operator or function: {operator}, \
         operand type: {type_name}"
    )]
    OperandType { operator: String, type_name: &'static str },
    #[error(
        "Incorrect operand type for operator or function; operator: {operator}, operand type: \
         {type_name}, typeSet: ALLOWED_FOR_{operator}_OPERAND"
    )]
    ActionOperandType { operator: &'static str, type_name: &'static str },
    #[error("Operator or function requires a document path; operator or function: {0}")]
    PathRequired(String),
    #[error(
        "Invalid attribute type name found; type: {0}, valid types: \
         {{B,NULL,SS,BOOL,L,BS,N,NS,S,M}}"
    )]
    AttributeTypeName(String),
    #[error(
        "The first operand must be distinct from the remaining operands for this operator or \
         function; operator: {operator}, first operand: {operand}"
    )]
    SameOperand { operator: String, operand: String },
    #[error(
        "The BETWEEN operator requires upper bound to be greater than or equal to lower bound; \
         lower bound operand: AttributeValue: {low}, upper bound operand: AttributeValue: {high}"
    )]
    BetweenBounds { low: String, high: String },
    #[error(
        "The BETWEEN operator requires same data type for lower and upper bounds; lower bound \
         operand: AttributeValue: {low}, upper bound operand: AttributeValue: {high}"
    )]
    BetweenTypes { low: String, high: String },
    #[error("The \"{0}\" section can only be used once in an update expression;")]
    SectionTwice(&'static str),
    #[error(
        "Two document paths overlap with each other; must remove or rewrite one of these paths; \
         path one: {one}, path two: {two}"
    )]
    PathsOverlap { one: String, two: String },
    #[error(
        "Two document paths conflict with each other; must remove or rewrite one of these paths; \
         path one: {one}, path two: {two}"
    )]
    PathsConflict { one: String, two: String },
}

/// Why a well-formed update can't be done to the item at hand. Clients see the texts as they are.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UpdateError {
    #[error("The provided expression refers to an attribute that does not exist in the item")]
    MissingAttribute,
    #[error("The document path provided in the update expression is invalid for update")]
    InvalidPath,
    #[error("An operand in the update expression has an incorrect data type")]
    OperandType,
    #[error(transparent)]
    Number(#[from] NumberError),
}
