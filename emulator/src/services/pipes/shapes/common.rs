//! Shapes that sources, targets and enrichments share, and where a pipe logs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

/// What the enrichment is given.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct EnrichmentParameters {
    pub http_parameters: Option<HttpParameters>,
    pub input_template: Option<String>,
}

/// Parts of a request to an API destination.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct HttpParameters {
    pub header_parameters: Option<BTreeMap<String, String>>,
    pub path_parameter_values: Option<Vec<String>>,
    pub query_string_parameters: Option<BTreeMap<String, String>>,
}

/// Where a pipe logs what it does.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct LogConfiguration {
    pub cloudwatch_logs_log_destination: Option<CloudwatchLogsLogDestination>,
    pub firehose_log_destination: Option<FirehoseLogDestination>,
    pub include_execution_data: Option<Vec<String>>,
    pub level: Option<String>,
    pub s3_log_destination: Option<S3LogDestination>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct CloudwatchLogsLogDestination {
    pub log_group_arn: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct FirehoseLogDestination {
    pub delivery_stream_arn: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct S3LogDestination {
    pub bucket_name: Option<String>,
    pub bucket_owner: Option<String>,
    pub output_format: Option<String>,
    pub prefix: Option<String>,
}

/// Which records a pipe passes on.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct FilterCriteria {
    pub filters: Option<Vec<Filter>>,
}

/// One pattern.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Filter {
    pub pattern: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DeadLetterConfig {
    pub arn: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Tag {
    pub key: Option<String>,
    pub value: Option<String>,
}
