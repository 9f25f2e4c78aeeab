//! A group's consumer in librdkafka. Rebalances are written down and answered by the member when it
//! asks for the next news, so nobody gets its partitions before it has heard that they are gone.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use futures_util::stream::StreamExt;
use rdkafka::consumer::stream_consumer::StreamPartitionQueue;
use rdkafka::consumer::{
    BaseConsumer, Consumer as _, ConsumerContext, MessageStream, StreamConsumer,
};
use rdkafka::error::{KafkaError, KafkaResult};
use rdkafka::message::{BorrowedMessage, Headers as _, Message as _};
use rdkafka::types::RDKafkaRespErr;
use rdkafka::{ClientConfig, Offset, TopicPartitionList};
use tokio::sync::Notify;

use crate::domain::Timestamp;
use crate::ports::{Record, StreamError, TopicPartition};

use super::errors::stream_error;
use super::login::{Context as ClientContext, Login, log_error};
use super::producer::place;

pub(super) type Consumer = StreamConsumer<ClientContext<Rebalances>>;
pub(super) type Messages<'a> = MessageStream<'a, ClientContext<Rebalances>>;
pub(super) type Queue = StreamPartitionQueue<ClientContext<Rebalances>>;

/// What the group tells a consumer.
pub(super) struct Rebalances {
    state: Mutex<State>,
    pub(super) heard: Notify,
}

/// Whether a queue that gave nothing asked to be asked again.
#[derive(Default)]
struct More(AtomicBool);

#[derive(Default)]
struct State {
    events: VecDeque<Rebalance>,
    /// librdkafka waits for an answer to the last event.
    unanswered: bool,
    closing: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Rebalance {
    Assigned(Vec<TopicPartition>),
    Revoked(Vec<TopicPartition>),
    /// The group has gone on without this consumer.
    Lost,
}

impl Rebalances {
    pub(super) fn next(&self) -> Option<Rebalance> {
        self.state().events.pop_front()
    }

    /// Whoever answers librdkafka says so.
    pub(super) fn answered(&self) {
        self.state().unanswered = false;
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wake for More {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Release);
    }
}

impl ConsumerContext for ClientContext<Rebalances> {
    fn rebalance(
        &self,
        consumer: &BaseConsumer<Self>,
        kind: RDKafkaRespErr,
        partitions: &mut TopicPartitionList,
    ) {
        let mut state = self.own.state();
        if state.closing {
            drop(state);
            // A consumer that is closed waits for this and nothing else.
            if let Err(error) = consumer.unassign() {
                log_error(&error, "closing");
            }
            return;
        }
        let event = match kind {
            RDKafkaRespErr::RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS => {
                Rebalance::Assigned(sorted(partitions))
            }
            _ if consumer.assignment_lost() => Rebalance::Lost,
            _ => Rebalance::Revoked(sorted(partitions)),
        };
        state.events.push_back(event);
        state.unanswered = true;
        drop(state);
        self.own.heard.notify_one();
    }
}

/// Joins the group; the brokers are asked in the background.
pub(super) fn join(
    config: &ClientConfig,
    login: &Login,
    topics: &[String],
) -> Result<Arc<Consumer>, StreamError> {
    let context = login.context(Rebalances { state: Mutex::default(), heard: Notify::new() });
    let wrong = |error: KafkaError| stream_error(&error, "", 0);
    let consumer: Consumer = config.create_with_context(context).map_err(wrong)?;
    let topics: Vec<&str> = topics.iter().map(String::as_str).collect();
    consumer.subscribe(&topics).map_err(wrong)?;
    Ok(Arc::new(consumer))
}

/// Leaves the group and ends the consumer; blocks until the brokers know.
pub(super) fn close(consumer: Arc<Consumer>) {
    let unanswered = {
        let mut state = consumer.context().own.state();
        state.closing = true;
        state.unanswered
    };
    if unanswered {
        // librdkafka does not close before its question is answered.
        if let Err(error) = consumer.unassign() {
            log_error(&error, "closing");
        }
    }
}

/// Reads these partitions, and no others, each from there; none: from its first record.
///
/// A queue for each partition: the end of a partition does not name its topic otherwise. The queues
/// come first. What is fetched before a partition has its own goes to the consumer's, and records
/// in two queues lose their order.
pub(super) fn assign<'a>(
    consumer: &Arc<Consumer>,
    reading: impl Iterator<Item = (&'a TopicPartition, Option<u64>)>,
) -> Result<Vec<(TopicPartition, Queue)>, StreamError> {
    let wrong = |error: KafkaError| stream_error(&error, "", 0);
    let mut queues = Vec::new();
    let mut list = TopicPartitionList::new();
    for (of, next) in reading {
        let offset = next.map_or(Offset::Beginning, |it| Offset::Offset(signed(it)));
        list.add_partition_offset(&of.topic, number(of), offset).map_err(wrong)?;
        let queue = consumer.split_partition_queue(&of.topic, number(of));
        let missing = || StreamError::NoSuchTopic(of.topic.clone());
        queues.push((of.clone(), queue.ok_or_else(missing)?));
    }
    consumer.assign(&list).map_err(wrong)?;
    consumer.context().own.answered();
    Ok(queues)
}

/// Gives all partitions up.
pub(super) fn unassign(consumer: &Consumer) -> Result<(), StreamError> {
    consumer.unassign().map_err(|error| stream_error(&error, "", 0))?;
    consumer.context().own.answered();
    Ok(())
}

/// What a queue has at this moment. Events that it only serves count as nothing, so it is asked on
/// for as long as it says that it has more.
pub(super) fn ready<'a>(queue: &mut Messages<'a>) -> Option<KafkaResult<BorrowedMessage<'a>>> {
    let more = Arc::new(More::default());
    let waker = Waker::from(Arc::clone(&more));
    loop {
        match queue.poll_next_unpin(&mut Context::from_waker(&waker)) {
            Poll::Ready(found) => return found,
            Poll::Pending if more.0.swap(false, Ordering::AcqRel) => {}
            Poll::Pending => return None,
        }
    }
}

/// A partition's number as librdkafka has it.
pub(super) fn number(of: &TopicPartition) -> i32 {
    i32::try_from(of.partition).unwrap_or(i32::MAX)
}

/// An offset as librdkafka has it.
pub(super) fn signed(offset: u64) -> i64 {
    i64::try_from(offset).unwrap_or(i64::MAX)
}

pub(super) fn record(message: &BorrowedMessage<'_>) -> Record {
    let headers = message.headers().map(|all| {
        let value = |it: Option<&[u8]>| it.map(<[u8]>::to_vec).unwrap_or_default();
        all.iter().map(|it| (it.key.to_owned(), value(it.value))).collect()
    });
    Record {
        place: place(message),
        key: message.key().map(<[u8]>::to_vec),
        value: message.payload().map(<[u8]>::to_vec).unwrap_or_default(),
        headers: headers.unwrap_or_default(),
        timestamp: Timestamp::from_millis(message.timestamp().to_millis().unwrap_or(0)),
    }
}

fn sorted(partitions: &TopicPartitionList) -> Vec<TopicPartition> {
    let mut all: Vec<TopicPartition> = partitions
        .elements()
        .iter()
        .map(|it| TopicPartition {
            topic: it.topic().to_owned(),
            partition: u32::try_from(it.partition()).unwrap_or(0),
        })
        .collect();
    all.sort();
    all
}
