//! Load, decide, commit: what is the same for every history.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::context::App;
use super::stored::{read, schema};
use crate::adapters::event_store::{
    Commit, CommitError, EventStore, NewEvent, StoredEvent, StreamAppend, Tip,
};
use crate::adapters::inbox::Once;
use crate::adapters::outbox_table::{OutboxRecord, position};
use crate::contracts::{IntegrationEvent, Payload, Source};
use crate::domain::{IdempotencyKey, OrderId, Timestamp, order, payment, reservation, stock};
use crate::failure::Failure;
use crate::trace::{self, TraceHeader};

/// How often a command is decided anew when somebody else was faster.
pub(super) const ATTEMPTS: u32 = 8;

/// Where a command comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    pub correlation_id: String,
    pub causation_id: String,
}

impl Cause {
    /// Gives every log line within it the identifiers.
    pub fn span(&self, event_type: &str, order_id: Option<&OrderId>) -> tracing::Span {
        tracing::info_span!(
            "event",
            correlation_id = self.correlation_id,
            causation_id = self.causation_id,
            order_id = order_id.map_or("-", |id| id.as_str()),
            event_type,
        )
    }
}

/// Why a command was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum CommandError<R: std::error::Error> {
    /// A rule forbids it.
    #[error(transparent)]
    Refused(R),
    /// The idempotency key was used for something else.
    #[error("this idempotency key was used for another request")]
    KeyReused,
    #[error(transparent)]
    Failed(Failure),
}

pub(super) trait DomainEvent: Serialize {
    fn name(&self) -> &'static str;
}

/// A history as it was read.
pub(super) struct History<E> {
    pub(super) events: Vec<E>,
    /// Version and time of each event.
    pub(super) recorded: Vec<(u64, Timestamp)>,
    pub(super) tip: Tip,
    /// Of the last event.
    pub(super) recorded_at: Timestamp,
    /// Whether it was read just now: others may have written since what a process remembers.
    pub(super) fresh: bool,
}

/// A commit in the making.
pub(super) struct Draft<'a> {
    app: &'a App,
    source: Source,
    order_id: Option<OrderId>,
    commit: Commit,
}

/// What is asked for under a caller's key, which counts for the history (or the kind of them) that
/// it is sent to.
pub(super) fn once(scope: &str, key: &IdempotencyKey, asked: String) -> Once {
    Once { key: format!("api#{scope}#{key}"), asked }
}

/// Whether it was done before.
///
/// # Errors
/// `KeyReused` when something else was.
pub(super) async fn was_done<R: std::error::Error>(
    app: &App,
    once: &Once,
) -> Result<bool, CommandError<R>> {
    match app.inbox.asked(&once.key).await.map_err(CommandError::Failed)? {
        None => Ok(false),
        Some(asked) if asked.as_ref().is_none_or(|asked| *asked == once.asked) => Ok(true),
        Some(_) => Err(CommandError::KeyReused),
    }
}

/// Too many writers at once: later, perhaps.
pub(super) fn contended(stream_id: &str) -> Failure {
    Failure::Retry(format!("{stream_id} is being written by others"))
}

impl<E: DeserializeOwned> History<E> {
    /// As it is now.
    pub(super) async fn load(store: &EventStore, stream_id: &str) -> Result<Self, Failure> {
        Self::of(stream_id, &store.load(stream_id).await?, true)
    }

    /// As this process knows it, and as it is now if it does not. Where nothing is written because
    /// of it, it has to be asked whether it is `fresh`.
    pub(super) async fn known(store: &EventStore, stream_id: &str) -> Result<Self, Failure> {
        match store.known(stream_id) {
            Some(stored) => Self::of(stream_id, &stored, false),
            None => Self::load(store, stream_id).await,
        }
    }

    /// The same for one that most likely is not there yet: nobody is asked.
    pub(super) fn known_or_none(store: &EventStore, stream_id: &str) -> Result<Self, Failure> {
        Self::of(stream_id, &store.known(stream_id).unwrap_or_default(), false)
    }

