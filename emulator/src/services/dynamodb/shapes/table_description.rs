//! What is told of a table.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::replica_description::*;
use super::table_definition::*;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct TableDescription {
    pub archival_summary: Option<ArchivalSummary>,
    pub attribute_definitions: Option<Vec<AttributeDefinition>>,
    pub billing_mode_summary: Option<BillingModeSummary>,
    pub creation_date_time: Option<Timestamp>,
    pub deletion_protection_enabled: Option<bool>,
    pub disassociation_protection_enabled: Option<bool>,
    pub global_secondary_indexes: Option<Vec<GlobalSecondaryIndexDescription>>,
    pub global_table_settings_replication_mode: Option<String>,
    pub global_table_version: Option<String>,
    pub global_table_witnesses: Option<Vec<GlobalTableWitnessDescription>>,
    pub item_count: Option<i64>,
    pub key_schema: Option<Vec<KeySchemaElement>>,
    pub latest_stream_arn: Option<String>,
    pub latest_stream_label: Option<String>,
    pub local_secondary_indexes: Option<Vec<LocalSecondaryIndexDescription>>,
    pub multi_region_consistency: Option<String>,
    pub on_demand_throughput: Option<OnDemandThroughput>,
    pub provisioned_throughput: Option<ProvisionedThroughputDescription>,
    pub replicas: Option<Vec<ReplicaDescription>>,
    pub restore_summary: Option<RestoreSummary>,
    #[serde(rename = "SSEDescription")]
    pub sse_description: Option<SseDescription>,
    pub stream_specification: Option<StreamSpecification>,
    pub table_arn: Option<String>,
    pub table_class_summary: Option<TableClassSummary>,
    pub table_id: Option<String>,
    pub table_name: Option<String>,
    pub table_size_bytes: Option<i64>,
    pub table_status: Option<String>,
    pub vector_indexes: Option<Vec<VectorIndexDescription>>,
    pub warm_throughput: Option<TableWarmThroughputDescription>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct BillingModeSummary {
    pub billing_mode: Option<String>,
    pub last_update_to_pay_per_request_date_time: Option<Timestamp>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ProvisionedThroughputDescription {
    pub last_decrease_date_time: Option<Timestamp>,
    pub last_increase_date_time: Option<Timestamp>,
    pub number_of_decreases_today: Option<i64>,
    pub read_capacity_units: Option<i64>,
    pub write_capacity_units: Option<i64>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GlobalSecondaryIndexDescription {
    pub backfilling: Option<bool>,
    pub index_arn: Option<String>,
    pub index_name: Option<String>,
    pub index_size_bytes: Option<i64>,
    pub index_status: Option<String>,
    pub item_count: Option<i64>,
    pub key_schema: Option<Vec<KeySchemaElement>>,
    pub on_demand_throughput: Option<OnDemandThroughput>,
    pub projection: Option<Projection>,
    pub provisioned_throughput: Option<ProvisionedThroughputDescription>,
    pub warm_throughput: Option<GlobalSecondaryIndexWarmThroughputDescription>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct LocalSecondaryIndexDescription {
    pub index_arn: Option<String>,
    pub index_name: Option<String>,
    pub index_size_bytes: Option<i64>,
    pub item_count: Option<i64>,
    pub key_schema: Option<Vec<KeySchemaElement>>,
    pub projection: Option<Projection>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct TableClassSummary {
    pub last_update_date_time: Option<Timestamp>,
    pub table_class: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GlobalSecondaryIndexWarmThroughputDescription {
    pub read_units_per_second: Option<i64>,
    pub status: Option<String>,
    pub write_units_per_second: Option<i64>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct TableWarmThroughputDescription {
    pub read_units_per_second: Option<i64>,
    pub status: Option<String>,
    pub write_units_per_second: Option<i64>,
}
