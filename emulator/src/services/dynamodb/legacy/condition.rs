//! Expected, QueryFilter and ScanFilter as conditions.

use std::collections::BTreeMap;

use super::super::attribute_value::AttributeValue;
use super::super::error::DynamoDbError;
use super::super::expression::{Comparator, Condition, DocumentPath, Operand};
use super::super::raw_value::RawValue;
use super::super::shapes;

/// A ConditionalOperator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Operator {
    And,
    Or,
}

impl Operator {
    /// Reads it; `conditions` is how many it joins.
    ///
    /// # Errors
    /// Validation: it joins nothing.
    pub(in super::super) fn read(
        given: Option<&str>,
        conditions: Option<usize>,
    ) -> Result<Self, DynamoDbError> {
        match (given, conditions) {
            (None, _) => Ok(Self::And),
            (Some(_), None) => Err(DynamoDbError::validation(
                "ConditionalOperator cannot be used without Filter or Expected",
            )),
            (Some(_), Some(..2)) => Err(DynamoDbError::validation(
                "ConditionalOperator can only be used when Filter or Expected has two or more \
                 elements",
            )),
            (Some("OR"), _) => Ok(Self::Or),
            _ => Ok(Self::And),
        }
    }
}

/// Reads a filter.
///
/// # Errors
/// Validation of its conditions.
pub(in super::super) fn conditions(
    member: &str,
    given: Option<BTreeMap<String, shapes::Condition>>,
    operator: Operator,
) -> Result<Option<Condition>, DynamoDbError> {
    let mut all = Vec::new();
    for (name, given) in given.into_iter().flatten() {
        let comparison = given.comparison_operator.ok_or_else(|| {
            let member = format!("{member}.{name}.member.comparisonOperator");
            DynamoDbError::constraint(None, &member, "Member must not be null")
        })?;
        let values = checked(given.attribute_value_list.unwrap_or_default())?;
        all.push(compare(member, &name, &comparison, values)?);
    }
    Ok(joined(all, operator))
}

/// Reads Expected.
///
/// # Errors
/// Validation of its conditions.
pub(in super::super) fn expected(
    given: Option<BTreeMap<String, shapes::ExpectedAttributeValue>>,
    operator: Operator,
) -> Result<Option<Condition>, DynamoDbError> {
    let mut all = Vec::new();
    for (name, given) in given.into_iter().flatten() {
        all.push(expectation(&name, given)?);
    }
    Ok(joined(all, operator))
}

fn expectation(
    name: &str,
    given: shapes::ExpectedAttributeValue,
) -> Result<Condition, DynamoDbError> {
    let refuse = |what: &str| Err(DynamoDbError::invalid(format!("{what} for Attribute: {name}")));
    let (comparison_operator, exists, value) =
        (given.comparison_operator, given.exists, given.value);
    let attribute_value_list = given.attribute_value_list;
    if attribute_value_list.is_some() && comparison_operator.is_none() {
        return refuse("AttributeValueList can only be used with a ComparisonOperator");
    }
    if let Some(comparison) = comparison_operator {
        if exists.is_some() {
            return refuse("Exists and ComparisonOperator cannot be used together");
        }
        let values = match (value, attribute_value_list) {
            (Some(_), Some(_)) => {
                return refuse("Value and AttributeValueList cannot be used together");
            }
            (Some(value), None) => vec![value],
            (None, list) => {
                let takes_none = matches!(comparison.as_str(), "NULL" | "NOT_NULL");
                if list.is_none() && !takes_none {
                    return refuse(&format!(
                        "Value or AttributeValueList must be used with ComparisonOperator: \
                         {comparison}"
                    ));
                }
                list.unwrap_or_default()
            }
        };
        return compare("expected", name, &comparison, checked(values)?);
    }
    let path = DocumentPath::of(name);
    match (exists, value) {
        (Some(false), None) => Ok(Condition::AttributeNotExists(path)),
        (Some(false), Some(_)) => refuse("Value cannot be used when Exists is false"),
        (Some(true), None) => refuse("Value must be provided when Exists is true"),
        (None, None) => refuse("Value must be provided when Exists is null"),
        (_, Some(value)) => {
            let right = Operand::Value(AttributeValue::try_from(value)?);
            Ok(Condition::Compare {
                comparator: Comparator::Equal,
                left: Operand::Path(path),
                right,
            })
        }
    }
}

pub(super) fn checked(values: Vec<RawValue>) -> Result<Vec<AttributeValue>, DynamoDbError> {
    let values = values.into_iter().map(AttributeValue::try_from);
    Ok(values.collect::<Result<_, _>>()?)
}

