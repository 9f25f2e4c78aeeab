//! The expression parameters of a request: which may come together, and what they stand for.

use std::collections::BTreeMap;

use super::attribute_value::AttributeValue;
use super::error::DynamoDbError;
use super::expression::{
    Condition, ExpressionKind, Placeholders, Projection, Update, parse_condition, parse_projection,
    parse_update,
};
use super::raw_value::{RawItem, ValueError, check_name};
use super::store::KeySchema;
use crate::wire::Gather as _;

/// Parameters of an operation that hold expressions, each with whether it was given.
pub(super) type Given = [(&'static str, bool)];

/// Checks names and values and makes them ready for the expressions.
pub(super) fn placeholders(
    names: Option<BTreeMap<String, String>>,
    values: Option<RawItem>,
    given: &Given,
) -> Result<Placeholders, DynamoDbError> {
    let without_expressions = given.iter().all(|(_, given)| !given);
    if let Some(names) = &names {
        if without_expressions {
            return Err(DynamoDbError::validation(
                "ExpressionAttributeNames can only be specified when using expressions",
            ));
        }
        check_keys("ExpressionAttributeNames", names.keys(), '#')?;
        for (key, name) in names {
            check_name(name).map_err(|fault| match fault {
                // Unverified: the text, by that of a value.
                ValueError::EmptyName => DynamoDbError::Validation(format!(
                    "ExpressionAttributeNames contains invalid value: {fault} for key {key}"
                )),
                fault => fault.into(),
            })?;
        }
    }
    if let Some(values) = &values {
        if without_expressions {
            return Err(no_expression_for_values(given));
        }
        check_keys("ExpressionAttributeValues", values.keys(), ':')?;
    }
    let values = values.unwrap_or_default().into_iter().map(|(key, raw)| {
        match AttributeValue::try_from(raw) {
            Ok(value) => Ok((key, value)),
            Err(fault @ (ValueError::TooDeep | ValueError::NameTooLong)) => Err(fault.into()),
            Err(fault) => Err(DynamoDbError::ExpressionValue { key, fault }),
        }
    });
    Ok(Placeholders::new(names.unwrap_or_default(), values.try_into_map()?))
}

/// Refuses names and values that no expression used.
pub(super) fn check_all_used(placeholders: &Placeholders) -> Result<(), DynamoDbError> {
    let refuse = |parameter: &str, keys: String| {
        Err(DynamoDbError::validation(format!(
            "Value provided in {parameter} unused in expressions: keys: {keys}"
        )))
    };
    if let Some(keys) = placeholders.unused_names() {
        return refuse("ExpressionAttributeNames", keys);
    }
    match placeholders.unused_values() {
        Some(keys) => refuse("ExpressionAttributeValues", keys),
        None => Ok(()),
    }
}

pub(super) fn condition(
    source: Option<&str>,
    placeholders: &mut Placeholders,
) -> Result<Option<Condition>, DynamoDbError> {
    let kind = ExpressionKind::Condition;
    let parse = |source| parse_condition(source, kind, placeholders);
    source.map(parse).transpose().map_err(DynamoDbError::expression(kind))
}

pub(super) fn filter(
    source: Option<&str>,
    placeholders: &mut Placeholders,
) -> Result<Option<Condition>, DynamoDbError> {
    let kind = ExpressionKind::Filter;
    let parse = |source| parse_condition(source, kind, placeholders);
    source.map(parse).transpose().map_err(DynamoDbError::expression(kind))
}

/// Query may not filter by the key that it reads by; `parameter` is what holds the filter.
pub(super) fn check_filter(
    parameter: &str,
    filter: Option<&Condition>,
    key: &KeySchema,
) -> Result<(), DynamoDbError> {
    match filter.and_then(|it| it.attributes().into_iter().find(|name| key.has(name))) {
        None => Ok(()),
        Some(name) => Err(DynamoDbError::validation(format!(
            "{parameter} can only contain non-primary key attributes: Primary key attribute: {name}"
        ))),
    }
}

pub(super) fn projection(
    source: Option<&str>,
    placeholders: &mut Placeholders,
) -> Result<Option<Projection>, DynamoDbError> {
    let parse = |source| parse_projection(source, placeholders);
    source.map(parse).transpose().map_err(DynamoDbError::expression(ExpressionKind::Projection))
}

/// The projection of a request that has no other expression.
pub(super) fn lone_projection(
    source: Option<&str>,
    names: Option<BTreeMap<String, String>>,
) -> Result<Option<Projection>, DynamoDbError> {
    let given = [("ProjectionExpression", source.is_some())];
    let mut placeholders = placeholders(names, None, &given)?;
    let projection = projection(source, &mut placeholders)?;
    check_all_used(&placeholders)?;
    Ok(projection)
}

pub(super) fn update(
    source: Option<&str>,
    placeholders: &mut Placeholders,
) -> Result<Option<Update>, DynamoDbError> {
    let parse = |source| parse_update(source, placeholders);
    source.map(parse).transpose().map_err(DynamoDbError::expression(ExpressionKind::Update))
}

fn check_keys<'k>(
    parameter: &str,
    keys: impl ExactSizeIterator<Item = &'k String>,
    mark: char,
) -> Result<(), DynamoDbError> {
    if keys.len() == 0 {
        return Err(DynamoDbError::validation(format!("{parameter} must not be empty")));
    }
    for key in keys {
        let name = key.strip_prefix(mark).unwrap_or_default();
        let fits = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        if name.is_empty() || !fits {
            return Err(DynamoDbError::validation(format!(
                "{parameter} contains invalid key: Syntax error; key: \"{key}\""
            )));
        }
    }
    Ok(())
}

fn no_expression_for_values(given: &Given) -> DynamoDbError {
    // Values stand in every expression but ProjectionExpression.
    let takers: Vec<&str> = given
        .iter()
        .map(|(name, _)| *name)
        .filter(|name| *name != "ProjectionExpression")
        .collect();
    let verb = if takers.len() == 1 { "is" } else { "are" };
    DynamoDbError::validation(format!(
        "ExpressionAttributeValues can only be specified when using expressions: {} {verb} null",
        takers.join(" and ")
    ))
}
