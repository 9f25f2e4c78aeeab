//! Reads a role's queue until told to stop: long poll, handle, delete. It takes on no more than it
//! can hold, slows down when AWS throttles, and leaves a dependency alone that keeps failing.

use std::collections::BTreeMap;
use std::pin::pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::watch;
use tracing::Instrument;

use super::batch::{Message, by_subject};
use super::error_handler::{Disposition, ErrorHandler};
use super::handler::Handler;
use super::incoming::Incoming;
use crate::adapters::sqs::Received;
use crate::app::feed::{Step, StepKind};
use crate::domain::OrderId;
use crate::failure::Failure;
use crate::metrics::Counter;
use crate::resilience::{Admission, Backoff, Pace};
use crate::telemetry::{Hop, HopKind};

/// After a receive that failed.
const RECEIVE_PAUSE: Backoff =
    Backoff { first: Duration::from_secs(1), most: Duration::from_secs(30) };

pub(crate) struct Consumer {
    pub(crate) handler: Handler,
    pub(crate) errors: ErrorHandler,
}

/// Receipt handles of the messages that are being worked on, by message id.
struct InHand(Mutex<BTreeMap<String, String>>);

/// How a message was done with.
enum Handled {
    /// It can be deleted.
    Done,
    Left {
        throttled: bool,
    },
}

/// What became of the messages of a batch.
pub(crate) struct Worked {
    /// The receipt handles of those that can be deleted.
    pub(crate) done: Vec<String>,
    /// The ids of those that shall come again.
    pub(crate) left: Vec<String>,
    throttled: bool,
}

impl Consumer {
    /// Ends after the batch in hand when `stop` says so. Messages that were received but not
    /// handled by then come back when their visibility time is over.
    pub(crate) async fn run(self, mut stop: watch::Receiver<bool>) {
        let span = tracing::info_span!("role", name = self.handler.role.as_str());
        async {
            let mut pace = Pace::new(self.handler.app.timing.in_hand_max);
            let mut failures = 0;
            loop {
                let pause = match self.admission() {
                    Admission::No(pause) => pause,
                    Admission::Probe => self.round(1, &mut pace, &mut failures, &mut stop).await,
                    Admission::Yes => {
                        self.round(pace.now(), &mut pace, &mut failures, &mut stop).await
                    }
                };
                if stopped_within(pause, &mut stop).await {
                    break;
                }
            }
            tracing::debug!("drained");
        }
        .instrument(span)
        .await;
    }

    fn admission(&self) -> Admission {
        let app = &self.handler.app;
        app.breakers.admission(&self.handler.dependencies(), app.clock.now())
    }

    /// One receive and what comes of it. Answers how long to pause after it.
    async fn round(
        &self,
        most: u32,
        pace: &mut Pace,
        failures: &mut u32,
        stop: &mut watch::Receiver<bool>,
    ) -> Duration {
        let app = &self.handler.app;
        let received = tokio::select! {
            biased;
            _ = stop.wait_for(|stopped| *stopped) => return Duration::ZERO,
            received = self.handler.queue.receive(most, app.timing.long_poll, None) => received,
        };
        let mut rest = Duration::ZERO;
        let throttled = match received {
            Ok(messages) => {
                *failures = 0;
                if (1..most as usize).contains(&messages.len()) {
                    rest = app.timing.rest;
                }
                self.process(messages).await
            }
            Err(failure) => {
                tracing::warn!(%failure, "cannot receive");
                app.metrics.add(Counter::ProcessingErrors, 1);
                *failures += 1;
                if !matches!(failure, Failure::Throttled(..)) {
                    return RECEIVE_PAUSE.pause(*failures, app.random());
                }
                true
            }
        };
        if throttled {
            pace.throttled();
            return app.timing.backoff.pause((*failures).max(1), app.random());
        }
        pace.went_well();
        rest
    }

