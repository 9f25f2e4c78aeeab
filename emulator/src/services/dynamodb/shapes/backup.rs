//! What is told of backups.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::replica_description::SseDescription;
use super::table_definition::*;
use super::table_options::TimeToLiveDescription;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct BackupDescription {
    pub backup_details: Option<BackupDetails>,
    pub source_table_details: Option<SourceTableDetails>,
    pub source_table_feature_details: Option<SourceTableFeatureDetails>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct BackupDetails {
    pub backup_arn: Option<String>,
    pub backup_creation_date_time: Option<Timestamp>,
    pub backup_expiry_date_time: Option<Timestamp>,
    pub backup_name: Option<String>,
    pub backup_size_bytes: Option<i64>,
    pub backup_status: Option<String>,
    pub backup_type: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct BackupSummary {
    pub backup_arn: Option<String>,
    pub backup_creation_date_time: Option<Timestamp>,
    pub backup_expiry_date_time: Option<Timestamp>,
    pub backup_name: Option<String>,
    pub backup_size_bytes: Option<i64>,
    pub backup_status: Option<String>,
    pub backup_type: Option<String>,
    pub table_arn: Option<String>,
    pub table_id: Option<String>,
    pub table_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SourceTableDetails {
    pub billing_mode: Option<String>,
    pub item_count: Option<i64>,
    pub key_schema: Option<Vec<KeySchemaElement>>,
    pub on_demand_throughput: Option<OnDemandThroughput>,
    pub provisioned_throughput: Option<ProvisionedThroughput>,
    pub table_arn: Option<String>,
    pub table_creation_date_time: Option<Timestamp>,
    pub table_id: Option<String>,
    pub table_name: Option<String>,
    pub table_size_bytes: Option<i64>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SourceTableFeatureDetails {
    pub global_secondary_indexes: Option<Vec<GlobalSecondaryIndexInfo>>,
    pub local_secondary_indexes: Option<Vec<LocalSecondaryIndexInfo>>,
    #[serde(rename = "SSEDescription")]
    pub sse_description: Option<SseDescription>,
    pub stream_description: Option<StreamSpecification>,
    pub time_to_live_description: Option<TimeToLiveDescription>,
    pub vector_indexes: Option<Vec<VectorIndexInfo>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GlobalSecondaryIndexInfo {
    pub index_name: Option<String>,
    pub key_schema: Option<Vec<KeySchemaElement>>,
    pub on_demand_throughput: Option<OnDemandThroughput>,
    pub projection: Option<Projection>,
    pub provisioned_throughput: Option<ProvisionedThroughput>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct LocalSecondaryIndexInfo {
    pub index_name: Option<String>,
    pub key_schema: Option<Vec<KeySchemaElement>>,
    pub projection: Option<Projection>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct VectorIndexInfo {
    pub dimensions: Option<i64>,
    pub distance_function: Option<String>,
    pub index_name: Option<String>,
    pub projection: Option<Projection>,
    pub search_schema: Option<Vec<SearchSchemaElement>>,
    pub vector_attribute: Option<VectorAttributeDefinition>,
}
