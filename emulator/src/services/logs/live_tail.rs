//! Live Tail: sessions that are told of events as they come, once a second.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::pattern::{Event, FilterPattern};
use super::position::Position;
use crate::kernel::{Arn, CallId, Context};
use crate::wire::Timestamp;

/// Source: API reference "StartLiveTail".
const EVENTS_MAX: usize = 500;
const SECOND: Duration = Duration::from_secs(1);
/// Bytes of messages that one update has at most, unless it is one message.
const BYTES_MAX: usize = 1_048_576;
const LONGEST: Duration = Duration::from_secs(3 * 3600);
/// Source: user guide "CloudWatch Logs quotas".
pub(super) const SESSIONS_MAX: usize = 15;

/// The sessions of an account and region, by their ids.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct LiveTail {
    pub(super) sessions: BTreeMap<Arc<str>, Session>,
}

/// Which streams of its groups a session is about.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Streams {
    All,
    Named(Vec<String>),
    Beginning(Vec<String>),
}

/// A client that listens.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Session {
    pub(super) call: CallId,
    pub(super) groups: Vec<Arn>,
    pub(super) streams: Streams,
    pub(super) pattern: FilterPattern,
    /// When it ends by itself.
    until: Timestamp,
    /// Of this second.
    found: Vec<LiveTailSessionLogEvent>,
    bytes: usize,
    sampled: bool,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LiveTailSessionLogEvent {
    pub ingestion_time: Option<i64>,
    pub log_group_identifier: Option<String>,
    pub log_stream_name: Option<String>,
    pub message: Option<String>,
    pub timestamp: Option<i64>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LiveTailSessionMetadata {
    pub sampled: Option<bool>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LiveTailSessionUpdate {
    pub session_metadata: Option<LiveTailSessionMetadata>,
    pub session_results: Option<Vec<LiveTailSessionLogEvent>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SessionTimeoutException {
    pub message: Option<String>,
}

/// What the stream may tell, one of them an event.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StartLiveTailResponseStream {
    #[serde(rename = "SessionStreamingException")]
    pub session_streaming_exception: Option<SessionStreamingException>,
    #[serde(rename = "SessionTimeoutException")]
    pub session_timeout_exception: Option<SessionTimeoutException>,
    pub session_start: Option<LiveTailSessionStart>,
    pub session_update: Option<LiveTailSessionUpdate>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SessionStreamingException {
    pub message: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LiveTailSessionStart {
    pub log_event_filter_pattern: Option<String>,
    pub log_group_identifiers: Option<Vec<String>>,
    pub log_stream_name_prefixes: Option<Vec<String>>,
    pub log_stream_names: Option<Vec<String>>,
    pub request_id: Option<String>,
    pub session_id: Option<String>,
}

impl Streams {
    fn has(&self, stream: &str) -> bool {
        match self {
            Self::All => true,
            Self::Named(names) => names.iter().any(|name| name == stream),
            Self::Beginning(prefixes) => prefixes.iter().any(|it| stream.starts_with(it.as_str())),
        }
    }
}

impl Session {
    pub(super) fn new(
        ctx: &Context<'_>,
        call: CallId,
        groups: Vec<Arn>,
        streams: Streams,
        pattern: FilterPattern,
    ) -> Self {
        let until = ctx.now() + LONGEST;
        let (found, bytes, sampled) = (Vec::new(), 0, false);
        Self { call, groups, streams, pattern, until, found, bytes, sampled }
    }

    fn look(&mut self, (group, stream): (&Arn, &str), events: &[(Position, Event<'_>)], now: i64) {
        if !self.groups.contains(group) || !self.streams.has(stream) {
            return;
        }
        for (position, event) in events {
            if !self.pattern.matches(event) {
                continue;
            }
            let bytes = self.bytes + event.message.len();
            if self.found.len() == EVENTS_MAX || !self.found.is_empty() && bytes > BYTES_MAX {
                self.sampled = true;
                return;
            }
            self.bytes = bytes;
            self.found.push(LiveTailSessionLogEvent {
                ingestion_time: Some(now),
                log_group_identifier: Some(group.to_string()),
                log_stream_name: Some(stream.to_owned()),
                message: Some(event.message.to_owned()),
                timestamp: Some(position.timestamp),
            });
        }
    }
}

impl LiveTail {
    /// Begins a session's seconds.
    pub(super) fn begin(&mut self, ctx: &mut Context<'_>, id: &Arc<str>, session: Session) {
        ctx.set_timer(ctx.now() + SECOND, id);
        self.sessions.insert(Arc::clone(id), session);
    }

    /// Shows new events of a stream to every session.
    pub(super) fn look(&mut self, place: (&Arn, &str), events: &[(Position, Event<'_>)], now: i64) {
        for session in self.sessions.values_mut() {
            session.look(place, events, now);
        }
    }

    /// A second of a session is over. One that is gone has nobody to tell.
    pub(super) fn tick(&mut self, ctx: &mut Context<'_>, id: &Arc<str>) {
        let now = ctx.now();
        let Some(session) = self.sessions.get_mut(id) else { return };
        let found = std::mem::take(&mut session.found);
        session.bytes = 0;
        let sampled = std::mem::take(&mut session.sampled);
        let (call, entries) = (session.call, found.len());
        let update = LiveTailSessionUpdate {
            session_metadata: Some(LiveTailSessionMetadata { sampled: Some(sampled) }),
            session_results: Some(found),
        };
        ctx.tell(call, "sessionUpdate", update, entries);
        if now < session.until {
            ctx.set_timer(now + SECOND, id);
            return;
        }
        self.sessions.remove(id);
        // Unverified: the text.
        let message = Some("The Live Tail session has timed out after 3 hours.".to_owned());
        ctx.tell_last(call, "SessionTimeoutException", SessionTimeoutException { message });
    }
}
