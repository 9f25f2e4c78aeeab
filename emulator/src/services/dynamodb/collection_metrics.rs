//! ReturnItemCollectionMetrics: the size of what one partition holds in table and local indexes.

use super::attribute_value::Item;
use super::error::DynamoDbError;
use super::shapes::ItemCollectionMetrics;
use super::store::{IndexKind, Table};

/// Whether the parameter asks for metrics.
pub(super) fn wanted(text: Option<&str>) -> Result<bool, DynamoDbError> {
    match text {
        None | Some("NONE") => Ok(false),
        Some("SIZE") => Ok(true),
        Some(other) => Err(DynamoDbError::constraint(
            Some(other),
            "returnItemCollectionMetrics",
            "Member must satisfy enum value set: [SIZE, NONE]",
        )),
    }
}

/// The metrics of the item's collection. A table without local indexes has no collections.
pub(super) fn measure(table: &Table, item: &Item) -> Option<ItemCollectionMetrics> {
    let has_local = table.indexes.values().any(|index| index.kind == IndexKind::Local);
    let partition = &table.schema.partition.name;
    let value = item.get(partition).filter(|_| has_local)?;
    // Differs from AWS: the estimate is always the lowest range, because collections are small.
    Some(ItemCollectionMetrics {
        item_collection_key: Some(Item::from([(partition.clone(), value.clone())])),
        size_estimate_range_gb: Some(vec![0.0, 1.0]),
    })
}
