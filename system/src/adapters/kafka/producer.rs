//! Appending: an idempotent producer whose delivery reports are checked one by one. A full queue
//! makes whoever appends wait.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{DeliveryResult, Header, Message, OwnedHeaders};
use rdkafka::producer::{BaseRecord, Producer as _, ProducerContext, ThreadedProducer};
use tokio::sync::Notify;

use crate::ports::{NewRecord, Position, StreamError, TopicPartition};

use super::errors::stream_error;
use super::login::{Context, Login};
use super::topics::Topics;

/// Room may come without a report, as when a timeout clears the queue.
const LOOK_FOR_ROOM: Duration = Duration::from_millis(20);

type Outcome = Result<Position, StreamError>;
type Client = ThreadedProducer<Context<Reports>>;

pub(super) struct Producer {
    config: ClientConfig,
    login: Login,
    client: Mutex<Arc<Client>>,
}

/// Where the delivery reports go.
struct Reports {
    /// A report frees the room of its record.
    room: Notify,
}

/// The records of one call.
struct Batch {
    results: Mutex<Vec<Option<Outcome>>>,
    left: AtomicUsize,
    done: Notify,
}

/// Goes with a record and comes back with its report.
struct Ticket {
    batch: Arc<Batch>,
    index: usize,
    bytes: usize,
}

impl Producer {
    pub(super) fn new(config: ClientConfig, login: Login) -> Result<Self, StreamError> {
        let client = Mutex::new(Arc::new(client(&config, &login)?));
        Ok(Self { config, login, client })
    }

    /// Answers for each record, in order, what became of it.
    pub(super) async fn append(&self, topics: &Topics, records: Vec<NewRecord>) -> Vec<Outcome> {
        let client = match self.client() {
            Ok(client) => client,
            Err(error) => return records.iter().map(|_| Err(error.clone())).collect(),
        };
        let batch = Arc::new(Batch {
            results: Mutex::new(vec![None; records.len()]),
            left: AtomicUsize::new(records.len()),
            done: Notify::new(),
        });
        let mut wrong: BTreeMap<String, Option<StreamError>> = BTreeMap::new();
        for (index, record) in records.into_iter().enumerate() {
            if !wrong.contains_key(&record.topic) {
                let error = topics.known_partitions(&record.topic).await.err();
                wrong.insert(record.topic.clone(), error);
            }
            if let Some(Some(error)) = wrong.get(&record.topic) {
                batch.settle(index, Err(error.clone()));
                continue;
            }
            send(&client, &batch, index, record).await;
        }
        let results = batch.wait().await;
        for result in &results {
            if let Err(StreamError::NoSuchTopic(topic)) = result {
                topics.forget(topic);
            }
        }
        results
    }

    /// The present client; a new one after an error that ends a client.
    fn client(&self) -> Result<Arc<Client>, StreamError> {
        let mut present = lock(&self.client);
        if let Some((_, reason)) = present.client().fatal_error() {
            tracing::warn!(reason, "the producer is made anew");
            *present = Arc::new(client(&self.config, &self.login)?);
        }
        Ok(Arc::clone(&present))
    }
}

fn client(config: &ClientConfig, login: &Login) -> Result<Client, StreamError> {
    let reports = login.context(Reports { room: Notify::new() });
    config.create_with_context(reports).map_err(|error| stream_error(&error, "", 0))
}

/// Hands one record to the client, as soon as that has room for it.
async fn send(client: &Client, batch: &Arc<Batch>, index: usize, record: NewRecord) {
    let bytes = match record.bytes() {
        Ok(bytes) => bytes,
        Err(error) => return batch.settle(index, Err(error)),
    };
    let NewRecord { topic, key, value, headers, timestamp } = record;
    let ticket = Box::new(Ticket { batch: Arc::clone(batch), index, bytes });
    let mut record = BaseRecord::with_opaque_to(&topic, ticket)
        .key(key.as_bytes())
        .payload(value.as_slice())
        .timestamp(timestamp.as_millis());
    if !headers.is_empty() {
        let all = OwnedHeaders::new_with_capacity(headers.len());
        let all = headers.iter().fold(all, |all, (key, value)| {
            all.insert(Header { key, value: Some(value.as_slice()) })
        });
        record = record.headers(all);
    }
    loop {
        // Made before the attempt, so that no report between attempt and wait is missed.
        let room = client.context().own.room.notified();
        match client.send(record) {
            Ok(()) => return,
            Err((KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull), returned)) => {
                record = returned;
                // Whether there is room, the next attempt tells.
                let _ = tokio::time::timeout(LOOK_FOR_ROOM, room).await;
            }
            Err((error, _)) => {
                return batch.settle(index, Err(stream_error(&error, &topic, bytes)));
            }
        }
    }
}

impl Batch {
    fn settle(&self, index: usize, result: Outcome) {
        if let Some(place) = lock(&self.results).get_mut(index) {
            *place = Some(result);
        }
        if self.left.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.done.notify_one();
        }
    }

    async fn wait(&self) -> Vec<Outcome> {
        while self.left.load(Ordering::Acquire) > 0 {
            self.done.notified().await;
        }
        let results = std::mem::take(&mut *lock(&self.results));
        let missing = || Err(StreamError::Unreachable("no delivery report".to_owned()));
        results.into_iter().map(|it| it.unwrap_or_else(missing)).collect()
    }
}

impl ProducerContext for Context<Reports> {
    type DeliveryOpaque = Box<Ticket>;

    fn delivery(&self, report: &DeliveryResult<'_>, ticket: Box<Ticket>) {
        let Ticket { batch, index, bytes } = *ticket;
        let result = match report {
            Ok(message) => Ok(place(message)),
            Err((error, message)) => Err(stream_error(error, message.topic(), bytes)),
        };
        batch.settle(index, result);
        self.own.room.notify_waiters();
    }
}

/// Where a message stands; librdkafka counts both from zero.
pub(super) fn place(message: &impl Message) -> Position {
    let partition = u32::try_from(message.partition()).unwrap_or(0);
    let of = TopicPartition { topic: message.topic().to_owned(), partition };
    Position { of, offset: u64::try_from(message.offset()).unwrap_or(0) }
}

fn lock<T>(it: &Mutex<T>) -> MutexGuard<'_, T> {
    it.lock().unwrap_or_else(PoisonError::into_inner)
}
