//! KeyConditions.

use std::collections::BTreeMap;

use super::super::error::DynamoDbError;
use super::super::expression::{KEY_ATTRIBUTES_MAX, KeyConditionError, KeyTests, SortCondition};
use super::super::key_value::KeyValue;
use super::super::shapes;
use super::condition::{check_operands, checked};

/// Reads KeyConditions.
///
/// # Errors
/// Validation of its conditions.
pub(in super::super) fn key_conditions(
    given: BTreeMap<String, shapes::Condition>,
) -> Result<KeyTests, DynamoDbError> {
    if !(1..=KEY_ATTRIBUTES_MAX).contains(&given.len()) {
        return Err(KeyConditionError::TooMany.into());
    }
    let mut tests = Vec::new();
    for (name, given) in given {
        let comparison = given.comparison_operator.ok_or_else(|| {
            let member = format!("keyConditions.{name}.member.comparisonOperator");
            DynamoDbError::constraint(None, &member, "Member must not be null")
        })?;
        let values = checked(given.attribute_value_list.unwrap_or_default())?;
        check_operands("keyConditions", &name, &comparison, &values)?;
        let values: Option<Vec<KeyValue>> = values.iter().map(KeyValue::from_value).collect();
        let mut values = values.ok_or(KeyConditionError::TypeMismatch)?.into_iter();
        let mut next = || values.next().ok_or(KeyConditionError::TypeMismatch);
        let test = match comparison.as_str() {
            "EQ" => SortCondition::Equal(next()?),
            "LT" => SortCondition::Less(next()?),
            "LE" => SortCondition::LessOrEqual(next()?),
            "GT" => SortCondition::Greater(next()?),
            "GE" => SortCondition::GreaterOrEqual(next()?),
            "BEGINS_WITH" => SortCondition::BeginsWith(next()?),
            "BETWEEN" => SortCondition::Between(next()?, next()?),
            _ => {
                return Err(DynamoDbError::validation(
                    "Attempted conditional constraint is not an indexable operation",
                ));
            }
        };
        tests.push((name, test));
    }
    Ok(KeyTests::of(tests))
}
