//! Takes what comes to a role with a FIFO queue from its intake, a standard queue, to the FIFO
//! queue: each order is a group of its own, and what was told twice is told once.
//!
//! EventBridge gives all messages of a rule the same group, and a FIFO queue cannot delay single
//! messages, as deadlines are. Source: PutTargets, and SendMessage, API reference.

use std::sync::Arc;

use tokio::sync::watch;
use tracing::Instrument;

use super::handler::Handler;
use super::incoming::Incoming;
use crate::adapters::sqs::{BATCH_MAX, Queue, Received};
use crate::app::App;
use crate::failure::Failure;
use crate::metrics::Counter;
use crate::resilience::Backoff;
use crate::role::Role;

const PAUSE: Backoff =
    Backoff { first: std::time::Duration::from_secs(1), most: std::time::Duration::from_secs(30) };

pub(crate) struct Sequencer {
    role: Role,
    app: Arc<App>,
    intake: Queue,
    queue: Queue,
}

impl Sequencer {
    /// `None` for a role whose queue is its own intake.
    pub(crate) fn of(handler: &Handler) -> Option<Self> {
        let Handler { role, app, queue, intake, .. } = handler;
        let (app, intake, queue) = (Arc::clone(app), intake.clone(), queue.clone());
        queue.is_fifo().then_some(Self { role: *role, app, intake, queue })
    }

    /// Ends after what it has in hand when `stop` says so.
    pub(crate) async fn run(self, mut stop: watch::Receiver<bool>) {
        let span = tracing::info_span!("sequencer", role = self.role.as_str());
        async {
            let mut failures = 0;
            loop {
                let received = tokio::select! {
                    biased;
                    _ = stop.wait_for(|stopped| *stopped) => break,
                    received = self.intake.receive(BATCH_MAX, self.app.timing.long_poll, None) => {
                        received
                    }
                };
                let passed = match received {
                    Ok(messages) => self.pass_on(messages).await,
                    Err(failure) => Err(failure),
                };
                let Err(failure) = passed else {
                    failures = 0;
                    continue;
                };
                tracing::warn!(%failure, "cannot pass on; it will come again");
                self.app.metrics.add(Counter::ProcessingErrors, 1);
                failures += 1;
                let pause = PAUSE.pause(failures, self.app.random());
                tokio::select! {
                    biased;
                    _ = stop.wait_for(|stopped| *stopped) => break,
                    () = tokio::time::sleep(pause) => {}
                }
            }
        }
        .instrument(span)
        .await;
    }

    /// One after the other, as they came. Each is sent before it is deleted: a crash in between
    /// sends it again, and the FIFO queue drops it.
    async fn pass_on(&self, messages: Vec<Received>) -> Result<(), Failure> {
        let mut done = Vec::with_capacity(messages.len());
        let mut passed = Ok(());
        for message in &messages {
            let (group, deduplication) = place(message);
            passed = self.queue.send_in_order(&message.body, &group, &deduplication).await;
            if passed.is_err() {
                break;
            }
            done.push(message.receipt_handle.clone());
        }
        if !done.is_empty() {
            self.intake.delete(&done).await?;
        }
        passed
    }
}

/// Group and deduplication id. An event is itself however often it comes; a deadline is a message.
/// What cannot be read is a group by itself, so that it holds up nobody.
fn place(message: &Received) -> (String, String) {
    let own = || message.message_id.clone();
    match Incoming::parse(&message.body) {
        Ok(incoming) => {
            let group = incoming.order_id().map_or_else(own, ToString::to_string);
            let deduplication = match &incoming {
                Incoming::Event(known) => known.event.event_id.clone(),
                _ => own(),
            };
            (fitting(group), fitting(deduplication))
        }
        Err(_) => (own(), own()),
    }
}

/// As SQS takes it: up to 128 letters, digits and punctuation. Source: SendMessage, API reference.
fn fitting(id: String) -> String {
    let fits = id.len() <= 128 && id.bytes().all(|byte| byte.is_ascii_graphic());
    if fits && !id.is_empty() {
        return id;
    }
    // A number that is the same for the same id; two orders in a group are only slower.
    let number = id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{number:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(body: &str) -> Received {
        Received {
            message_id: "m-1".into(),
            receipt_handle: "r".into(),
            body: body.into(),
            receive_count: 1,
            group: None,
            first_received: None,
            trace: None,
            attributes: Vec::new(),
        }
    }

    #[test]
    fn an_order_is_a_group_and_a_deadline_is_a_message_of_its_own() {
        let timer =
            r#"{"timer":"packing","order_id":"o-1","correlation_id":"c","causation_id":"d"}"#;
        assert_eq!(place(&message(timer)), ("o-1".into(), "m-1".into()));
        assert_eq!(place(&message("nonsense")), ("m-1".into(), "m-1".into()));
    }

    #[test]
    fn what_sqs_does_not_take_as_an_id_becomes_a_number() {
        let long = "x".repeat(129);
        for id in [long.as_str(), "an id", "ä", ""] {
            let fitted = fitting(id.to_owned());
            assert_eq!((fitted.len(), fitted.clone()), (16, fitting(id.to_owned())), "{id}");
        }
        assert_eq!(fitting("o-1".to_owned()), "o-1");
    }
}
