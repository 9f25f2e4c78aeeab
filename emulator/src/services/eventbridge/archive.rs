//! An archive: the events of one bus that match its pattern, for so long as it keeps them.
//!
//! Knows no rules and no targets. An event is stored once: archives and replays share its text.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::error::EventsError;
use super::event::NewEvent;
use crate::kernel::{Arn, Context, MessageId};
use crate::services::shared::pattern::{Event, EventPattern};
use crate::wire::Timestamp;

/// What a replay adds to an event, by which archives know that they have it already.
pub(super) const REPLAY_NAME: &str = "replay-name";

const DAY: Duration = Duration::from_secs(86_400);

/// An archive of a bus.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Archive {
    pub(super) name: String,
    pub(super) arn: Arn,
    pub(super) created: Timestamp,
    pub(super) settings: ArchiveSettings,
    /// Its rule is there; a client may delete that by force.
    pub(super) is_fed: bool,
    /// In the order in which they came.
    events: VecDeque<Archived>,
    bytes: usize,
}

/// What CreateArchive and UpdateArchive set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct ArchiveSettings {
    pub(super) description: Option<String>,
    pub(super) pattern: Option<EventPattern>,
    /// Days; 0 keeps events for ever.
    pub(super) retention_days: i32,
    pub(super) kms_key_identifier: Option<String>,
}

/// One event that is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Archived {
    pub(super) id: MessageId,
    /// When it happened, as it says itself.
    pub(super) time: Timestamp,
    pub(super) envelope: Arc<str>,
    /// When it came into the archive.
    kept: Timestamp,
}

impl Archive {
    /// The state of every archive: it is made and changed at once.
    pub(super) const STATE: &str = "ENABLED";

    pub(super) fn new(ctx: &Context<'_>, name: &str, settings: ArchiveSettings) -> Self {
        Self {
            name: name.to_owned(),
            arn: ctx.arn(format!("archive/{name}")),
            created: ctx.now(),
            settings,
            is_fed: true,
            events: VecDeque::new(),
            bytes: 0,
        }
    }

    /// Keeps the event if the pattern wants it and no replay put it; `value` and `fields` are its
    /// text, taken apart.
    pub(super) fn offer(
        &mut self,
        now: Timestamp,
        event: &NewEvent,
        value: &Value,
        fields: &Event<'_>,
    ) {
        let pattern = self.settings.pattern.as_ref();
        let wanted = pattern.is_none_or(|pattern| pattern.matches_event(fields));
        if !wanted || !self.is_fed || value.get(REPLAY_NAME).is_some() {
            return;
        }
        self.forget(now);
        self.bytes += event.envelope.len();
        self.events.push_back(Archived {
            id: event.id,
            time: event.time,
            envelope: Arc::clone(&event.envelope),
            kept: now,
        });
    }

    /// How many events it keeps at `now`, and their bytes.
    // Differs from AWS: `EventCount` and `SizeBytes` of an archive are exact at once; AWS brings
    // them up to date within a day.
    pub(super) fn size(&mut self, now: Timestamp) -> (i64, i64) {
        self.forget(now);
        let number = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        (number(self.events.len()), number(self.bytes))
    }

    /// The kept events that happened from `from` to before `until`, by their time.
    pub(super) fn between(
        &mut self,
        now: Timestamp,
        from: Timestamp,
        until: Timestamp,
    ) -> VecDeque<Archived> {
        self.forget(now);
        let within = |event: &&Archived| event.time >= from && event.time < until;
        let mut found: Vec<Archived> = self.events.iter().filter(within).cloned().collect();
        found.sort_by_key(|event| event.time);
        found.into()
    }

    /// Drops events whose retention is over.
    fn forget(&mut self, now: Timestamp) {
        let Ok(days @ 1..) = u32::try_from(self.settings.retention_days) else {
            return;
        };
        while self.events.front().is_some_and(|event| now.since(event.kept) >= DAY * days) {
            self.bytes -= self.events.pop_front().map_or(0, |event| event.envelope.len());
        }
    }
}

impl ArchiveSettings {
    /// These settings with what a request gives; what it leaves out stays.
    ///
    /// # Errors
    /// `ValidationException`, `InvalidEventPatternException`.
    pub(super) fn change(
        self,
        ctx: &mut Context<'_>,
        description: Option<String>,
        pattern: Option<&str>,
        retention_days: Option<i32>,
        kms_key_identifier: Option<String>,
    ) -> Result<Self, EventsError> {
        let pattern = match pattern {
            None => self.pattern,
            Some("") => None,
            Some(text) => Some(EventPattern::parse(text)?),
        };
        if kms_key_identifier.as_ref().is_some_and(|key| !key.is_empty()) {
            ctx.not_honoured("KmsKeyIdentifier")?;
        }
        Ok(Self {
            description: description.or(self.description),
            pattern,
            retention_days: retention_days.unwrap_or(self.retention_days),
            kms_key_identifier: kms_key_identifier.or(self.kms_key_identifier),
        })
    }
}
