//! Reads a KeyConditionExpression as one partition and a range of sort keys.

use super::super::attribute_value::AttributeValue;
use super::super::key_value::{Element, KeyPart, KeyValue};
use super::super::store::KeySchema;
use super::condition::{Comparator, Condition, Operand};
use super::condition_parser::parse_condition;
use super::error::{ExpressionError, ExpressionKind};
use super::placeholders::Placeholders;

/// Attributes that a key has at most: four a side, of a global index.
pub(crate) const KEY_ATTRIBUTES_MAX: usize = 8;

/// The partition to read and what its sort keys must be.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct KeyCondition {
    pub(crate) partition: KeyPart,
    pub(crate) sort: Option<SortRange>,
}

/// What sort keys must be: the first attributes equal something, the next meets a condition.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SortRange {
    /// The sort key has several attributes.
    pub(crate) of_several: bool,
    pub(crate) equal: Vec<KeyValue>,
    pub(crate) last: SortCondition,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum SortCondition {
    Equal(KeyValue),
    Less(KeyValue),
    LessOrEqual(KeyValue),
    Greater(KeyValue),
    GreaterOrEqual(KeyValue),
    Between(KeyValue, KeyValue),
    BeginsWith(KeyValue),
}

/// Why a key condition can't be used. `Expression` goes behind `Invalid KeyConditionExpression: `.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyConditionError {
    #[error("Invalid KeyConditionExpression: {0}")]
    Expression(#[from] ExpressionError),
    #[error("Invalid operator used in KeyConditionExpression: {0}")]
    Operator(&'static str),
    #[error("KeyConditionExpressions cannot have conditions on nested attributes")]
    Nested,
    #[error("Query key condition not supported")]
    NotSupported,
    #[error("Query condition missed key schema element: {0}")]
    MissedElement(String),
    #[error("KeyConditionExpressions must only contain one condition per key")]
    SeveralPerKey,
    #[error("Conditions can be of length 1 or 2 only")]
    TooMany,
    #[error(
        "Invalid condition in KeyConditionExpression: Multiple attribute names used in one \
         condition"
    )]
    SeveralNames,
    #[error("Invalid condition in KeyConditionExpression: No key attribute specified")]
    NoName,
    #[error(
        "One or more parameter values were invalid: Condition parameter type does not match schema \
         type"
    )]
    TypeMismatch,
    #[error(
        "One or more parameter values are not valid. The AttributeValue for a key attribute cannot \
         contain an empty {0} value. Key: {1}"
    )]
    Empty(&'static str, String),
}

/// The tests of a key condition, before it is known what the key is.
#[derive(Debug)]
pub(crate) struct KeyTests(Vec<Single>);

/// Reads a KeyConditionExpression.
pub(crate) fn parse_key_condition(
    source: &str,
    placeholders: &mut Placeholders,
) -> Result<KeyTests, KeyConditionError> {
    let condition = parse_condition(source, ExpressionKind::KeyCondition, placeholders)?;
    let mut tests = Vec::new();
    flatten(condition, &mut tests)?;
    let is_repeated =
        |(at, single): (usize, &Single)| tests[..at].iter().any(|it| it.name == single.name);
    if tests.iter().enumerate().any(is_repeated) {
        return Err(KeyConditionError::SeveralPerKey);
    }
    if tests.len() > KEY_ATTRIBUTES_MAX {
        return Err(KeyConditionError::TooMany);
    }
    Ok(KeyTests(tests))
}

impl KeyTests {
    /// The tests of these attributes.
    pub(crate) fn of(tests: impl IntoIterator<Item = (String, SortCondition)>) -> Self {
        Self(tests.into_iter().map(|(name, test)| Single { name, test }).collect())
    }

    /// What they mean for the key of a table or an index.
    pub(crate) fn against(self, schema: &KeySchema) -> Result<KeyCondition, KeyConditionError> {
        if schema.is_plain() && self.0.len() > 2 {
            return Err(KeyConditionError::TooMany);
        }
        let mut tests = self.0;
        let mut partition = Vec::new();
        for attribute in schema.partitions() {
            let at = tests.iter().position(|single| single.name == attribute.name);
            let at = at.ok_or_else(|| KeyConditionError::MissedElement(attribute.name.clone()))?;
            let SortCondition::Equal(value) = tests.remove(at).test else {
                return Err(KeyConditionError::NotSupported);
            };
            if value.key_type() != attribute.key_type {
                return Err(KeyConditionError::TypeMismatch);
            }
            if let Some(what) = value.empty_type() {
                return Err(KeyConditionError::Empty(what, attribute.name.clone()));
            }
            partition.push(value);
        }
        let sort = sort_range(tests, schema)?;
        Ok(KeyCondition { partition: schema.partition_part(partition), sort })
    }
}

/// One attribute and its test.
#[derive(Debug)]
struct Single {
    name: String,
    test: SortCondition,
}

/// What the tests say of the sort key: equality of its first attributes, anything of the next.
///
/// Source: Developer Guide, "Multi-attribute keys": conditions go from left to right and leave none
/// out, and only the last may be another than equality.
fn sort_range(
    mut tests: Vec<Single>,
    schema: &KeySchema,
) -> Result<Option<SortRange>, KeyConditionError> {
    let (mut equal, mut last) = (Vec::new(), None);
    let mut missed = None;
    for attribute in schema.sorts() {
        let Some(at) = tests.iter().position(|single| single.name == attribute.name) else {
            missed = Some(attribute.name.clone());
            break;
        };
        let test = tests.remove(at).test;
        if test.value().key_type() != attribute.key_type {
            return Err(KeyConditionError::TypeMismatch);
        }
        match last.replace(test) {
            None => {}
            Some(SortCondition::Equal(value)) => equal.push(value),
            Some(_) => return Err(KeyConditionError::NotSupported),
        }
    }
    match (tests.is_empty(), missed) {
        (true, _) => {
            let of_several = !schema.sort_more.is_empty();
            Ok(last.map(|last| SortRange { of_several, equal, last }))
        }
        (false, Some(name)) => Err(KeyConditionError::MissedElement(name)),
        (false, None) => Err(KeyConditionError::NotSupported),
    }
}

