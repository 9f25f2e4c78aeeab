//! Dashboards: stored as they are sent, if their body is one. All regions share them, so they lie
//! in the state of the home region.
//!
//! What widgets show is nobody's business here.

mod body;
mod widget;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

pub(super) use body::check_body;

use super::error::CloudWatchError;
use crate::kernel::Context;
use crate::wire::Timestamp;

/// Longest name, in characters.
///
/// Source for the limits: API reference "PutDashboard", user guide "CloudWatch service quotas".
const NAME_MAX: usize = 255;
/// Most dashboards, and most bytes of their bodies together.
// Differs from AWS: dashboards have bounds here; on AWS an account may have any number.
const DASHBOARDS_MAX: usize = 10_000;
const BYTES_MAX: usize = 64 * 1024 * 1024;

/// What is to be said of a dashboard's body, and where.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct DashboardValidationMessage {
    pub data_path: Option<String>,
    pub message: Option<String>,
}

impl DashboardValidationMessage {
    fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { data_path: Some(path.into()), message: Some(message.into()) }
    }
}

/// One dashboard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Dashboard {
    /// JSON as it was sent.
    pub(super) body: String,
    pub(super) modified: Timestamp,
    pub(super) tags: BTreeMap<String, String>,
}

/// All dashboards of one account.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Dashboards {
    pub(super) by_name: BTreeMap<String, Dashboard>,
}

impl Dashboards {
    /// Refuses a body for which there is no room beside the other dashboards.
    ///
    /// # Errors
    /// `LimitExceededFault`.
    pub(super) fn check_room(&self, name: &str, body: &str) -> Result<(), CloudWatchError> {
        let mut others = self.by_name.iter().filter(|(other, _)| *other != name);
        let bytes = others.clone().map(|(_, other)| other.body.len()).sum::<usize>();
        let is_last = others.nth(DASHBOARDS_MAX - 1).is_some();
        if is_last || bytes + body.len() > BYTES_MAX {
            let text = format!(
                "This emulator keeps {DASHBOARDS_MAX} dashboards and {BYTES_MAX} bytes of them at \
                 most."
            );
            return Err(CloudWatchError::QuotaReached(text));
        }
        Ok(())
    }
}

/// A dashboard's ARN, which names no region.
pub(super) fn arn(ctx: &Context<'_>, name: &str) -> String {
    let (partition, account) = (ctx.scope().region.partition(), ctx.account());
    format!("arn:{partition}:cloudwatch::{account}:dashboard/{name}")
}

/// Unverified: the texts.
pub(super) fn check_name(name: Option<&str>) -> Result<&str, CloudWatchError> {
    let invalid = |text: String| Err(CloudWatchError::InvalidParameterValue(text));
    match name {
        None | Some("") => invalid("The parameter DashboardName is required.".to_owned()),
        Some(name) if name.chars().count() > NAME_MAX => {
            invalid(format!("DashboardName must not be longer than {NAME_MAX} characters."))
        }
        Some(name) if !name.bytes().all(|c| c.is_ascii_alphanumeric() || b"-_".contains(&c)) => {
            invalid(format!(
                "The value {name} for field DashboardName contains invalid characters. It can \
                 only contain alphanumerics, dash (-) and underscore (_)."
            ))
        }
        Some(name) => Ok(name),
    }
}
