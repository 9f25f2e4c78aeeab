//! Contributor insights of tables and indexes: a state that is kept and told, without any insight.

use super::error::DynamoDbError;
use super::store::{IndexKind, Insights, Table};
use crate::kernel::Context;

/// The insights of the table, or of its index.
///
/// # Errors
/// `ResourceNotFoundException`: there is no such index.
pub(super) fn of<'t>(
    table: &'t Table,
    index: Option<&str>,
) -> Result<Option<&'t Insights>, DynamoDbError> {
    if let Some(name) = index
        && table.indexes.get(name).is_none_or(|index| index.kind != IndexKind::Global)
    {
        return Err(DynamoDbError::ResourceNotFound(format!(
            "Requested resource not found: Index: {name} not found for table: {}",
            table.name
        )));
    }
    Ok(table.options.insights.iter().find(|it| it.index.as_deref() == index))
}

/// # Errors
/// Validation of the length.
pub(super) fn check_index_name(name: Option<&str>) -> Result<(), DynamoDbError> {
    match name.map(|name| name.chars().count()) {
        None | Some(3..=255) => Ok(()),
        Some(_) => Err(DynamoDbError::validation(
            "IndexName must be at least 3 characters long and at most 255 characters long",
        )),
    }
}

/// AWS's word for the state of insights.
pub(super) fn status(ctx: &Context<'_>, insights: Option<&Insights>) -> String {
    let passing = insights.and_then(|it| it.passing.as_ref()).filter(|it| it.lasts(ctx));
    let enabled = insights.is_some_and(|it| it.enabled);
    let settled = if enabled { "ENABLED" } else { "DISABLED" };
    passing.map_or(settled, |it| &*it.status).to_owned()
}

/// The names of the rules in CloudWatch that AWS would make.
pub(super) fn rules(table: &Table, insights: &Insights) -> Vec<String> {
    let name = match &insights.index {
        Some(index) => format!("{}-{index}", table.name),
        None => table.name.clone(),
    };
    let kinds: &[&str] = match insights.mode.as_str() {
        "THROTTLED_KEYS" => &["PKT", "SKT"],
        _ => &["PKC", "PKT", "SKC", "SKT"],
    };
    let kinds = kinds.iter().filter(|kind| table.schema.sort.is_some() || kind.starts_with('P'));
    let created = table.created.millis();
    kinds.map(|kind| format!("DynamoDBContributorInsights-{kind}-{name}-{created}")).collect()
}
