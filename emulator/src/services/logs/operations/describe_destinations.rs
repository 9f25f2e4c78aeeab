//! DescribeDestinations: all.
//!
//! Limits: names of 512 letters; pages of 50.
//! Errors: `ResourceNotFoundException`, `InvalidParameterException`.
//! Source: API references of these names; recordings of 2026-02-05. Unverified: the text on a
//! destination that is not there.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::error::LogsError;
use crate::services::logs::paging::Page;
use crate::services::logs::shapes::Destination;
use crate::services::logs::state::Logs;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    #[serde(rename = "DestinationNamePrefix")]
    pub destination_name_prefix: Option<String>,
    pub limit: Option<i32>,
    pub next_token: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub destinations: Option<Vec<Destination>>,
    pub next_token: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    let page = Page::of(ctx, request.next_token.as_deref(), request.limit)?;
    let prefix = request.destination_name_prefix.as_deref();
    let all = logs.destinations.iter();
    let all = all.filter(|(name, _)| prefix.is_none_or(|prefix| name.starts_with(prefix)));
    let all = all.map(|(name, destination)| (name.clone(), destination.described(name)));
    let (destinations, next_token) = page.cut(ctx, all);
    Ok(Response { destinations: Some(destinations), next_token })
}
