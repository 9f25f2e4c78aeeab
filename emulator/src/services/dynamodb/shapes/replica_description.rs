//! Parts of a table's description that few tables have: replicas, restores, encryption; and those
//! that never appear here: archives, vectors, witnesses.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::table_definition::*;
use super::table_description::*;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ReplicaDescription {
    pub global_secondary_indexes: Option<Vec<ReplicaGlobalSecondaryIndexDescription>>,
    pub global_table_settings_replication_mode: Option<String>,
    #[serde(rename = "KMSMasterKeyId")]
    pub kms_master_key_id: Option<String>,
    pub on_demand_throughput_override: Option<OnDemandThroughputOverride>,
    pub provisioned_throughput_override: Option<ProvisionedThroughputOverride>,
    pub region_name: Option<String>,
    pub replica_arn: Option<String>,
    pub replica_inaccessible_date_time: Option<Timestamp>,
    pub replica_status: Option<String>,
    pub replica_status_description: Option<String>,
    pub replica_status_percent_progress: Option<String>,
    pub replica_table_class_summary: Option<TableClassSummary>,
    pub warm_throughput: Option<TableWarmThroughputDescription>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ReplicaGlobalSecondaryIndexDescription {
    pub index_name: Option<String>,
    pub on_demand_throughput_override: Option<OnDemandThroughputOverride>,
    pub provisioned_throughput_override: Option<ProvisionedThroughputOverride>,
    pub warm_throughput: Option<GlobalSecondaryIndexWarmThroughputDescription>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct OnDemandThroughputOverride {
    pub max_read_request_units: Option<i64>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ProvisionedThroughputOverride {
    pub read_capacity_units: Option<i64>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ArchivalSummary {
    pub archival_backup_arn: Option<String>,
    pub archival_date_time: Option<Timestamp>,
    pub archival_reason: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct GlobalTableWitnessDescription {
    pub region_name: Option<String>,
    pub witness_status: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct RestoreSummary {
    pub restore_date_time: Option<Timestamp>,
    pub restore_in_progress: Option<bool>,
    pub source_backup_arn: Option<String>,
    pub source_table_arn: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SseDescription {
    pub inaccessible_encryption_date_time: Option<Timestamp>,
    #[serde(rename = "KMSMasterKeyArn")]
    pub kms_master_key_arn: Option<String>,
    #[serde(rename = "SSEType")]
    pub sse_type: Option<String>,
    pub status: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct VectorIndexDescription {
    pub backfilling: Option<bool>,
    pub dimensions: Option<i64>,
    pub distance_function: Option<String>,
    pub index_arn: Option<String>,
    pub index_name: Option<String>,
    pub index_size_bytes: Option<i64>,
    pub index_status: Option<String>,
    pub item_count: Option<i64>,
    pub projection: Option<Projection>,
    pub search_schema: Option<Vec<SearchSchemaElement>>,
    pub vector_attribute: Option<VectorAttributeDefinition>,
}
