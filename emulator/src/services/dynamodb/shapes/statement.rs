//! Statements of a batch, and what they come to.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::super::attribute_value::Item;
use super::super::raw_value::RawValue;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct BatchStatementRequest {
    pub consistent_read: Option<bool>,
    pub parameters: Option<Vec<RawValue>>,
    pub return_values_on_condition_check_failure: Option<String>,
    pub statement: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct BatchStatementResponse {
    pub error: Option<BatchStatementError>,
    pub item: Option<Item>,
    pub table_name: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct BatchStatementError {
    pub code: Option<String>,
    pub item: Option<Item>,
    pub message: Option<String>,
}