    fn of(stream_id: &str, stored: &[StoredEvent], fresh: bool) -> Result<Self, Failure> {
        let recorded: Vec<_> =
            stored.iter().map(|event| (event.version, event.recorded_at)).collect();
        let recorded_at = recorded.last().map_or(Timestamp::from_millis(0), |(_, at)| *at);
        let tip = stored.last().map(StoredEvent::tip).unwrap_or_default();
        let events = Vec::with_capacity(stored.len());
        let mut history = Self { events, recorded, tip, recorded_at, fresh };
        for event in stored {
            let event = read(event)
                .map_err(|error| Failure::GiveUp(format!("{stream_id} is unreadable: {error}")))?;
            history.events.push(event);
        }
        Ok(history)
    }
}

impl<'a> Draft<'a> {
    /// `not_before`: when the youngest event of the streams was recorded. Time never runs
    /// backwards within a stream, whatever the clocks of several processes show.
    pub(super) fn new(
        app: &'a App,
        source: Source,
        order_id: Option<&OrderId>,
        cause: &Cause,
        not_before: Timestamp,
    ) -> Self {
        let commit = Commit {
            streams: Vec::new(),
            outbox: Vec::new(),
            once: None,
            recorded_at: app.clock.now().max(not_before),
            correlation_id: cause.correlation_id.clone(),
            causation_id: cause.causation_id.clone(),
        };
        Self { app, source, order_id: order_id.cloned(), commit }
    }

    /// The commit is made once under this key of the inbox; the next one is a conflict.
    pub(super) fn once(&mut self, once: Option<&Once>) {
        self.commit.once = once.cloned();
    }

    /// Appends events, each with what the world is told of it.
    pub(super) fn append<E: DomainEvent>(
        &mut self,
        stream_id: &str,
        after: &Tip,
        events: &[(E, Payload)],
        snapshot: Option<String>,
    ) {
        let mut stored = Vec::with_capacity(events.len());
        for (version, (event, payload)) in (after.version + 1..).zip(events) {
            let event_id = self.app.ids.next_id();
            let record = self.record(stream_id, version, &event_id, payload.clone());
            self.commit.outbox.push(record);
            let data = serde_json::to_string(event).expect("plain fields always serialise");
            let (event_type, schema) = (event.name(), schema(event.name()));
            stored.push(NewEvent { event_id, event_type, schema, data });
        }
        let (stream_id, after) = (stream_id.to_owned(), after.clone());
        let append = StreamAppend { stream_id, after, events: stored, snapshot };
        self.commit.streams.push(append);
    }

    pub(super) async fn commit(self) -> Result<(), CommitError> {
        self.app.store.commit(&self.commit).await?;
        for stream in &self.commit.streams {
            for event in &stream.events {
                tracing::info!(
                    stream_id = stream.stream_id,
                    event_id = event.event_id,
                    recorded = event.event_type,
                    "recorded"
                );
            }
        }
        if !self.commit.outbox.is_empty() {
            self.app.outgoing.hand_over(self.source, self.commit.outbox);
        }
        Ok(())
    }

    fn record(
        &self,
        stream_id: &str,
        version: u64,
        event_id: &str,
        payload: Payload,
    ) -> OutboxRecord {
        let event = IntegrationEvent {
            event_id: event_id.to_owned(),
            order_id: self.order_id.clone(),
            payload,
            timestamp: self.commit.recorded_at,
            correlation_id: self.commit.correlation_id.clone(),
            causation_id: self.commit.causation_id.clone(),
            stream: stream_id.to_owned(),
            sequence: version,
        };
        let begun = || TraceHeader::begin(&self.commit.correlation_id, self.commit.recorded_at);
        OutboxRecord {
            partition: self.source.as_str().to_owned(),
            position: position(self.commit.recorded_at, stream_id, version),
            source: event.payload.event_type().source().on_bus().to_owned(),
            detail_type: event.payload.detail_type().to_owned(),
            detail: event.to_detail(),
            recorded_at: self.commit.recorded_at,
            trace: Some(trace::current().unwrap_or_else(begun)),
        }
    }
}

impl DomainEvent for order::Event {
    fn name(&self) -> &'static str {
        order::Event::name(self)
    }
}

impl DomainEvent for stock::Event {
    fn name(&self) -> &'static str {
        stock::Event::name(self)
    }
}

impl DomainEvent for reservation::Event {
    fn name(&self) -> &'static str {
        reservation::Event::name(self)
    }
}

impl DomainEvent for payment::Event {
    fn name(&self) -> &'static str {
        payment::Event::name(self)
    }
}
