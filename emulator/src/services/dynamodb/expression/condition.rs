//! The tree of a condition, filter or key condition.

use std::fmt;

use super::super::attribute_value::AttributeValue;
use super::path::DocumentPath;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Condition {
    And(Box<Condition>, Box<Condition>),
    Or(Box<Condition>, Box<Condition>),
    Not(Box<Condition>),
    Compare { comparator: Comparator, left: Operand, right: Operand },
    Between { operand: Operand, low: Operand, high: Operand },
    In { operand: Operand, candidates: Vec<Operand> },
    AttributeExists(DocumentPath),
    AttributeNotExists(DocumentPath),
    AttributeType { path: DocumentPath, type_name: String },
    BeginsWith { operand: Operand, prefix: Operand },
    Contains { operand: Operand, part: Operand },
}

/// A value in a condition.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Operand {
    Path(DocumentPath),
    Value(AttributeValue),
    Size(Box<Operand>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparator {
    pub(crate) fn from_symbol(symbol: &str) -> Option<Self> {
        Some(match symbol {
            "=" => Self::Equal,
            "<>" => Self::NotEqual,
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterOrEqual,
            _ => return None,
        })
    }

    pub(super) fn symbol(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}

impl Condition {
    /// The top-level attributes that the condition reads.
    pub(crate) fn attributes(&self) -> Vec<&str> {
        let mut paths = Vec::new();
        self.collect(&mut paths);
        paths.iter().map(|path| path.attribute.as_str()).collect()
    }

    fn collect<'c>(&'c self, paths: &mut Vec<&'c DocumentPath>) {
        let mut add = |operands: &[&'c Operand]| {
            paths.extend(operands.iter().filter_map(|operand| operand.path()));
        };
        match self {
            Self::And(left, right) | Self::Or(left, right) => {
                left.collect(paths);
                right.collect(paths);
            }
            Self::Not(inner) => inner.collect(paths),
            Self::Compare { left, right, .. } => add(&[left, right]),
            Self::Between { operand, low, high } => add(&[operand, low, high]),
            Self::In { operand, candidates } => {
                add(&[operand]);
                candidates.iter().for_each(|candidate| add(&[candidate]));
            }
            Self::BeginsWith { operand, prefix } => add(&[operand, prefix]),
            Self::Contains { operand, part } => add(&[operand, part]),
            Self::AttributeExists(path)
            | Self::AttributeNotExists(path)
            | Self::AttributeType { path, .. } => paths.push(path),
        }
    }
}

impl Operand {
    fn path(&self) -> Option<&DocumentPath> {
        match self {
            Self::Path(path) => Some(path),
            Self::Size(inner) => inner.path(),
            Self::Value(_) => None,
        }
    }
}

/// A literal as AWS prints it in messages: `{S:text}`.
pub(super) struct Literal<'v>(pub(super) &'v AttributeValue);

impl fmt::Display for Literal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.0.type_name();
        match self.0 {
            AttributeValue::S(text) => write!(f, "{{{name}:{text}}}"),
            AttributeValue::N(number) => write!(f, "{{{name}:{number}}}"),
            AttributeValue::B(blob) => write!(f, "{{{name}:{}}}", blob.to_base64()),
            AttributeValue::Bool(bool) | AttributeValue::Null(bool) => {
                write!(f, "{{{name}:{bool}}}")
            }
            _ => write!(f, "{{{name}}}"),
        }
    }
}
