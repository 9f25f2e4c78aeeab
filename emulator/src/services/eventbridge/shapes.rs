//! Shapes that several operations of EventBridge share, as AWS's model names them.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::wire::Timestamp;

/// Where deliveries go that failed.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DeadLetterConfig {
    pub arn: Option<String>,
}

/// What a bus logs.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct LogConfig {
    pub include_detail: Option<String>,
    pub level: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct PutEventsRequestEntry {
    pub time: Option<Timestamp>,
    pub source: Option<String>,
    pub resources: Option<Vec<String>>,
    pub detail_type: Option<String>,
    pub detail: Option<String>,
    pub event_bus_name: Option<String>,
    pub trace_header: Option<String>,
}

/// The bus, and its rules that get the events.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ReplayDestination {
    pub arn: Option<String>,
    pub filter_arns: Option<Vec<String>>,
}
