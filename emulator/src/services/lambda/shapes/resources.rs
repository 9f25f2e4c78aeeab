//! What hangs on a function, and layers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::wire::{Blob, Timestamp};

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

/// An alias as everybody sees it.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AliasConfiguration {
    pub alias_arn: Option<String>,
    pub description: Option<String>,
    pub function_version: Option<String>,
    pub name: Option<String>,
    pub revision_id: Option<String>,
    pub routing_config: Option<AliasRoutingConfiguration>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AliasRoutingConfiguration {
    pub additional_version_weights: Option<BTreeMap<String, f64>>,
}

/// How events are invoked that nobody waits for.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct FunctionEventInvokeConfig {
    pub destination_config: Option<DestinationConfig>,
    pub function_arn: Option<String>,
    pub last_modified: Option<Timestamp>,
    pub maximum_event_age_in_seconds: Option<i32>,
    pub maximum_retry_attempts: Option<i32>,
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
pub struct OnSuccess {
    pub destination: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct OnFailure {
    pub destination: Option<String>,
}

/// An address at which a function is called.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct FunctionUrlConfig {
    pub auth_type: Option<String>,
    pub cors: Option<Cors>,
    pub creation_time: Option<String>,
    pub function_arn: Option<String>,
    pub function_url: Option<String>,
    pub invoke_mode: Option<String>,
    pub last_modified_time: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct LayerVersionContentInput {
    pub s3_bucket: Option<String>,
    pub s3_key: Option<String>,
    pub s3_object_storage_mode: Option<String>,
    pub s3_object_version: Option<String>,
    pub zip_file: Option<Blob>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct LayerVersionContentOutput {
    pub code_sha256: Option<String>,
    pub code_size: Option<i64>,
    pub location: Option<String>,
    pub resolved_s3_object: Option<ResolvedS3Object>,
    pub signing_job_arn: Option<String>,
    pub signing_profile_version_arn: Option<String>,
}

/// A version of a layer in a list.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct LayerVersionsListItem {
    pub compatible_architectures: Option<Vec<String>>,
    pub compatible_runtimes: Option<Vec<String>>,
    pub created_date: Option<String>,
    pub description: Option<String>,
    pub layer_version_arn: Option<String>,
    pub license_info: Option<String>,
    pub version: Option<i64>,
}

/// A version of a layer.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct LayerVersionShown {
    pub compatible_architectures: Option<Vec<String>>,
    pub compatible_runtimes: Option<Vec<String>>,
    pub content: Option<LayerVersionContentOutput>,
    pub created_date: Option<String>,
    pub description: Option<String>,
    pub layer_arn: Option<String>,
    pub layer_version_arn: Option<String>,
    pub license_info: Option<String>,
    pub version: Option<i64>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ResolvedS3Object {
    pub s3_bucket: Option<String>,
    pub s3_key: Option<String>,
    pub s3_object_version: Option<String>,
}

/// Whose signatures code may have.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CodeSigningConfig {
    pub allowed_publishers: Option<AllowedPublishers>,
    pub code_signing_config_arn: Option<String>,
    pub code_signing_config_id: Option<String>,
    pub code_signing_policies: Option<CodeSigningPolicies>,
    pub description: Option<String>,
    pub last_modified: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AllowedPublishers {
    pub signing_profile_version_arns: Option<Vec<String>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CodeSigningPolicies {
    pub untrusted_artifact_on_deployment: Option<String>,
}
