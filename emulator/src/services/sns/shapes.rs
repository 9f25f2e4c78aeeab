//! Shapes that several operations of SNS share, as AWS's model names them.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

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