impl SortRange {
    /// Whether a sort key meets the condition.
    pub(crate) fn allows(&self, key: &KeyPart) -> bool {
        match key {
            KeyPart::None => true,
            KeyPart::One(value) => self.last.allows(value),
            KeyPart::Several(elements) => {
                let mut values = elements.iter().filter_map(|element| match element {
                    Element::Value(value) => Some(value),
                    Element::End => None,
                });
                self.equal.iter().all(|wanted| values.next() == Some(wanted))
                    && values.next().is_some_and(|value| self.last.allows(value))
            }
        }
    }
}

impl SortCondition {
    /// Whether a sort key meets the condition.
    pub(crate) fn allows(&self, key: &KeyValue) -> bool {
        match self {
            Self::Equal(value) => key == value,
            Self::Less(value) => key < value,
            Self::LessOrEqual(value) => key <= value,
            Self::Greater(value) => key > value,
            Self::GreaterOrEqual(value) => key >= value,
            Self::Between(low, high) => key >= low && key <= high,
            Self::BeginsWith(prefix) => key.starts_with(prefix),
        }
    }

    fn value(&self) -> &KeyValue {
        match self {
            Self::Equal(value)
            | Self::Less(value)
            | Self::LessOrEqual(value)
            | Self::Greater(value)
            | Self::GreaterOrEqual(value)
            | Self::Between(value, _)
            | Self::BeginsWith(value) => value,
        }
    }
}

fn flatten(condition: Condition, into: &mut Vec<Single>) -> Result<(), KeyConditionError> {
    let refuse = |operator| Err(KeyConditionError::Operator(operator));
    match condition {
        Condition::And(left, right) => {
            flatten(*left, into)?;
            flatten(*right, into)
        }
        Condition::Compare { comparator, left, right } => {
            into.push(comparison(comparator, left, right)?);
            Ok(())
        }
        Condition::Between { operand, low, high } => {
            let (name, low) = attribute_and_value(operand, low)?;
            let test = SortCondition::Between(low, key_value(high)?);
            into.push(Single { name, test });
            Ok(())
        }
        Condition::BeginsWith { operand, prefix } => {
            let (name, prefix) = attribute_and_value(operand, prefix)?;
            let test = SortCondition::BeginsWith(prefix);
            into.push(Single { name, test });
            Ok(())
        }
        Condition::Or(..) => refuse("OR"),
        Condition::Not(_) => refuse("NOT"),
        Condition::In { .. } => refuse("IN"),
        Condition::AttributeExists(_) => refuse("attribute_exists"),
        Condition::AttributeNotExists(_) => refuse("attribute_not_exists"),
        Condition::AttributeType { .. } => refuse("attribute_type"),
        Condition::Contains { .. } => refuse("contains"),
    }
}

fn comparison(
    comparator: Comparator,
    left: Operand,
    right: Operand,
) -> Result<Single, KeyConditionError> {
    // `:value < name` reads as `name > :value`.
    let swapped = matches!((&left, &right), (Operand::Value(_), Operand::Path(_)));
    let (comparator, left, right) = match (swapped, comparator) {
        (false, comparator) => (comparator, left, right),
        (true, Comparator::Less) => (Comparator::Greater, right, left),
        (true, Comparator::LessOrEqual) => (Comparator::GreaterOrEqual, right, left),
        (true, Comparator::Greater) => (Comparator::Less, right, left),
        (true, Comparator::GreaterOrEqual) => (Comparator::LessOrEqual, right, left),
        (true, comparator) => (comparator, right, left),
    };
    let (name, value) = attribute_and_value(left, right)?;
    let test = match comparator {
        Comparator::Equal => SortCondition::Equal(value),
        Comparator::Less => SortCondition::Less(value),
        Comparator::LessOrEqual => SortCondition::LessOrEqual(value),
        Comparator::Greater => SortCondition::Greater(value),
        Comparator::GreaterOrEqual => SortCondition::GreaterOrEqual(value),
        Comparator::NotEqual => return Err(KeyConditionError::Operator("<>")),
    };
    Ok(Single { name, test })
}

fn attribute_and_value(
    operand: Operand,
    value: Operand,
) -> Result<(String, KeyValue), KeyConditionError> {
    match operand {
        Operand::Path(path) if path.elements.is_empty() => Ok((path.attribute, key_value(value)?)),
        Operand::Path(_) => Err(KeyConditionError::Nested),
        Operand::Size(_) => Err(KeyConditionError::Operator("size")),
        Operand::Value(_) => Err(KeyConditionError::NoName),
    }
}

fn key_value(operand: Operand) -> Result<KeyValue, KeyConditionError> {
    match operand {
        Operand::Value(value) => key_value_of(&value),
        Operand::Path(_) => Err(KeyConditionError::SeveralNames),
        Operand::Size(_) => Err(KeyConditionError::Operator("size")),
    }
}

fn key_value_of(value: &AttributeValue) -> Result<KeyValue, KeyConditionError> {
    KeyValue::from_value(value).ok_or(KeyConditionError::TypeMismatch)
}
