//! Shapes that several operations of SNS share, as AWS's model names them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::wire::Timestamp;

/// A subscription in a list.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SubscriptionSummary {
    pub subscription_arn: Option<String>,
    pub owner: Option<String>,
    pub protocol: Option<String>,
    pub endpoint: Option<String>,
    pub topic_arn: Option<String>,
}

/// An application in a list.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct PlatformApplication {
    pub platform_application_arn: Option<String>,
    pub attributes: Option<BTreeMap<String, String>>,
}

/// A device in a list.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Endpoint {
    pub endpoint_arn: Option<String>,
    pub attributes: Option<BTreeMap<String, String>>,
}

/// A number of the sandbox in a list.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct SMSSandboxPhoneNumber {
    pub phone_number: Option<String>,
    pub status: Option<String>,
}

/// A number from which an account sends texts.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct PhoneNumberInformation {
    pub created_at: Option<Timestamp>,
    pub phone_number: Option<String>,
    pub status: Option<String>,
    pub iso2_country_code: Option<String>,
    pub route_type: Option<String>,
    pub number_capabilities: Option<Vec<String>>,
}
