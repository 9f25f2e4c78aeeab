//! ListTagsForResource: all tags.
//!
//! Limits: 50 tags a resource, keys of 128 and values of 256 letters.
//! Errors: `ResourceNotFoundException`, `InvalidParameterException`, `TooManyTagsException`.
//! Source: API references of these names; recordings of 2026-02-06. Unverified: the text on
//! resources
//! that do not exist.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::constraint::{Constraints, RESOURCE_ARN, given};
use crate::services::logs::error::LogsError;
use crate::services::logs::state::Logs;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub resource_arn: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub tags: Option<BTreeMap<String, String>>,
}

pub fn run(
    _ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    let mut check = Constraints::default();
    RESOURCE_ARN.required(&mut check, "resourceArn", request.resource_arn.as_ref());
    check.done()?;
    let arn = given("resourceArn", request.resource_arn)?;
    let held =
        logs.tags_of(&arn).ok_or(LogsError::NotFound("The specified resource does not exist."))?;
    Ok(Response { tags: Some(held.clone()) })
}
