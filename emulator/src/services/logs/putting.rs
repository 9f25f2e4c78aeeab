//! Events on their way into a stream, whoever sends them, and what looks at them as they come.

use std::sync::Arc;

use super::error::LogsError;
use super::metric_filter;
use super::pattern::Event;
use super::position::Position;
use super::shapes::RejectedLogEventsInfo;
use super::state::Logs;
use super::stream::{EVENT_BYTES, StoredEvent};
use super::subscription;
use crate::kernel::{Context, NodeId};

/// An event that somebody wants to put.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct NewEvent {
    /// In milliseconds since 1970.
    pub(super) timestamp: i64,
    pub(super) message: String,
}

/// What led to a batch: the entry of the lineage, and how many services it passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Because {
    pub(super) cause: NodeId,
    pub(super) hops: u8,
}

impl NewEvent {
    pub(super) fn bytes(&self) -> usize {
        self.message.len() + EVENT_BYTES
    }
}

/// The token of the next batch. AWS has not looked at it since 2023, but still gives it out.
pub(super) const SEQUENCE_TOKEN: &str = "49640000000000000000000000000000000000000000000000000002";

/// Source: API reference "PutLogEvents".
const OLDEST_MILLIS: i64 = 14 * 86_400_000;
const NEWEST_MILLIS: i64 = 2 * 3_600_000;
/// What all streams of an account and region hold at most, as AWS counts bytes.
// Differs from AWS: the log groups of an account and region hold 256 MiB of events together; the
// events that came first are forgotten then, whatever the retention.
pub(super) const BYTES_MAX: u64 = 256 * 1024 * 1024;

impl Logs {
    /// Takes a batch in, ordered by time, and shows it to the group's filters.
    ///
    /// # Errors
    /// `ResourceNotFoundException`.
    pub(super) fn put(
        &mut self,
        ctx: &mut Context<'_>,
        (group, stream): (&str, &str),
        events: Vec<NewEvent>,
        because: Because,
    ) -> Result<Option<RejectedLogEventsInfo>, LogsError> {
        let now = ctx.now().millis();
        let group = self.groups.get_mut(group).ok_or(LogsError::GroupNotFound)?;
        let since = group.kept_since(now);
        let (stream_name, _) =
            group.streams.get_key_value(stream).ok_or(LogsError::StreamNotFound)?;
        let stream_name = Arc::clone(stream_name);
        let stream = group.streams.get_mut(stream).ok_or(LogsError::StreamNotFound)?;
        self.bytes -= stream.forget_before(since);
        let (wanted, rejected) = of_age(&events, now, since);
        let mut accepted = Vec::with_capacity(wanted.len());
        let mut bytes = 0;
        for event in events.into_iter().take(wanted.end).skip(wanted.start) {
            let position = Position { timestamp: event.timestamp, sequence: self.next_sequence };
            self.next_sequence += 1;
            bytes += event.bytes();
            accepted.push((position, event.message));
        }
        for (position, message) in &accepted {
            let event = StoredEvent { ingested: now, message: message.as_str().into() };
            stream.put(*position, event);
        }
        self.bytes += bytes as u64;
        if !accepted.is_empty() {
            let name = Arc::clone(&group.name);
            group.activity.came_in(ctx, &name, accepted.len(), bytes);
            let seen: Vec<(Position, Event<'_>)> = accepted
                .iter()
                .map(|(position, message)| (*position, Event::of(message)))
                .collect();
            metric_filter::look(ctx, group, &seen, because);
            subscription::look(ctx, group, &stream_name, &seen, because);
            self.live.look((&group.arn, &stream_name), &seen, now);
        }
        self.make_room(now);
        Ok(rejected)
    }

    /// Where too much is held, forgets what came first, down to three quarters: the work is spread
    /// over all that has to come before it is done again.
    fn make_room(&mut self, now: i64) {
        if self.bytes <= BYTES_MAX {
            return;
        }
        for group in self.groups.values_mut() {
            self.bytes -= group.settle(now);
        }
        let excess = self.bytes.saturating_sub(BYTES_MAX / 4 * 3);
        let streams = || self.groups.values().flat_map(|group| group.streams.values());
        let mut sizes: Vec<(u64, u64)> = streams().flat_map(|stream| stream.sizes()).collect();
        sizes.sort_unstable();
        let mut freed = 0;
        let kept = sizes.iter().find(|(_, bytes)| {
            let kept = freed >= excess;
            freed += bytes;
            kept
        });
        let first_kept = kept.map_or(u64::MAX, |(sequence, _)| *sequence);
        tracing::warn!(bytes = excess, "log events are forgotten: their memory has a bound");
        for group in self.groups.values_mut() {
            for stream in group.streams.values_mut() {
                self.bytes -= stream.forget_older(first_kept);
            }
        }
    }
}

/// Which events are neither too old nor too new, and what to tell of the others.
fn of_age(
    events: &[NewEvent],
    now: i64,
    since: i64,
) -> (std::ops::Range<usize>, Option<RejectedLogEventsInfo>) {
    let before = |time: i64| events.partition_point(|event| event.timestamp < time);
    let (too_old, expired) = (before(now - OLDEST_MILLIS), before(since));
    let too_new = before(now + NEWEST_MILLIS + 1);
    let some = |number: usize, is: bool| is.then_some(number as i32);
    let rejected = RejectedLogEventsInfo {
        too_new_log_event_start_index: some(too_new, too_new < events.len()),
        too_old_log_event_end_index: some(too_old, too_old > 0),
        expired_log_event_end_index: some(expired, expired > too_old),
    };
    let start = too_old.max(expired);
    let none = rejected == RejectedLogEventsInfo::default();
    (start..too_new.max(start), (!none).then_some(rejected))
}
