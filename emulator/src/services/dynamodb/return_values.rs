//! ReturnValues: which attributes a write answers with.

use super::attribute_value::Item;
use super::error::DynamoDbError;
use super::expression::Projection;
use super::item_write::Decided;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReturnValues {
    None,
    AllOld,
    UpdatedOld,
    AllNew,
    UpdatedNew,
}

impl ReturnValues {
    pub(super) fn parse(text: Option<&str>) -> Result<Self, DynamoDbError> {
        Ok(match text {
            None | Some("NONE") => Self::None,
            Some("ALL_OLD") => Self::AllOld,
            Some("UPDATED_OLD") => Self::UpdatedOld,
            Some("ALL_NEW") => Self::AllNew,
            Some("UPDATED_NEW") => Self::UpdatedNew,
            Some(other) => {
                return Err(DynamoDbError::constraint(
                    Some(other),
                    "returnValues",
                    "Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, \
                     UPDATED_NEW]",
                ));
            }
        })
    }

    /// The same for PutItem and DeleteItem, which have no new values to return.
    pub(super) fn parse_old(text: Option<&str>) -> Result<Self, DynamoDbError> {
        match Self::parse(text)? {
            values @ (Self::None | Self::AllOld) => Ok(values),
            _ => Err(DynamoDbError::validation("ReturnValues can only be ALL_OLD or NONE")),
        }
    }

    /// The attributes to answer with. `updated` picks what an update wrote.
    pub(super) fn attributes(self, done: &Decided, updated: Option<&Projection>) -> Option<Item> {
        let stored = match self {
            Self::None => None,
            Self::AllOld | Self::UpdatedOld => done.old.as_ref(),
            Self::AllNew | Self::UpdatedNew => done.new.as_ref(),
        };
        let item = &stored?.item;
        match (self, updated) {
            (Self::AllOld | Self::AllNew, _) => Some(item.clone()),
            (_, Some(updated)) => Some(updated.apply(item)).filter(|item| !item.is_empty()),
            (_, None) => None,
        }
    }
}
