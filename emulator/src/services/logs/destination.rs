//! Destinations: what lets other accounts subscribe a stream of Kinesis or Firehose. Stored only.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::shapes;
use crate::kernel::Arn;

/// A destination.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Destination {
    pub(super) arn: Arn,
    pub(super) target_arn: String,
    pub(super) role_arn: String,
    pub(super) access_policy: Option<String>,
    /// In milliseconds since 1970.
    pub(super) created: i64,
    pub(super) tags: BTreeMap<String, String>,
}

impl Destination {
    pub(super) fn described(&self, name: &str) -> shapes::Destination {
        shapes::Destination {
            access_policy: self.access_policy.clone(),
            arn: Some(self.arn.to_string()),
            creation_time: Some(self.created),
            destination_name: Some(name.to_owned()),
            role_arn: Some(self.role_arn.clone()),
            target_arn: Some(self.target_arn.clone()),
        }
    }
}
