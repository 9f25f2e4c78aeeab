//! What an update makes of an item.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::super::attribute_value::{AttributeValue, Item};
use super::error::UpdateError;
use super::path::DocumentPath;
use super::update::{Action, SetOperand, SetValue, Update};

/// The item after the update. Right sides read the item as it was before.
pub(crate) fn apply(update: &Update, item: &Item) -> Result<Item, UpdateError> {
    let mut sets: Vec<(&DocumentPath, AttributeValue)> = Vec::new();
    let mut removes: Vec<&DocumentPath> = Vec::new();
    for action in &update.actions {
        match action {
            Action::Set(path, value) => sets.push((path, set_value(value, item)?)),
            Action::Remove(path) => removes.push(path),
            Action::Add(path, value) => sets.push((path, added(path.get(item), value)?)),
            Action::Delete(path, value) => match path.get(item) {
                None => {}
                Some(old) => match deleted(old, value)? {
                    Some(rest) => sets.push((path, rest)),
                    None => removes.push(path),
                },
            },
        }
    }
    let mut after = item.clone();
    // What is not there is not what SET puts there. This does nothing but find wrong paths.
    let (mut removes, absent): (Vec<&DocumentPath>, Vec<&DocumentPath>) =
        removes.into_iter().partition(|path| path.get(item).is_some());
    for path in absent {
        path.remove(&mut after)?;
    }
    // Values beyond a list's end append in the order of their indexes.
    sets.sort_by_key(|(path, _)| *path);
    for (path, value) in sets {
        path.set(&mut after, value)?;
    }
    // From the end of lists, so that indexes keep their meaning.
    removes.sort_by_key(|path| Reverse(*path));
    for path in removes {
        path.remove(&mut after)?;
    }
    Ok(after)
}

fn set_value(value: &SetValue, item: &Item) -> Result<AttributeValue, UpdateError> {
    let (left, right, plus) = match value {
        SetValue::Operand(operand) => return set_operand(operand, item),
        SetValue::Plus(left, right) => (left, right, true),
        SetValue::Minus(left, right) => (left, right, false),
    };
    match (set_operand(left, item)?, set_operand(right, item)?) {
        (AttributeValue::N(left), AttributeValue::N(right)) => Ok(AttributeValue::N(match plus {
            true => left.add(right)?,
            false => left.subtract(right)?,
        })),
        _ => Err(UpdateError::OperandType),
    }
}

fn set_operand(operand: &SetOperand, item: &Item) -> Result<AttributeValue, UpdateError> {
    match operand {
        SetOperand::Value(value) => Ok(value.clone()),
        SetOperand::Path(path) => path.get(item).cloned().ok_or(UpdateError::MissingAttribute),
        SetOperand::IfNotExists(path, otherwise) => match path.get(item) {
            Some(value) => Ok(value.clone()),
            None => set_operand(otherwise, item),
        },
        SetOperand::ListAppend(first, second) => {
            match (set_operand(first, item)?, set_operand(second, item)?) {
                (AttributeValue::L(mut list), AttributeValue::L(more)) => {
                    list.extend(more);
                    Ok(AttributeValue::L(list))
                }
                _ => Err(UpdateError::OperandType),
            }
        }
    }
}

fn added(
    old: Option<&AttributeValue>,
    value: &AttributeValue,
) -> Result<AttributeValue, UpdateError> {
    let Some(old) = old else {
        return Ok(value.clone());
    };
    Ok(match (old, value) {
        (AttributeValue::N(old), AttributeValue::N(value)) => AttributeValue::N(old.add(*value)?),
        (AttributeValue::SS(old), AttributeValue::SS(value)) => AttributeValue::SS(old | value),
        (AttributeValue::NS(old), AttributeValue::NS(value)) => AttributeValue::NS(old | value),
        (AttributeValue::BS(old), AttributeValue::BS(value)) => AttributeValue::BS(old | value),
        _ => return Err(UpdateError::OperandType),
    })
}

/// The set without some members; `None` when nothing is left, because sets can't be empty.
fn deleted(
    old: &AttributeValue,
    value: &AttributeValue,
) -> Result<Option<AttributeValue>, UpdateError> {
    fn rest<T: Ord + Clone>(
        old: &BTreeSet<T>,
        value: &BTreeSet<T>,
        set: fn(BTreeSet<T>) -> AttributeValue,
    ) -> Option<AttributeValue> {
        let rest = old - value;
        (!rest.is_empty()).then(|| set(rest))
    }
    Ok(match (old, value) {
        (AttributeValue::SS(old), AttributeValue::SS(value)) => {
            rest(old, value, AttributeValue::SS)
        }
        (AttributeValue::NS(old), AttributeValue::NS(value)) => {
            rest(old, value, AttributeValue::NS)
        }
        (AttributeValue::BS(old), AttributeValue::BS(value)) => {
            rest(old, value, AttributeValue::BS)
        }
        _ => return Err(UpdateError::OperandType),
    })
}
