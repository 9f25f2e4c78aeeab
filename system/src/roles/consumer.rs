//! Reads a role's queue until told to stop: long poll, handle, delete; on failure back off, and
//! leave it to the queue to move a message to the dead-letter queue.

use std::time::Duration;

use tokio::sync::watch;
use tracing::Instrument;

use super::handler::Handler;
use super::incoming::Incoming;
use crate::adapters::failure_notes::{FailureNote, FailureNotes};
use crate::adapters::sqs::Received;
use crate::failure::Failure;
use crate::metrics::Counter;

/// Pause after a receive that failed; doubles up to `RECEIVE_PAUSE_MAX`.
const RECEIVE_PAUSE: Duration = Duration::from_secs(1);
const RECEIVE_PAUSE_MAX: Duration = Duration::from_secs(30);

pub(crate) struct Consumer {
    pub(crate) handler: Handler,
    pub(crate) notes: FailureNotes,
}

impl Consumer {
    /// Ends after the batch in hand when `stop` says so. Messages that were received but not
    /// handled by then come back when their visibility time is over.
    pub(crate) async fn run(self, mut stop: watch::Receiver<bool>) {
        let span = tracing::info_span!("role", name = self.handler.role.as_str());
        async {
            let mut pause = RECEIVE_PAUSE;
            let long_poll = self.handler.app.timing.long_poll;
            loop {
                let received = tokio::select! {
                    biased;
                    _ = stop.wait_for(|stopped| *stopped) => break,
                    received = self.handler.queue.receive(long_poll, None) => received,
                };
                match received {
                    Ok(messages) => {
                        pause = RECEIVE_PAUSE;
                        self.process(messages).await;
                    }
                    Err(failure) => {
                        tracing::warn!(%failure, "cannot receive");
                        self.handler.app.metrics.add(Counter::ProcessingErrors, 1);
                        tokio::select! {
                            biased;
                            _ = stop.wait_for(|stopped| *stopped) => break,
                            () = tokio::time::sleep(pause) => {}
                        }
                        pause = (pause * 2).min(RECEIVE_PAUSE_MAX);
                    }
                }
            }
            tracing::debug!("drained");
        }
        .instrument(span)
        .await;
    }

    async fn process(&self, messages: Vec<Received>) {
        let mut done = Vec::with_capacity(messages.len());
        for message in messages {
            let incoming = Incoming::parse(&message.body);
            // Every line about a message carries where it comes from.
            let span = match &incoming {
                Ok(incoming) => incoming.span(),
                Err(_) => tracing::info_span!("unreadable", message_id = message.message_id),
            };
            if self.process_one(&message, incoming).instrument(span).await {
                done.push(message.receipt_handle);
            }
        }
        if done.is_empty() {
            return;
        }
        match self.handler.queue.delete(&done).await {
            Ok(0) => {}
            Ok(left) => tracing::warn!(left, "handled but not deleted; it will come again"),
            Err(failure) => tracing::warn!(%failure, "handled but not deleted; will come again"),
        }
    }

    /// Whether the message is done with.
    async fn process_one(&self, message: &Received, incoming: Result<Incoming, Failure>) -> bool {
        let handled = match incoming {
            Ok(incoming) => self.handler.handle(&incoming).await,
            Err(failure) => Err(failure),
        };
        match handled {
            Ok(()) => {
                tracing::debug!(message_id = message.message_id, "handled");
                true
            }
            Err(failure) => {
                self.failed(message, &failure).await;
                false
            }
        }
    }

    async fn failed(&self, message: &Received, failure: &Failure) {
        let app = &self.handler.app;
        app.metrics.add(Counter::ProcessingErrors, 1);
        let last = message.receive_count >= app.timing.max_receive_count;
        // Nothing is gained by waiting: the next receive moves it to the dead-letter queue.
        let delay = match failure {
            Failure::Retry(_) if !last => app.timing.backoff_after(message.receive_count),
            Failure::Retry(_) | Failure::GiveUp(_) => Duration::ZERO,
        };
        tracing::warn!(
            message_id = message.message_id,
            receive_count = message.receive_count,
            delay_seconds = delay.as_secs(),
            last,
            %failure,
            "message failed"
        );
        let note = FailureNote {
            message_id: message.message_id.clone(),
            role: self.handler.role.to_string(),
            reason: failure.to_string(),
            receive_count: message.receive_count,
            failed_at: app.clock.now(),
        };
        if let Err(failure) = self.notes.put(&note).await {
            tracing::warn!(%failure, "the reason could not be noted");
        }
        if let Err(failure) = self.handler.queue.give_back(&message.receipt_handle, delay).await {
            tracing::warn!(%failure, "the queue's own visibility time decides");
        }
    }
}
