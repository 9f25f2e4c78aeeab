//! PutLogGroupDeletionProtection: whether a group may be deleted.
//!
//! Errors: `ResourceNotFoundException`, `InvalidParameterException`.
//! Source: API reference "PutLogGroupDeletionProtection".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::constraint::{Constraints, GROUP_IDENTIFIER, given};
use crate::services::logs::error::LogsError;
use crate::services::logs::state::Logs;
use crate::services::logs::state::of_identifier;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub deletion_protection_enabled: Option<bool>,
    pub log_group_identifier: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(
    ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    let mut check = Constraints::default();
    let identifier = request.log_group_identifier.as_ref();
    GROUP_IDENTIFIER.required(&mut check, "logGroupIdentifier", identifier);
    check.required("deletionProtectionEnabled", request.deletion_protection_enabled.as_ref());
    check.done()?;
    let identifier = given("logGroupIdentifier", request.log_group_identifier)?;
    let name = of_identifier(ctx, &identifier)?;
    let enabled = request.deletion_protection_enabled.unwrap_or_default();
    logs.group_mut(name)?.deletion_protection = enabled;
    Ok(Response {})
}
