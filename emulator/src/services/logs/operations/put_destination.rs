//! PutDestination: makes or changes one.
//!
//! Limits: names of 512 letters; pages of 50; 1,000 of them, which is this emulator's.
//! Errors: `ResourceNotFoundException`, `InvalidParameterException`, `LimitExceededException`.
//! Source: API references of these names; recordings of 2026-02-05. Unverified: the text on a
//! destination that is not there.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::constraint::{Constraints, NOT_EMPTY, STREAM_NAME, given};
use crate::services::logs::destination::Destination as Held;
use crate::services::logs::error::LogsError;
use crate::services::logs::shapes::Destination;
use crate::services::logs::state::{DESTINATIONS_MAX, Logs, check_number};

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub destination_name: Option<String>,
    pub role_arn: Option<String>,
    pub tags: Option<BTreeMap<String, String>>,
    pub target_arn: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub destination: Option<Destination>,
}

pub fn run(
    ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    let mut check = Constraints::default();
    STREAM_NAME.required(&mut check, "destinationName", request.destination_name.as_ref());
    NOT_EMPTY.required(&mut check, "targetArn", request.target_arn.as_ref());
    NOT_EMPTY.required(&mut check, "roleArn", request.role_arn.as_ref());
    check.done()?;
    let name = given("destinationName", request.destination_name)?;
    if !logs.destinations.contains_key(&name) {
        check_number(logs.destinations.len(), DESTINATIONS_MAX)?;
    }
    ctx.not_honoured("targetArn")?;
    let old = logs.destinations.remove(&name);
    let tags = request.tags.unwrap_or_default();
    let destination = Held {
        arn: ctx.arn(format!("destination:{name}")),
        target_arn: given("targetArn", request.target_arn)?,
        role_arn: given("roleArn", request.role_arn)?,
        access_policy: old.as_ref().and_then(|old| old.access_policy.clone()),
        created: old.as_ref().map_or(ctx.now().millis(), |old| old.created),
        tags: old.map_or(tags, |old| old.tags),
    };
    let described = destination.described(&name);
    logs.destinations.insert(name, destination);
    Ok(Response { destination: Some(described) })
}
