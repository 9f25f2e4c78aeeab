//! The one data set of an account, and the key that would encrypt it.

use serde::{Deserialize, Serialize};

/// The data set as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(in crate::services::cloudwatch) struct Dataset {
    pub(in crate::services::cloudwatch) kms_key_arn: Option<String>,
}
