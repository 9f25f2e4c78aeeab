//! Which items a WHERE is about: one of a whole key, a partition, or all.

use super::super::attribute_value::{AttributeValue, Item};
use super::super::error::DynamoDbError;
use super::super::expression::{
    Comparator, Condition, KeyCondition, KeyTests, Operand, SortCondition,
};
use super::super::key_value::KeyValue;
use super::super::store::{KeyAttribute, KeySchema};
use super::condition::joined;

/// A partition and what must hold of its items, or what must hold of all items.
pub(super) struct Access {
    pub(super) key: Option<KeyCondition>,
    pub(super) filter: Option<Condition>,
}

/// The conditions that must all hold.
fn conjuncts(condition: Condition, into: &mut Vec<Condition>) {
    match condition {
        Condition::And(left, right) => {
            conjuncts(*left, into);
            conjuncts(*right, into);
        }
        other => into.push(other),
    }
}

fn all_of(conditions: Vec<Condition>) -> Option<Condition> {
    (!conditions.is_empty()).then(|| joined(conditions, Condition::And))
}

/// How to read what `filter` asks for of a table or an index with this key.
///
/// # Errors
/// Validation: a key is compared with a value of another type.
pub(super) fn access(
    filter: Option<Condition>,
    schema: &KeySchema,
) -> Result<Access, DynamoDbError> {
    let mut all = Vec::new();
    if let Some(filter) = filter {
        conjuncts(filter, &mut all);
    }
    let is_named = |name: &str| all.iter().any(|it| equals(it, name).is_some());
    if !schema.partitions().all(|attribute| is_named(&attribute.name)) {
        return Ok(Access { key: None, filter: all_of(all) });
    }
    let mut tests = Vec::new();
    for KeyAttribute { name, .. } in schema.partitions() {
        let Some(at) = all.iter().position(|it| equals(it, name).is_some()) else { break };
        let on_partition = all.remove(at);
        tests.extend(test(&on_partition, name).map(|test| (name.clone(), test)));
    }
    for KeyAttribute { name, .. } in schema.sorts() {
        let Some(at) = all.iter().position(|it| test(it, name).is_some()) else { break };
        let on_sort = all.remove(at);
        let Some(test) = test(&on_sort, name) else { break };
        let is_last = !matches!(test, SortCondition::Equal(_));
        tests.push((name.clone(), test));
        if is_last {
            break;
        }
    }
    let key = KeyTests::of(tests).against(schema)?;
    Ok(Access { key: Some(key), filter: all_of(all) })
}

/// The whole key that `filter` names, and what else must hold.
///
/// # Errors
/// Validation: it does not name the whole key.
pub(super) fn whole_key(
    filter: Condition,
    schema: &KeySchema,
) -> Result<(Item, Option<Condition>), DynamoDbError> {
    let mut all = Vec::new();
    conjuncts(filter, &mut all);
    let mut key = Item::new();
    for attribute in schema.attributes() {
        let at = all.iter().position(|it| equals(it, &attribute.name).is_some());
        let at = at.ok_or_else(|| {
            DynamoDbError::validation(
                "Where clause does not contain a mandatory equality on all key attributes",
            )
        })?;
        let value = equals(&all[at], &attribute.name).cloned();
        all.remove(at);
        key.extend(value.map(|value| (attribute.name.clone(), value)));
    }
    Ok((key, all_of(all)))
}

/// The value to which the condition says that the attribute is equal.
fn equals<'c>(condition: &'c Condition, name: &str) -> Option<&'c AttributeValue> {
    match condition {
        Condition::Compare { comparator: Comparator::Equal, left, right } => match (left, right) {
            (Operand::Path(path), Operand::Value(value))
            | (Operand::Value(value), Operand::Path(path))
                if path.elements.is_empty() && path.attribute == name =>
            {
                Some(value)
            }
            _ => None,
        },
        _ => None,
    }
}

/// The condition as a test of a key attribute, if it is one.
fn test(condition: &Condition, name: &str) -> Option<SortCondition> {
    let is_key = |operand: &Operand| {
        let Operand::Path(path) = operand else { return false };
        path.elements.is_empty() && path.attribute == name
    };
    let value = |operand: &Operand| match operand {
        Operand::Value(value) => KeyValue::from_value(value),
        _ => None,
    };
    match condition {
        Condition::Compare { comparator, left, right } => {
            let (comparator, other) = match (is_key(left), is_key(right)) {
                (true, false) => (*comparator, right),
                (false, true) => (swapped(*comparator), left),
                _ => return None,
            };
            let value = value(other)?;
            Some(match comparator {
                Comparator::Equal => SortCondition::Equal(value),
                Comparator::Less => SortCondition::Less(value),
                Comparator::LessOrEqual => SortCondition::LessOrEqual(value),
                Comparator::Greater => SortCondition::Greater(value),
                Comparator::GreaterOrEqual => SortCondition::GreaterOrEqual(value),
                Comparator::NotEqual => return None,
            })
        }
        Condition::Between { operand, low, high } if is_key(operand) => {
            let (low, high) = (value(low)?, value(high)?);
            (low.key_type() == high.key_type()).then_some(SortCondition::Between(low, high))
        }
        Condition::BeginsWith { operand, prefix } if is_key(operand) => {
            value(prefix).map(SortCondition::BeginsWith)
        }
        _ => None,
    }
}

fn swapped(comparator: Comparator) -> Comparator {
    match comparator {
        Comparator::Less => Comparator::Greater,
        Comparator::LessOrEqual => Comparator::GreaterOrEqual,
        Comparator::Greater => Comparator::Less,
        Comparator::GreaterOrEqual => Comparator::LessOrEqual,
        other => other,
    }
}