    /// Works on a batch and deletes what is done. Answers whether AWS throttled.
    async fn process(&self, messages: Vec<Received>) -> bool {
        let Worked { done, throttled, .. } = self.work_off(messages).await;
        if !done.is_empty() {
            match self.handler.queue.delete(&done).await {
                Ok(0) => {}
                Ok(left) => tracing::warn!(left, "handled but not deleted; it will come again"),
                Err(failure) => tracing::warn!(%failure, "handled, not deleted; will come again"),
            }
        }
        throttled
    }

    /// Works on what is about different orders at once, and keeps all of it hidden meanwhile.
    pub(crate) async fn work_off(&self, messages: Vec<Received>) -> Worked {
        let in_hand = InHand::new(&messages);
        let groups = by_subject(messages);
        let mut all = pin!(join_all(groups.iter().map(|it| self.process_group(it, &in_hand))));
        let before_they_come_back = self.handler.app.timing.visibility / 2;
        let handled = loop {
            tokio::select! {
                biased;
                handled = &mut all => break handled,
                () = tokio::time::sleep(before_they_come_back) => self.extend(&in_hand).await,
            }
        };
        let mut worked = Worked { done: Vec::new(), left: Vec::new(), throttled: false };
        for (message, handled) in groups.iter().flatten().zip(handled.into_iter().flatten()) {
            match handled {
                Handled::Done => worked.done.push(message.received.receipt_handle.clone()),
                Handled::Left { throttled } => {
                    worked.left.push(message.received.message_id.clone());
                    worked.throttled |= throttled;
                }
            }
        }
        worked
    }

    async fn extend(&self, in_hand: &InHand) {
        let handles = in_hand.handles();
        let visibility = self.handler.app.timing.visibility;
        match self.handler.queue.keep_hidden(&handles, visibility).await {
            Ok(0) => tracing::debug!(messages = handles.len(), "work takes longer"),
            Ok(left) => tracing::warn!(left, "work takes longer, but they may come again"),
            Err(failure) => tracing::warn!(%failure, "work takes longer, but they may come again"),
        }
    }

    /// One after the other, whatever becomes of each; of a FIFO queue none before those that come
    /// before it are done with.
    async fn process_group(&self, group: &[Message], in_hand: &InHand) -> Vec<Handled> {
        let mut handled = Vec::with_capacity(group.len());
        let in_order = self.handler.queue.is_fifo();
        for message in group {
            let is_next = !matches!(handled.last(), Some(Handled::Left { .. }));
            handled.push(match is_next || !in_order {
                true => self.process_one(message, in_hand).await,
                false => self.put_back(&message.received, in_hand).await,
            });
        }
        handled
    }

    /// Untouched; it comes again when the one before it does.
    async fn put_back(&self, message: &Received, in_hand: &InHand) -> Handled {
        in_hand.release(&message.message_id);
        let given = self.handler.queue.give_back(&message.receipt_handle, Duration::ZERO).await;
        if let Err(failure) = given {
            tracing::warn!(%failure, "the queue's own visibility time decides");
        }
        Handled::Left { throttled: false }
    }

    async fn process_one(&self, message: &Message, in_hand: &InHand) -> Handled {
        let Message { received, incoming } = message;
        // Every line about a message carries where it comes from.
        let span = match incoming {
            Ok(incoming) => incoming.span(),
            Err(_) => tracing::info_span!("unreadable", message_id = received.message_id),
        };
        let work = async {
            let handled = match incoming {
                Ok(incoming) => self.work_on(message, incoming).await,
                Err(failure) => Err(failure.clone()),
            };
            match handled {
                Ok(()) => {
                    tracing::debug!(message_id = received.message_id, "handled");
                    self.tell(incoming.as_ref().ok());
                    Handled::Done
                }
                Err(failure) => {
                    self.failed(received, incoming.as_ref().ok(), &failure, in_hand).await
                }
            }
        }
        .instrument(span);
        let hop = Hop {
            role: self.handler.role.as_str(),
            kind: HopKind::Message,
            name: incoming.as_ref().map_or("unreadable", Incoming::name),
            order_id: incoming.as_ref().ok().and_then(Incoming::order_id).map(OrderId::as_str),
        };
        let failed = |handled: &Handled| matches!(handled, Handled::Left { .. });
        let telemetry = &self.handler.app.telemetry;
        telemetry.hop(received.trace.clone(), hop, failed, work).await
    }

