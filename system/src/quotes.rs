//! The asking side of request and reply over queues: whoever asks the carrier for a quote waits
//! here, and one listener a process hands the replies out.
//!
//! Each process has a reply queue of its own, made when it first asks and removed when it stops
//! gracefully. It is read only while somebody waits. It does not know what is asked.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as AsyncMutex, Notify, OnceCell, oneshot, watch};
use tracing::Instrument;

use crate::adapters::aws::Aws;
use crate::adapters::sqs::{BATCH_MAX, Queue, Received};
use crate::config::{Names, Timing};
use crate::contracts::{QuoteReply, QuoteRequest};
use crate::domain::OrderId;
use crate::domain::shipping::Shipment;
use crate::failure::Failure;
use crate::metrics::{Counter, Metrics};
use crate::ports::{Clock, Ids};
use crate::role::Role;

/// What nobody has fetched by then, nobody waits for.
const REPLY_RETENTION: Duration = Duration::from_secs(300);
/// After a receive that failed; somebody waits, but not for long.
const PAUSE: Duration = Duration::from_millis(500);

/// Where one process asks and waits. Making it calls nothing.
pub(crate) struct QuoteDesk {
    parts: Parts,
    requests: OnceCell<Queue>,
    replies: AsyncMutex<Replies>,
    /// By request id.
    waiting: Mutex<BTreeMap<String, oneshot::Sender<QuoteReply>>>,
    somebody_waits: Notify,
}

/// What a desk works with.
pub(crate) struct Parts {
    pub(crate) aws: Aws,
    pub(crate) names: Names,
    pub(crate) timing: Timing,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn Ids>,
    pub(crate) metrics: Arc<Metrics>,
}

/// What somebody asks, and what led to it.
pub(crate) struct Question<'a> {
    /// For the logs only.
    pub(crate) order_id: Option<&'a OrderId>,
    pub(crate) shipment: Shipment,
    pub(crate) correlation_id: &'a str,
    pub(crate) causation_id: &'a str,
}

/// The process's reply queue.
enum Replies {
    NotYet,
    Made(Queue),
    Removed,
}

/// Somebody's place among those who wait; given up when it is dropped.
struct PendingReply<'a> {
    desk: &'a QuoteDesk,
    request_id: String,
}

/// Reads the reply queue while somebody waits.
pub(crate) struct ReplyListener {
    pub(crate) desk: Arc<QuoteDesk>,
}

impl QuoteDesk {
    pub(crate) fn new(parts: Parts) -> Self {
        Self {
            parts,
            requests: OnceCell::new(),
            replies: AsyncMutex::new(Replies::NotYet),
            waiting: Mutex::default(),
            somebody_waits: Notify::new(),
        }
    }

    /// Asks, and waits for the reply until the time for quotes is over; then `None`.
    pub(crate) async fn ask(&self, question: Question<'_>) -> Result<Option<QuoteReply>, Failure> {
        let Parts { timing, clock, ids, .. } = &self.parts;
        let requests = self.requests().await?;
        let reply_to = self.reply_queue().await?.url().to_owned();
        let request = QuoteRequest {
            request_id: ids.next_id(),
            correlation_id: question.correlation_id.to_owned(),
            causation_id: question.causation_id.to_owned(),
            reply_to,
            deadline: clock.now() + timing.quote_timeout,
            order_id: question.order_id.cloned(),
            shipment: question.shipment,
        };
        let (place, reply) = self.expect_reply(&request.request_id);
        let asked = async {
            requests.send(&request.to_body(), Duration::ZERO).await?;
            tracing::info!(request_id = request.request_id, "asked the carrier");
            // The other end lives as long as the place.
            Ok(reply.await.ok())
        };
        let asked = tokio::time::timeout(timing.quote_timeout, asked).await;
        drop(place);
        asked.unwrap_or(Ok(None))
    }

    async fn requests(&self) -> Result<&Queue, Failure> {
        let name = self.parts.names.queue(Role::Carrier);
        self.requests.get_or_try_init(|| Queue::find(&self.parts.aws, &name)).await
    }

