//! Shapes of parameters from before expressions.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::super::raw_value::RawValue;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ExpectedAttributeValue {
    pub attribute_value_list: Option<Vec<RawValue>>,
    pub comparison_operator: Option<String>,
    pub exists: Option<bool>,
    pub value: Option<RawValue>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct AttributeValueUpdate {
    pub action: Option<String>,
    pub value: Option<RawValue>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Condition {
    pub attribute_value_list: Option<Vec<RawValue>>,
    pub comparison_operator: Option<String>,
}
