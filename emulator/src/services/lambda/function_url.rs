//! Addresses at which a function is called over HTTP.

use serde::{Deserialize, Serialize};

use super::shapes::Cors;
use crate::wire::Timestamp;

/// One address.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct FunctionUrl {
    /// The first part of its host.
    pub(super) id: String,
    /// `NONE` or `AWS_IAM`.
    pub(super) auth_type: String,
    /// `BUFFERED` or `RESPONSE_STREAM`.
    pub(super) invoke_mode: String,
    pub(super) cors: Option<Cors>,
    pub(super) created: Timestamp,
    pub(super) modified: Timestamp,
}
