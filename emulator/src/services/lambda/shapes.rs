//! Shapes that several operations have: a function's configuration and its parts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::wire::Blob;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
/// A version of a function as everybody sees it.
pub struct FunctionConfiguration {
    pub accelerator_config: Option<AcceleratorConfig>,
    pub architectures: Option<Vec<String>>,
    pub capacity_provider_config: Option<CapacityProviderConfig>,
    pub code_sha256: Option<String>,
    pub code_size: Option<i64>,
    pub config_sha256: Option<String>,
    pub dead_letter_config: Option<DeadLetterConfig>,
    pub description: Option<String>,
    pub durable_config: Option<DurableConfig>,
    pub environment: Option<EnvironmentResponse>,
    pub ephemeral_storage: Option<EphemeralStorage>,
    pub file_system_configs: Option<Vec<FileSystemConfig>>,
    pub function_arn: Option<String>,
    pub function_name: Option<String>,
    pub handler: Option<String>,
    pub image_config_response: Option<ImageConfigResponse>,
    #[serde(rename = "KMSKeyArn")]
    pub kms_key_arn: Option<String>,
    pub last_modified: Option<String>,
    pub last_update_status: Option<String>,
    pub last_update_status_reason: Option<String>,
    pub last_update_status_reason_code: Option<String>,
    pub layers: Option<Vec<Layer>>,
    pub logging_config: Option<LoggingConfig>,
    pub master_arn: Option<String>,
    pub memory_size: Option<i32>,
    pub package_type: Option<String>,
    pub revision_id: Option<String>,
    pub role: Option<String>,
    pub runtime: Option<String>,
    pub runtime_config: Option<FunctionRuntimeConfig>,
    pub runtime_version_config: Option<RuntimeVersionConfig>,
    pub signing_job_arn: Option<String>,
    pub signing_profile_version_arn: Option<String>,
    pub snap_start: Option<SnapStartResponse>,
    pub state: Option<String>,
    pub state_reason: Option<String>,
    pub state_reason_code: Option<String>,
    pub tenancy_config: Option<TenancyConfig>,
    pub timeout: Option<i32>,
    pub tracing_config: Option<TracingConfigResponse>,
    pub version: Option<String>,
    pub vpc_config: Option<VpcConfigResponse>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct FunctionCode {
    pub image_uri: Option<String>,
    pub s3_bucket: Option<String>,
    pub s3_key: Option<String>,
    pub s3_object_storage_mode: Option<String>,
    pub s3_object_version: Option<String>,
    #[serde(rename = "SourceKMSKeyArn")]
    pub source_kms_key_arn: Option<String>,
    pub zip_file: Option<Blob>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DeadLetterConfig {
    pub target_arn: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Environment {
    pub variables: Option<BTreeMap<String, String>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct EnvironmentResponse {
    pub error: Option<EnvironmentError>,
    pub variables: Option<BTreeMap<String, String>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct EnvironmentError {
    pub error_code: Option<String>,
    pub message: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct EphemeralStorage {
    pub size: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct FileSystemConfig {
    pub arn: Option<String>,
    pub local_mount_path: Option<String>,
    pub s3_files_config: Option<S3FilesConfig>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct S3FilesConfig {
    pub direct_s3_read: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ImageConfig {
    pub command: Option<Vec<String>>,
    pub entry_point: Option<Vec<String>>,
    pub working_directory: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ImageConfigResponse {
    pub error: Option<ImageConfigError>,
    pub image_config: Option<ImageConfig>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ImageConfigError {
    pub error_code: Option<String>,
    pub message: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Layer {
    pub arn: Option<String>,
    pub code_size: Option<i64>,
    pub signing_job_arn: Option<String>,
    pub signing_profile_version_arn: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct LoggingConfig {
    pub application_log_level: Option<String>,
    pub log_format: Option<String>,
    pub log_group: Option<String>,
    pub system_log_level: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct FunctionRuntimeConfig {
    pub runtime_alias: Option<String>,
    pub runtime_arn: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct RuntimeVersionConfig {
    pub error: Option<RuntimeVersionError>,
    pub runtime_version_arn: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct RuntimeVersionError {
    pub error_code: Option<String>,
    pub message: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SnapStart {
    pub apply_on: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SnapStartResponse {
    pub apply_on: Option<String>,
    pub optimization_status: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct TenancyConfig {
    pub tenant_isolation_mode: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct TracingConfig {
    pub mode: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct TracingConfigResponse {
    pub mode: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct VpcConfig {
    pub ipv6_allowed_for_dual_stack: Option<bool>,
    pub security_group_ids: Option<Vec<String>>,
    pub subnet_ids: Option<Vec<String>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct VpcConfigResponse {
    pub ipv6_allowed_for_dual_stack: Option<bool>,
    pub security_group_ids: Option<Vec<String>>,
    pub subnet_ids: Option<Vec<String>>,
    pub vpc_id: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DurableConfig {
    pub execution_timeout: Option<i32>,
    #[serde(rename = "KMSKeyArn")]
    pub kms_key_arn: Option<String>,
    pub retention_period_in_days: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AcceleratorConfig {
    pub accelerator_memory_size: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CapacityProviderConfig {
    pub lambda_managed_instances_capacity_provider_config:
        Option<LambdaManagedInstancesCapacityProviderConfig>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct LambdaManagedInstancesCapacityProviderConfig {
    pub capacity_provider_arn: Option<String>,
    #[serde(rename = "ExecutionEnvironmentMemoryGiBPerVCpu")]
    pub execution_environment_memory_gib_per_vcpu: Option<f64>,
    pub per_execution_environment_max_concurrency: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Cors {
    pub allow_credentials: Option<bool>,
    pub allow_headers: Option<Vec<String>>,
    pub allow_methods: Option<Vec<String>>,
    pub allow_origins: Option<Vec<String>>,
    pub expose_headers: Option<Vec<String>>,
    pub max_age: Option<i32>,
}
