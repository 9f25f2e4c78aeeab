//! StartLiveTail: tells a client of events as they come, once a second, for three hours at most.
//!
//! Limits: 10 groups; 100 streams or prefixes, of one group; 500 events a second, of which more are
//! left out; 15 sessions.
//! Errors: `InvalidParameterException`, `ResourceNotFoundException`, `LimitExceededException`.
//! Source: API reference "StartLiveTail". Unverified: the texts, and that of many events the first
//! are told.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::{Arn, Context, Outcome};
use crate::services::logs::constraint::{
    Constraints, FILTER_PATTERN, GROUP_IDENTIFIER, STREAM_NAME, given,
};
use crate::services::logs::error::LogsError;
use crate::services::logs::live_tail::{
    LiveTailSessionStart, SESSIONS_MAX, Session, StartLiveTailResponseStream, Streams,
};
use crate::services::logs::pattern::FilterPattern;
use crate::services::logs::state::{Logs, of_identifier};

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub log_event_filter_pattern: Option<String>,
    pub log_group_identifiers: Option<Vec<String>>,
    pub log_stream_name_prefixes: Option<Vec<String>>,
    pub log_stream_names: Option<Vec<String>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub response_stream: Option<StartLiveTailResponseStream>,
}

pub fn run(
    ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Outcome<Response>, LogsError> {
    let Request {
        log_event_filter_pattern: pattern,
        log_group_identifiers: identifiers,
        log_stream_name_prefixes: prefixes,
        log_stream_names: names,
    } = request;
    let mut check = Constraints::default();
    check.required("logGroupIdentifiers", identifiers.as_ref());
    list(&mut check, "logGroupIdentifiers", identifiers.as_deref(), GROUPS_MAX);
    list(&mut check, "logStreamNames", names.as_deref(), STREAMS_MAX);
    list(&mut check, "logStreamNamePrefixes", prefixes.as_deref(), STREAMS_MAX);
    FILTER_PATTERN.check(&mut check, "logEventFilterPattern", pattern.as_deref());
    check.done()?;
    let identifiers = given("logGroupIdentifiers", identifiers)?;
    let parsed = FilterPattern::parse(pattern.as_deref().unwrap_or_default())?;
    let streams = streams(identifiers.len(), names.as_deref(), prefixes.as_deref())?;
    let groups = groups(ctx, logs, &identifiers)?;
    if logs.live.sessions.len() >= SESSIONS_MAX {
        return Err(LogsError::LimitExceeded);
    }
    let id: Arc<str> = ctx.ids().uuid().to_string().into();
    let request_id = ctx.ids().uuid().to_string();
    let call = ctx.park(&id);
    ctx.begin_stream(call, Response::default());
    let start = LiveTailSessionStart {
        log_event_filter_pattern: Some(pattern.unwrap_or_default()),
        log_group_identifiers: Some(identifiers),
        log_stream_name_prefixes: Some(prefixes.unwrap_or_default()),
        log_stream_names: Some(names.unwrap_or_default()),
        request_id: Some(request_id),
        session_id: Some(id.to_string()),
    };
    ctx.tell(call, "sessionStart", start, 1);
    let session = Session::new(ctx, call, groups, streams, parsed);
    logs.live.begin(ctx, &id, session);
    Ok(Outcome::Parked)
}

const GROUPS_MAX: usize = 10;
const STREAMS_MAX: usize = 100;

fn list(check: &mut Constraints, member: &str, values: Option<&[String]>, max: usize) {
    let Some(values) = values else { return };
    let is_groups = member == "logGroupIdentifiers";
    check.entries(member, values, (1, max));
    for value in values {
        let text = if is_groups { &GROUP_IDENTIFIER } else { &STREAM_NAME };
        text.check(check, member, Some(value));
    }
}

/// Which streams are meant: names and prefixes exclude each other, and go with one group.
fn streams(
    groups: usize,
    names: Option<&[String]>,
    prefixes: Option<&[String]>,
) -> Result<Streams, LogsError> {
    let several = || {
        let text = "Log stream names and prefixes can only be specified with one log group.";
        LogsError::parameter(text)
    };
    match (names, prefixes) {
        (None, None) => Ok(Streams::All),
        (Some(_), Some(_)) => Err(LogsError::parameter(
            "logStreamNames and logStreamNamePrefixes are mutually exclusive parameters.",
        )),
        _ if groups > 1 => Err(several()),
        (Some(names), None) => Ok(Streams::Named(names.to_vec())),
        (None, Some(prefixes)) => Ok(Streams::Beginning(prefixes.to_vec())),
    }
}

/// The groups, each named by its ARN without an asterisk.
fn groups(ctx: &Context<'_>, logs: &Logs, identifiers: &[String]) -> Result<Vec<Arn>, LogsError> {
    let mut groups = Vec::new();
    for identifier in identifiers {
        if !identifier.starts_with("arn:") || identifier.ends_with('*') {
            let text = "Log groups must be specified by ARNs that do not end with an asterisk.";
            return Err(LogsError::parameter(text));
        }
        groups.push(logs.group(of_identifier(ctx, identifier)?)?.arn.clone());
    }
    Ok(groups)
}
