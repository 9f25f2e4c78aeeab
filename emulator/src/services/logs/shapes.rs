//! Structures that several operations take or answer, or that are kept.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DataSourceFilter {
    pub name: Option<String>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Delivery {
    pub arn: Option<String>,
    pub delivery_destination_arn: Option<String>,
    pub delivery_destination_type: Option<String>,
    pub delivery_source_name: Option<String>,
    pub field_delimiter: Option<String>,
    pub id: Option<String>,
    pub record_fields: Option<Vec<String>>,
    pub s3_delivery_configuration: Option<S3DeliveryConfiguration>,
    pub tags: Option<BTreeMap<String, String>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DeliveryDestination {
    pub arn: Option<String>,
    pub delivery_destination_configuration: Option<DeliveryDestinationConfiguration>,
    pub delivery_destination_type: Option<String>,
    pub name: Option<String>,
    pub output_format: Option<String>,
    pub role_arn: Option<String>,
    pub tags: Option<BTreeMap<String, String>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DeliveryDestinationConfiguration {
    pub destination_resource_arn: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DeliverySource {
    pub arn: Option<String>,
    pub delivery_source_configuration: Option<BTreeMap<String, String>>,
    pub log_type: Option<String>,
    pub name: Option<String>,
    pub resource_arns: Option<Vec<String>>,
    pub service: Option<String>,
    pub status: Option<String>,
    pub status_reason: Option<String>,
    pub tags: Option<BTreeMap<String, String>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Destination {
    pub access_policy: Option<String>,
    pub arn: Option<String>,
    pub creation_time: Option<i64>,
    pub destination_name: Option<String>,
    pub role_arn: Option<String>,
    pub target_arn: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Entity {
    pub attributes: Option<BTreeMap<String, String>>,
    pub key_attributes: Option<BTreeMap<String, String>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ExportTask {
    pub destination: Option<String>,
    pub destination_prefix: Option<String>,
    pub execution_info: Option<ExportTaskExecutionInfo>,
    pub from: Option<i64>,
    pub log_group_name: Option<String>,
    pub status: Option<ExportTaskStatus>,
    pub task_id: Option<String>,
    pub task_name: Option<String>,
    pub to: Option<i64>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ExportTaskExecutionInfo {
    pub completion_time: Option<i64>,
    pub creation_time: Option<i64>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ExportTaskStatus {
    pub code: Option<String>,
    pub message: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FilteredLogEvent {
    pub event_id: Option<String>,
    pub ingestion_time: Option<i64>,
    pub log_stream_name: Option<String>,
    pub message: Option<String>,
    pub timestamp: Option<i64>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct InputLogEvent {
    pub message: Option<String>,
    pub timestamp: Option<i64>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LogGroup {
    pub arn: Option<String>,
    pub bearer_token_authentication_enabled: Option<bool>,
    pub creation_time: Option<i64>,
    pub data_protection_status: Option<String>,
    pub deletion_protection_enabled: Option<bool>,
    pub inherited_properties: Option<Vec<String>>,
    pub kms_key_id: Option<String>,
    pub log_group_arn: Option<String>,
    pub log_group_class: Option<String>,
    pub log_group_name: Option<String>,
    pub metric_filter_count: Option<i32>,
    pub retention_in_days: Option<i32>,
    pub retention_policy_name: Option<String>,
    pub stored_bytes: Option<i64>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LogGroupSummary {
    pub log_group_arn: Option<String>,
    pub log_group_class: Option<String>,
    pub log_group_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LogStream {
    pub arn: Option<String>,
    pub creation_time: Option<i64>,
    pub first_event_timestamp: Option<i64>,
    pub last_event_timestamp: Option<i64>,
    pub last_ingestion_time: Option<i64>,
    pub log_stream_name: Option<String>,
    pub stored_bytes: Option<i64>,
    pub upload_sequence_token: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MetricFilter {
    pub apply_on_transformed_logs: Option<bool>,
    pub creation_time: Option<i64>,
    pub emit_system_field_dimensions: Option<Vec<String>>,
    pub field_selection_criteria: Option<String>,
    pub filter_name: Option<String>,
    pub filter_pattern: Option<String>,
    pub log_group_name: Option<String>,
    pub metric_transformations: Option<Vec<MetricTransformation>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MetricFilterMatchRecord {
    pub event_message: Option<String>,
    pub event_number: Option<i64>,
    pub extracted_values: Option<BTreeMap<String, String>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MetricTransformation {
    pub default_value: Option<f64>,
    pub dimensions: Option<BTreeMap<String, String>>,
    pub metric_name: Option<String>,
    pub metric_namespace: Option<String>,
    pub metric_value: Option<String>,
    pub unit: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OutputLogEvent {
    pub ingestion_time: Option<i64>,
    pub message: Option<String>,
    pub timestamp: Option<i64>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Policy {
    pub delivery_destination_policy: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct QueryDefinition {
    pub last_modified: Option<i64>,
    pub log_group_names: Option<Vec<String>>,
    pub name: Option<String>,
    pub parameters: Option<Vec<QueryParameter>>,
    pub query_definition_id: Option<String>,
    pub query_language: Option<String>,
    pub query_string: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct QueryInfo {
    pub bytes_scanned: Option<f64>,
    pub create_time: Option<i64>,
    pub log_group_name: Option<String>,
    pub query_duration: Option<i64>,
    pub query_id: Option<String>,
    pub query_language: Option<String>,
    pub query_string: Option<String>,
    pub status: Option<String>,
    pub user_identity: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct QueryParameter {
    pub default_value: Option<String>,
    pub description: Option<String>,
    pub name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct QueryStatistics {
    pub bytes_scanned: Option<f64>,
    pub estimated_bytes_skipped: Option<f64>,
    pub estimated_records_skipped: Option<f64>,
    pub log_groups_scanned: Option<f64>,
    pub records_matched: Option<f64>,
    pub records_scanned: Option<f64>,
    pub result_count: Option<f64>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RejectedEntityInfo {
    pub error_type: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RejectedLogEventsInfo {
    pub expired_log_event_end_index: Option<i32>,
    pub too_new_log_event_start_index: Option<i32>,
    pub too_old_log_event_end_index: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ResourcePolicy {
    pub last_updated_time: Option<i64>,
    pub policy_document: Option<String>,
    pub policy_name: Option<String>,
    pub policy_scope: Option<String>,
    pub resource_arn: Option<String>,
    pub revision_id: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ResultField {
    pub field: Option<String>,
    pub value: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct S3DeliveryConfiguration {
    pub enable_hive_compatible_path: Option<bool>,
    pub suffix_path: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SearchedLogStream {
    pub log_stream_name: Option<String>,
    pub searched_completely: Option<bool>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SubscriptionFilter {
    pub apply_on_transformed_logs: Option<bool>,
    pub creation_time: Option<i64>,
    pub destination_arn: Option<String>,
    pub distribution: Option<String>,
    pub emit_system_fields: Option<Vec<String>>,
    pub field_selection_criteria: Option<String>,
    pub filter_name: Option<String>,
    pub filter_pattern: Option<String>,
    pub log_group_name: Option<String>,
    pub role_arn: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TagFilter {
    pub key: Option<String>,
    pub values: Option<Vec<String>>,
}