    async fn reply_queue(&self) -> Result<Queue, Failure> {
        let Parts { aws, names, ids, .. } = &self.parts;
        let mut replies = self.replies.lock().await;
        match &*replies {
            Replies::Made(queue) => Ok(queue.clone()),
            Replies::Removed => Err(Failure::Retry("this process stops".into())),
            Replies::NotYet => {
                let name = names.reply_queue(&ids.next_id());
                let queue = Queue::create(aws, &name, REPLY_RETENTION, names.tags()).await?;
                tracing::info!(queue = name, "made the reply queue");
                *replies = Replies::Made(queue.clone());
                Ok(queue)
            }
        }
    }

    /// From now on nobody can ask.
    async fn remove_reply_queue(&self) {
        let mut replies = self.replies.lock().await;
        if let Replies::Made(queue) = std::mem::replace(&mut *replies, Replies::Removed)
            && let Err(failure) = queue.remove().await
        {
            tracing::warn!(%failure, "the reply queue is left to `infra destroy`");
        }
    }

    fn expect_reply(&self, request_id: &str) -> (PendingReply<'_>, oneshot::Receiver<QuoteReply>) {
        let (sender, reply) = oneshot::channel();
        self.lock().insert(request_id.to_owned(), sender);
        self.somebody_waits.notify_one();
        (PendingReply { desk: self, request_id: request_id.to_owned() }, reply)
    }

    async fn until_somebody_waits(&self) {
        while self.lock().is_empty() {
            self.somebody_waits.notified().await;
        }
    }

    /// Gives a reply to who waits for it.
    fn hand_out(&self, message: &Received) {
        let metrics = &self.parts.metrics;
        let reply: QuoteReply = match serde_json::from_str(&message.body) {
            Ok(reply) => reply,
            Err(error) => {
                tracing::warn!(message_id = message.message_id, %error, "not a reply; deleted");
                metrics.add(Counter::QuoteRepliesUnclaimed, 1);
                return;
            }
        };
        let (request_id, correlation_id) = (reply.request_id.clone(), reply.correlation_id.clone());
        let waiting = self.lock().remove(&request_id);
        if waiting.and_then(|waiting| waiting.send(reply).ok()).is_some() {
            tracing::debug!(request_id, correlation_id, "replied");
        } else {
            tracing::warn!(request_id, correlation_id, "nobody waits for this reply; deleted");
            metrics.add(Counter::QuoteRepliesUnclaimed, 1);
        }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, oneshot::Sender<QuoteReply>>> {
        // Nothing inside can be half done.
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for PendingReply<'_> {
    fn drop(&mut self) {
        self.desk.lock().remove(&self.request_id);
    }
}

impl ReplyListener {
    /// Runs until `stop` says so, and removes the reply queue then.
    pub(crate) async fn run(self, mut stop: watch::Receiver<bool>) {
        let listen = async {
            loop {
                self.desk.until_somebody_waits().await;
                if let Err(failure) = self.listen().await {
                    tracing::warn!(%failure, "cannot read replies");
                    self.desk.parts.metrics.add(Counter::ProcessingErrors, 1);
                    tokio::time::sleep(PAUSE).await;
                }
            }
        };
        let span = tracing::info_span!("quote replies");
        tokio::select! {
            biased;
            _ = stop.wait_for(|stopped| *stopped) => {}
            () = listen.instrument(span) => {}
        }
        self.desk.remove_reply_queue().await;
    }

    async fn listen(&self) -> Result<(), Failure> {
        let timing = &self.desk.parts.timing;
        let queue = self.desk.reply_queue().await?;
        let wait = timing.quote_timeout.min(timing.long_poll);
        let messages = queue.receive(BATCH_MAX, wait, None).await?;
        let handles: Vec<_> = messages.iter().map(|one| one.receipt_handle.clone()).collect();
        for message in &messages {
            self.desk.hand_out(message);
        }
        match queue.delete(&handles).await? {
            0 => Ok(()),
            left => Err(Failure::Retry(format!("{left} replies were not deleted"))),
        }
    }
}
