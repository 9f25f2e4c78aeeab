//! Statements that write, as the actions of a transaction; one alone is a transaction of one.

use super::super::error::DynamoDbError;
use super::super::expression::{Condition, DocumentPath};
use super::super::item_write::{Action, exists};
use super::super::store::Table;
use super::super::transaction::Planned;
use super::access::whole_key;
use super::statement::Statement;

/// The statement as an action on its table; `on_failure` is ReturnValuesOnConditionCheckFailure.
///
/// # Errors
/// Validation: it does not name a whole key.
pub(in super::super) fn planned(
    table: &Table,
    statement: Statement,
    on_failure: Option<String>,
) -> Result<Planned, DynamoDbError> {
    let name = table.name.clone();
    let and = |rest: Option<Condition>| match rest {
        None => exists(table),
        Some(rest) => Condition::And(Box::new(exists(table)), Box::new(rest)),
    };
    let partition = || DocumentPath::of(&table.schema.partition.name);
    match statement {
        Statement::Insert { item, .. } => {
            let absent = Condition::AttributeNotExists(partition());
            let target = (item, Action::Put(Default::default()));
            Ok(Planned::new(name, target, Some(absent), on_failure).inserting())
        }
        Statement::Update { update, filter, .. } => {
            let (key, rest) = whole_key(filter, &table.schema)?;
            // A statement that updates makes no item.
            let target = (key, Action::Update(Some(update)));
            Ok(Planned::new(name, target, Some(and(rest)), on_failure))
        }
        Statement::Delete { filter, .. } => {
            let (key, rest) = whole_key(filter, &table.schema)?;
            Ok(Planned::new(name, (key, Action::Delete), rest, on_failure))
        }
        Statement::Select(select) | Statement::Exists(select) => {
            let missing = || {
                DynamoDbError::validation(
                    "Where clause does not contain a mandatory equality on all key attributes",
                )
            };
            let (key, rest) = whole_key(select.filter.ok_or_else(missing)?, &table.schema)?;
            Ok(Planned::new(name, (key, Action::Check), Some(and(rest)), on_failure))
        }
    }
}
