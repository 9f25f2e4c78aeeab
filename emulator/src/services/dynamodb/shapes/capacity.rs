//! What an operation consumed, as it is told.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::super::attribute_value::Item;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ConsumedCapacity {
    pub capacity_units: Option<f64>,
    pub global_secondary_indexes: Option<BTreeMap<String, Capacity>>,
    pub local_secondary_indexes: Option<BTreeMap<String, Capacity>>,
    pub read_capacity_units: Option<f64>,
    pub table: Option<Capacity>,
    pub table_name: Option<String>,
    pub vector_indexes: Option<BTreeMap<String, VectorCapacity>>,
    pub write_capacity_units: Option<f64>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Capacity {
    pub capacity_units: Option<f64>,
    pub read_capacity_units: Option<f64>,
    pub write_capacity_units: Option<f64>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct VectorCapacity {
    pub vector_search_request_bytes: Option<f64>,
    pub vector_write_request_bytes: Option<f64>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ItemCollectionMetrics {
    pub item_collection_key: Option<Item>,
    #[serde(rename = "SizeEstimateRangeGB")]
    pub size_estimate_range_gb: Option<Vec<f64>>,
}
