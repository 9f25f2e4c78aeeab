//! The tree of an UpdateExpression.

use super::super::attribute_value::AttributeValue;
use super::path::DocumentPath;
use super::projection::Projection;

/// The actions of an update; their paths do not overlap.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Update {
    pub(crate) actions: Vec<Action>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Action {
    Set(DocumentPath, SetValue),
    Remove(DocumentPath),
    Add(DocumentPath, AttributeValue),
    Delete(DocumentPath, AttributeValue),
}

/// The right side of a SET action.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum SetValue {
    Operand(SetOperand),
    Plus(SetOperand, SetOperand),
    Minus(SetOperand, SetOperand),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum SetOperand {
    Path(DocumentPath),
    Value(AttributeValue),
    IfNotExists(DocumentPath, Box<SetOperand>),
    ListAppend(Box<SetOperand>, Box<SetOperand>),
}

impl Action {
    pub(crate) fn path(&self) -> &DocumentPath {
        match self {
            Self::Set(path, _)
            | Self::Remove(path)
            | Self::Add(path, _)
            | Self::Delete(path, _) => path,
        }
    }
}

impl Update {
    /// The top-level attributes that the update writes.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = &str> {
        let paths = self.actions.iter().map(Action::path);
        paths.map(|path| path.attribute.as_str())
    }

    /// Picks what the update writes, for `UPDATED_OLD` and `UPDATED_NEW`.
    pub(crate) fn projection(&self) -> Projection {
        Projection::of(self.actions.iter().map(Action::path).cloned().collect())
    }
}
