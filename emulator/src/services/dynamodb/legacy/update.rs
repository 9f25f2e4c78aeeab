//! AttributeUpdates as an update.

use std::collections::BTreeMap;

use super::super::attribute_value::AttributeValue;
use super::super::error::DynamoDbError;
use super::super::expression::{DocumentPath, SetOperand, SetValue, Update, UpdateAction};
use super::super::shapes::AttributeValueUpdate;

/// Reads AttributeUpdates.
///
/// # Errors
/// Validation: an unknown action, or one that the type of its value does not have.
pub(in super::super) fn attribute_updates(
    given: Option<BTreeMap<String, AttributeValueUpdate>>,
) -> Result<Option<Update>, DynamoDbError> {
    let Some(given) = given else { return Ok(None) };
    let mut actions = Vec::new();
    for (name, update) in given {
        let word = update.action.as_deref().unwrap_or("PUT");
        if !["ADD", "PUT", "DELETE"].contains(&word) {
            return Err(DynamoDbError::constraint(
                Some(word),
                &format!("attributeUpdates.{name}.member.action"),
                "Member must satisfy enum value set: [ADD, PUT, DELETE]",
            ));
        }
        let path = DocumentPath::of(name);
        let value = update.value.map(AttributeValue::try_from).transpose()?;
        actions.push(match (word, value) {
            ("DELETE", None) => UpdateAction::Remove(path),
            (_, None) => {
                return Err(DynamoDbError::invalid(
                    "Only DELETE action is allowed when no attribute value is specified",
                ));
            }
            ("PUT", Some(value)) => {
                UpdateAction::Set(path, SetValue::Operand(SetOperand::Value(value)))
            }
            ("ADD", Some(value)) => match value {
                AttributeValue::N(_)
                | AttributeValue::SS(_)
                | AttributeValue::NS(_)
                | AttributeValue::BS(_) => UpdateAction::Add(path, value),
                other => {
                    return Err(DynamoDbError::invalid(format!(
                        "ADD action is not supported for the type {}",
                        other.type_name()
                    )));
                }
            },
            (_, Some(value)) => match value {
                AttributeValue::SS(_) | AttributeValue::NS(_) | AttributeValue::BS(_) => {
                    UpdateAction::Delete(path, value)
                }
                other => {
                    return Err(DynamoDbError::invalid(format!(
                        "DELETE action with value is not supported for the type {}",
                        other.type_name()
                    )));
                }
            },
        });
    }
    Ok(Some(Update { actions }))
}
