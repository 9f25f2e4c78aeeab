//! Whether a condition holds for an item.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::super::attribute_value::{AttributeValue, Item};
use super::super::number::Number;
use super::condition::{Comparator, Condition, Operand};

/// Whether `condition` holds for `item`; an item that is not there is an empty one.
pub(crate) fn holds(condition: &Condition, item: &Item) -> bool {
    match condition {
        Condition::And(left, right) => holds(left, item) && holds(right, item),
        Condition::Or(left, right) => holds(left, item) || holds(right, item),
        Condition::Not(inner) => !holds(inner, item),
        Condition::Compare { comparator, left, right } => {
            compare(*comparator, value(left, item), value(right, item))
        }
        Condition::Between { operand, low, high } => {
            let operand = value(operand, item);
            compare(Comparator::GreaterOrEqual, operand.clone(), value(low, item))
                && compare(Comparator::LessOrEqual, operand, value(high, item))
        }
        Condition::In { operand, candidates } => value(operand, item).is_some_and(|operand| {
            candidates.iter().any(|candidate| value(candidate, item).as_ref() == Some(&operand))
        }),
        Condition::AttributeExists(path) => path.get(item).is_some(),
        Condition::AttributeNotExists(path) => path.get(item).is_none(),
        Condition::AttributeType { path, type_name } => {
            path.get(item).is_some_and(|value| value.type_name() == type_name)
        }
        Condition::BeginsWith { operand, prefix } => {
            match (value(operand, item).as_deref(), value(prefix, item).as_deref()) {
                (Some(AttributeValue::S(text)), Some(AttributeValue::S(prefix))) => {
                    text.starts_with(prefix)
                }
                (Some(AttributeValue::B(blob)), Some(AttributeValue::B(prefix))) => {
                    blob.0.starts_with(&prefix.0)
                }
                _ => false,
            }
        }
        Condition::Contains { operand, part } => {
            match (value(operand, item).as_deref(), value(part, item).as_deref()) {
                (Some(operand), Some(part)) => contains(operand, part),
                _ => false,
            }
        }
    }
}

fn value<'v>(operand: &'v Operand, item: &'v Item) -> Option<Cow<'v, AttributeValue>> {
    match operand {
        Operand::Value(value) => Some(Cow::Borrowed(value)),
        Operand::Path(path) => path.get(item).map(Cow::Borrowed),
        Operand::Size(inner) => {
            let size = size(value(inner, item)?.as_ref())?;
            let size = u32::try_from(size).unwrap_or(u32::MAX);
            Some(Cow::Owned(AttributeValue::N(Number::from(size))))
        }
    }
}

type Side<'v> = Option<Cow<'v, AttributeValue>>;

fn compare(comparator: Comparator, left: Side<'_>, right: Side<'_>) -> bool {
    // A missing attribute equals nothing, so it differs from everything.
    let (Some(left), Some(right)) = (left, right) else {
        return comparator == Comparator::NotEqual;
    };
    let order = left.compare(&right);
    match comparator {
        Comparator::Equal => left == right,
        Comparator::NotEqual => left != right,
        Comparator::Less => order == Some(Ordering::Less),
        Comparator::LessOrEqual => order.is_some_and(Ordering::is_le),
        Comparator::Greater => order == Some(Ordering::Greater),
        Comparator::GreaterOrEqual => order.is_some_and(Ordering::is_ge),
    }
}

fn contains(operand: &AttributeValue, part: &AttributeValue) -> bool {
    match (operand, part) {
        (AttributeValue::S(text), AttributeValue::S(part)) => text.contains(part.as_str()),
        (AttributeValue::B(blob), AttributeValue::B(part)) => {
            part.0.is_empty() || blob.0.windows(part.0.len()).any(|window| window == part.0)
        }
        (AttributeValue::SS(set), AttributeValue::S(part)) => set.contains(part),
        (AttributeValue::NS(set), AttributeValue::N(part)) => set.contains(part),
        (AttributeValue::BS(set), AttributeValue::B(part)) => set.contains(part),
        (AttributeValue::L(list), part) => list.contains(part),
        _ => false,
    }
}

/// What `size()` gives: bytes, or members; `None` for types without one.
fn size(value: &AttributeValue) -> Option<usize> {
    Some(match value {
        // Unverified: for text beyond ASCII AWS may count something else than UTF-8 bytes.
        AttributeValue::S(text) => text.len(),
        AttributeValue::B(blob) => blob.0.len(),
        AttributeValue::SS(set) => set.len(),
        AttributeValue::NS(set) => set.len(),
        AttributeValue::BS(set) => set.len(),
        AttributeValue::M(map) => map.len(),
        AttributeValue::L(list) => list.len(),
        AttributeValue::N(_) | AttributeValue::Bool(_) | AttributeValue::Null(_) => return None,
    })
}
