//! Reading one item by its key.

use super::error::DynamoDbError;
use super::expression::Projection;
use super::item_write::missing;
use super::raw_value::{RawItem, check_item};
use super::shown_item::ShownItem;
use super::store::Table;

/// The item with the key `raw`, or its parts, and how many bytes were read for it.
///
/// # Errors
/// Validation of the key.
pub(super) fn read_item(
    table: &Table,
    raw: Option<RawItem>,
    projection: Option<&Projection>,
) -> Result<(Option<ShownItem>, usize), DynamoDbError> {
    let key = check_item(raw.ok_or_else(|| missing("key"))?)?;
    let key = table.schema.key_of_key(&key)?;
    let Some(stored) = table.get(&key) else {
        return Ok((None, 0));
    };
    let item = match projection {
        Some(projection) => projection.apply(&stored.item).into(),
        None => ShownItem::shared(stored),
    };
    Ok((Some(item), stored.size))
}
