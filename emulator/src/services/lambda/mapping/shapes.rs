//! The shapes of mappings, as in AWS's model.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::wire::Timestamp;

/// A mapping as it is told.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct EventSourceMappingConfiguration {
    pub amazon_managed_kafka_event_source_config: Option<ManagedKafkaConfig>,
    pub batch_size: Option<i32>,
    pub bisect_batch_on_function_error: Option<bool>,
    pub destination_config: Option<DestinationConfig>,
    #[serde(rename = "DocumentDBEventSourceConfig")]
    pub document_db_event_source_config: Option<DocumentDbConfig>,
    pub event_source_arn: Option<String>,
    pub event_source_mapping_arn: Option<String>,
    pub filter_criteria: Option<FilterCriteria>,
    pub filter_criteria_error: Option<FilterCriteriaError>,
    pub function_arn: Option<String>,
    pub function_response_types: Option<Vec<String>>,
    #[serde(rename = "KMSKeyArn")]
    pub kms_key_arn: Option<String>,
    pub last_modified: Option<Timestamp>,
    pub last_processing_result: Option<String>,
    pub logging_config: Option<MappingLoggingConfig>,
    pub maximum_batching_window_in_seconds: Option<i32>,
    pub maximum_record_age_in_seconds: Option<i32>,
    pub maximum_retry_attempts: Option<i32>,
    pub metrics_config: Option<MappingMetricsConfig>,
    pub parallelization_factor: Option<i32>,
    pub provisioned_poller_config: Option<ProvisionedPollerConfig>,
    pub queues: Option<Vec<String>>,
    pub scaling_config: Option<ScalingConfig>,
    pub self_managed_event_source: Option<SelfManagedEventSource>,
    pub self_managed_kafka_event_source_config: Option<SelfManagedKafkaConfig>,
    pub source_access_configurations: Option<Vec<SourceAccessConfiguration>>,
    pub starting_position: Option<String>,
    pub starting_position_timestamp: Option<Timestamp>,
    pub state: Option<String>,
    pub state_transition_reason: Option<String>,
    pub topics: Option<Vec<String>>,
    pub tumbling_window_in_seconds: Option<i32>,
    #[serde(rename = "UUID")]
    pub uuid: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ManagedKafkaConfig {
    pub consumer_group_id: Option<String>,
    pub schema_registry_config: Option<SchemaRegistryConfig>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SchemaRegistryConfig {
    pub access_configs: Option<Vec<SchemaRegistryAccessConfig>>,
    pub event_record_format: Option<String>,
    #[serde(rename = "SchemaRegistryURI")]
    pub schema_registry_uri: Option<String>,
    pub schema_validation_configs: Option<Vec<SchemaValidationConfig>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SchemaRegistryAccessConfig {
    #[serde(rename = "Type")]
    pub kind: Option<String>,
    #[serde(rename = "URI")]
    pub uri: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SchemaValidationConfig {
    pub attribute: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DestinationConfig {
    pub on_failure: Option<OnFailure>,
    pub on_success: Option<OnSuccess>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct OnFailure {
    pub destination: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct OnSuccess {
    pub destination: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DocumentDbConfig {
    pub collection_name: Option<String>,
    pub database_name: Option<String>,
    pub full_document: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct FilterCriteria {
    pub filters: Option<Vec<Filter>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Filter {
    pub pattern: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct FilterCriteriaError {
    pub error_code: Option<String>,
    pub message: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct MappingLoggingConfig {
    pub system_log_level: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct MappingMetricsConfig {
    pub metrics: Option<Vec<String>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ProvisionedPollerConfig {
    pub maximum_pollers: Option<i32>,
    pub minimum_pollers: Option<i32>,
    pub poller_group_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ScalingConfig {
    pub maximum_concurrency: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SelfManagedEventSource {
    pub endpoints: Option<BTreeMap<String, Vec<String>>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SelfManagedKafkaConfig {
    pub consumer_group_id: Option<String>,
    pub consumption_mode: Option<String>,
    pub schema_registry_config: Option<SchemaRegistryConfig>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SourceAccessConfiguration {
    #[serde(rename = "Type")]
    pub kind: Option<String>,
    #[serde(rename = "URI")]
    pub uri: Option<String>,
}