const OPERATORS: [&str; 13] = [
    "IN",
    "NULL",
    "BETWEEN",
    "LT",
    "NOT_CONTAINS",
    "EQ",
    "GT",
    "NOT_NULL",
    "NE",
    "LE",
    "BEGINS_WITH",
    "GE",
    "CONTAINS",
];

/// Checks how many values there are, and of which types.
///
/// # Errors
/// Validation.
pub(super) fn check_operands(
    member: &str,
    name: &str,
    comparison: &str,
    values: &[AttributeValue],
) -> Result<(), DynamoDbError> {
    if !OPERATORS.contains(&comparison) {
        return Err(DynamoDbError::constraint(
            Some(comparison),
            &format!("{member}.{name}.member.comparisonOperator"),
            &format!("Member must satisfy enum value set: [{}]", OPERATORS.join(", ")),
        ));
    }
    let fits = match comparison {
        "NULL" | "NOT_NULL" => values.is_empty(),
        "BETWEEN" => values.len() == 2,
        "IN" => !values.is_empty(),
        _ => values.len() == 1,
    };
    if !fits {
        return Err(DynamoDbError::invalid(format!(
            "Invalid number of argument(s) for the {comparison} ComparisonOperator"
        )));
    }
    let types: &[&str] = match comparison {
        "EQ" | "NE" => return Ok(()),
        "BEGINS_WITH" => &["S", "B"],
        _ => &["S", "N", "B"],
    };
    if let Some(value) = values.iter().find(|value| !types.contains(&value.type_name())) {
        return Err(DynamoDbError::invalid(format!(
            "ComparisonOperator {comparison} is not valid for {} AttributeValue type",
            value.type_name()
        )));
    }
    let first = values.first().map(AttributeValue::type_name);
    if values.iter().any(|value| Some(value.type_name()) != first) {
        return Err(DynamoDbError::invalid(
            "AttributeValues inside AttributeValueList must be of same type",
        ));
    }
    if let ("BETWEEN", [low, high]) = (comparison, values)
        && low.compare(high).is_some_and(std::cmp::Ordering::is_gt)
    {
        return Err(DynamoDbError::invalid(
            "The BETWEEN condition was provided a range where the lower bound is greater than the \
             upper bound",
        ));
    }
    Ok(())
}

fn compare(
    member: &str,
    name: &str,
    comparison: &str,
    values: Vec<AttributeValue>,
) -> Result<Condition, DynamoDbError> {
    check_operands(member, name, comparison, &values)?;
    let path = || DocumentPath::of(name);
    let mut values = values.into_iter().map(Operand::Value);
    let mut next = || values.next().expect("the operands were counted");
    let left = Operand::Path(path());
    let compared = |comparator, left, right| Condition::Compare { comparator, left, right };
    Ok(match comparison {
        "NULL" => Condition::AttributeNotExists(path()),
        "NOT_NULL" => Condition::AttributeExists(path()),
        "EQ" => compared(Comparator::Equal, left, next()),
        "NE" => compared(Comparator::NotEqual, left, next()),
        "LT" => compared(Comparator::Less, left, next()),
        "LE" => compared(Comparator::LessOrEqual, left, next()),
        "GT" => compared(Comparator::Greater, left, next()),
        "GE" => compared(Comparator::GreaterOrEqual, left, next()),
        "BEGINS_WITH" => Condition::BeginsWith { operand: left, prefix: next() },
        "BETWEEN" => Condition::Between { operand: left, low: next(), high: next() },
        "IN" => Condition::In { operand: left, candidates: values.collect() },
        "CONTAINS" => Condition::Contains { operand: left, part: next() },
        // Unverified: what AWS says of an attribute that is not there.
        _ => Condition::And(
            Box::new(Condition::AttributeExists(path())),
            Box::new(Condition::Not(Box::new(Condition::Contains { operand: left, part: next() }))),
        ),
    })
}

/// All of them in one tree that is as flat as it can be.
fn joined(mut all: Vec<Condition>, operator: Operator) -> Option<Condition> {
    while all.len() > 1 {
        let mut halved = Vec::with_capacity(all.len().div_ceil(2));
        let mut rest = all.into_iter();
        while let Some(left) = rest.next() {
            halved.push(match rest.next() {
                None => left,
                Some(right) => match operator {
                    Operator::And => Condition::And(Box::new(left), Box::new(right)),
                    Operator::Or => Condition::Or(Box::new(left), Box::new(right)),
                },
            });
        }
        all = halved;
    }
    all.pop()
}
