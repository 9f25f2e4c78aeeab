//! DescribeLogStreams: streams of a group by name, or by their last event.
//!
//! Limits: pages of 50.
//! Errors: `ResourceNotFoundException`, `InvalidParameterException`, `ValidationException`.
//! Source: API reference "DescribeLogStreams"; recordings of 2026-02-05.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::constraint::{self, Constraints, STREAM_NAME};
use crate::services::logs::error::LogsError;
use crate::services::logs::paging::Page;
use crate::services::logs::shapes::LogStream;
use crate::services::logs::state::Logs;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub descending: Option<bool>,
    pub limit: Option<i32>,
    pub log_group_identifier: Option<String>,
    pub log_group_name: Option<String>,
    pub log_stream_name_prefix: Option<String>,
    pub next_token: Option<String>,
    pub order_by: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub log_streams: Option<Vec<LogStream>>,
    pub next_token: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    let (name, identifier) = (&request.log_group_name, &request.log_group_identifier);
    constraint::name_or_identifier(name.as_ref(), identifier.as_ref())?;
    let mut check = Constraints::default();
    let prefix = request.log_stream_name_prefix.as_deref();
    STREAM_NAME.check(&mut check, "logStreamNamePrefix", prefix);
    check.one_of("orderBy", request.order_by.as_deref(), &["LogStreamName", "LastEventTime"]);
    check.done()?;
    let group = logs.named(ctx, name.as_deref(), identifier.as_deref())?.to_owned();
    let by_time = request.order_by.as_deref() == Some("LastEventTime");
    if by_time && prefix.is_some() {
        return Err(LogsError::parameter(
            "Cannot order by LastEventTime with a logStreamNamePrefix.",
        ));
    }
    let page = Page::of(ctx, request.next_token.as_deref(), request.limit)?;
    let descending = request.descending.unwrap_or_default();
    let group = logs.settled(ctx.now().millis(), &group)?;
    let streams = group
        .streams
        .iter()
        .filter(|(name, _)| prefix.is_none_or(|prefix| name.starts_with(prefix)));
    let mut streams: Vec<_> = streams
        .map(|(name, stream)| {
            let time = if by_time { stream.last_event.unwrap_or_default() } else { 0 };
            ((time, name), group.described_stream(name, stream))
        })
        .collect();
    streams.sort_by(
        |(one, _), (other, _)| {
            if descending { other.cmp(one) } else { one.cmp(other) }
        },
    );
    let streams = streams.into_iter().map(|((_, name), stream)| (name.to_string(), stream));
    let (streams, next_token) = page.cut_behind(ctx, streams.collect());
    Ok(Response { log_streams: Some(streams), next_token })
}