    /// Tells who watches live.
    fn tell(&self, incoming: Option<&Incoming>) {
        self.handler.app.feed.tell(|| Step {
            at: self.handler.app.clock.now(),
            service: self.handler.role.as_str(),
            kind: StepKind::Handled,
            what: incoming.map_or("unreadable", Incoming::name).to_owned(),
            order_id: incoming.and_then(Incoming::order_id).cloned(),
            to: None,
            text: None,
        });
    }

    /// Tells the breakers and the metrics how it went.
    async fn work_on(&self, message: &Message, incoming: &Incoming) -> Result<(), Failure> {
        let app = &self.handler.app;
        let received_at = message.received.first_received.unwrap_or_else(|| app.clock.now());
        let limit = app.timing.work_max;
        let started = tokio::time::Instant::now();
        let handled =
            match tokio::time::timeout(limit, self.handler.handle(incoming, received_at)).await {
                Ok(handled) => handled,
                Err(_) => Err(Failure::Retry(format!("not done within {} s", limit.as_secs()))),
            };
        let (role, took) = (self.handler.role.as_str(), started.elapsed());
        app.metrics.processed(role, incoming.name(), took, handled.is_ok());
        if let (Ok(()), Incoming::Event(known)) = (&handled, incoming) {
            app.metrics.caught_up(role, app.clock.now().since(known.event.timestamp));
        }
        match &handled {
            Ok(()) => app.breakers.succeeded(&self.handler.dependencies()),
            Err(Failure::Unavailable(dependency, _)) => {
                app.breakers.failed(*dependency, None, app.clock.now(), app.random());
            }
            // A message that is sent back as often as it fails must not look like an outage.
            Err(Failure::Faulty(dependency, _)) => {
                let (now, random) = (app.clock.now(), app.random());
                app.breakers.failed(*dependency, Some(&message.subject()), now, random);
            }
            Err(_) => {}
        }
        handled
    }

    async fn failed(
        &self,
        message: &Received,
        incoming: Option<&Incoming>,
        failure: &Failure,
        in_hand: &InHand,
    ) -> Handled {
        let role = self.handler.role.as_str();
        let disposition =
            self.errors.handle(&self.handler.app, role, message, incoming, failure).await;
        let Disposition::Again(pause) = disposition else { return Handled::Done };
        // From here on nobody keeps it hidden any longer than that.
        in_hand.release(&message.message_id);
        if let Err(failure) = self.handler.queue.give_back(&message.receipt_handle, pause).await {
            tracing::warn!(%failure, "the queue's own visibility time decides");
        }
        Handled::Left { throttled: matches!(failure, Failure::Throttled(..)) }
    }
}

impl InHand {
    fn new(messages: &[Received]) -> Self {
        let handle = |it: &Received| (it.message_id.clone(), it.receipt_handle.clone());
        Self(Mutex::new(messages.iter().map(handle).collect()))
    }

    fn handles(&self) -> Vec<String> {
        // Nothing inside can be half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    fn release(&self, message_id: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(message_id);
    }
}

/// Waits, unless it is told to stop.
async fn stopped_within(pause: Duration, stop: &mut watch::Receiver<bool>) -> bool {
    if pause.is_zero() {
        return *stop.borrow();
    }
    tokio::select! {
        biased;
        _ = stop.wait_for(|stopped| *stopped) => true,
        () = tokio::time::sleep(pause) => false,
    }
}
