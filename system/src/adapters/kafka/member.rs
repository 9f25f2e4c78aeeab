//! A member of a group on Kafka's brokers. It reads only what was begun: librdkafka is told of a
//! partition, and where to read it, when the member begins it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::{BoxFuture, select_all};
use rdkafka::consumer::{CommitMode, Consumer as _};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::{Offset, TopicPartitionList};
use tokio::time::{Instant, timeout, timeout_at};

use crate::ports::{Member, News, Position, Record, StreamError, StreamFuture, TopicPartition};

use super::consumer::{self, Consumer, Queue, Rebalance, number, ready, signed};
use super::errors::stream_error;

pub(super) struct KafkaMember {
    /// None when it is no longer a member.
    consumer: Option<Arc<Consumer>>,
    request_timeout: Duration,
    /// What it may begin and commit.
    owned: BTreeSet<TopicPartition>,
    reading: BTreeMap<TopicPartition, Reading>,
    /// As librdkafka was told to read last.
    queues: Vec<(TopicPartition, Queue)>,
    /// What librdkafka must be told before the next news.
    owes: Option<Owes>,
    /// Read, and not handed out yet.
    early: VecDeque<Record>,
    /// Partitions whose end was reached, and not told yet.
    ends: VecDeque<TopicPartition>,
    /// The queue that comes first; so that none is forgotten.
    first: usize,
    /// Comes after what was read before it.
    trouble: Option<StreamError>,
    /// Why it is no longer a member.
    fenced: String,
}

struct Reading {
    /// None: its first record.
    next: Option<u64>,
    /// The end that was told of.
    told: Option<u64>,
}

#[derive(Clone, Copy, PartialEq)]
enum Owes {
    Assign,
    Unassign,
}

/// What a wait ended with.
enum Something {
    /// There is a rebalance to look at.
    Rebalance,
    /// From the consumer's own queue.
    Own(Result<Record, KafkaError>),
    /// From the queue with this index.
    Queue(usize, Result<Record, KafkaError>),
}

impl KafkaMember {
    pub(super) fn new(consumer: Arc<Consumer>, request_timeout: Duration) -> Self {
        Self {
            consumer: Some(consumer),
            request_timeout,
            owned: BTreeSet::new(),
            reading: BTreeMap::new(),
            queues: Vec::new(),
            owes: None,
            early: VecDeque::new(),
            ends: VecDeque::new(),
            first: 0,
            trouble: None,
            fenced: String::new(),
        }
    }

    async fn hear(&mut self, most: usize, wait: Duration) -> Result<News, StreamError> {
        let deadline = Instant::now() + wait;
        let consumer = self.consumer()?;
        if let Some(error) = self.trouble.take() {
            return Err(error);
        }
        if self.owes == Some(Owes::Unassign) {
            self.answer(&consumer)?;
        }
        loop {
            self.serve(&consumer)?;
            if let Some(rebalance) = consumer.context().own.next() {
                return self.rebalanced(rebalance);
            }
            self.answer(&consumer)?;
            if !self.early.is_empty() {
                let count = most.clamp(1, self.early.len());
                return Ok(News::Records(self.early.drain(..count).collect()));
            }
            if let Some(news) = self.end_reached(&consumer).await? {
                return Ok(news);
            }
            let mut records = Vec::new();
            self.read(most.max(1), &mut records)?;
            if !records.is_empty() {
                return Ok(News::Records(records));
            }
            if !self.ends.is_empty() || self.owes.is_some() {
                continue;
            }
            let Ok(something) = timeout_at(deadline, self.something(&consumer)).await else {
                return Ok(News::Nothing);
            };
            let (read, at) = match something {
                Something::Rebalance => continue,
                Something::Own(read) => (read, None),
                Something::Queue(index, read) => (read, Some(self.queues[index].0.clone())),
            };
            if let Some(record) = self.take(read, at.as_ref())? {
                records.push(record);
                self.read(most.max(1), &mut records)?;
                return Ok(News::Records(records));
            }
        }
    }

    /// # Errors
    /// `Fenced` when it is no longer a member.
    fn consumer(&self) -> Result<Arc<Consumer>, StreamError> {
        let found = self.consumer.as_ref().map(Arc::clone);
        found.ok_or_else(|| StreamError::Fenced(self.fenced.clone()))
    }

    /// Tells librdkafka what it waits for, or what to read from now on.
    fn answer(&mut self, consumer: &Arc<Consumer>) -> Result<(), StreamError> {
        let Some(owes) = self.owes.take() else { return Ok(()) };
        // Queues that are made anew must not be there twice.
        self.queues.clear();
        match owes {
            Owes::Unassign => {
                self.owned.clear();
                self.forget();
                consumer::unassign(consumer)
            }
            Owes::Assign => {
                let reading = self.reading.iter().map(|(of, it)| (of, it.next));
                self.queues = consumer::assign(consumer, reading)?;
                Ok(())
            }
        }
    }

    fn rebalanced(&mut self, rebalance: Rebalance) -> Result<News, StreamError> {
        self.forget();
        self.queues.clear();
        match rebalance {
            Rebalance::Assigned(all) => {
                self.owned = all.iter().cloned().collect();
                self.owes = Some(Owes::Assign);
                Ok(News::Assigned(all))
            }
            Rebalance::Revoked(all) => {
                self.owes = Some(Owes::Unassign);
                Ok(News::Revoked(all))
            }
            Rebalance::Lost => Err(self.fence("the group went on without it")),
        }
    }

    /// Forgets where it reads.
    fn forget(&mut self) {
        self.reading.clear();
        self.early.clear();
        self.ends.clear();
        self.trouble = None;
    }

    fn fence(&mut self, reason: &str) -> StreamError {
        reason.clone_into(&mut self.fenced);
        self.end();
        StreamError::Fenced(reason.to_owned())
    }

    /// Ends the consumer on a thread of its own, as that waits for the brokers.
    fn end(&mut self) {
        self.owned.clear();
        self.forget();
        self.queues.clear();
        if let Some(consumer) = self.consumer.take() {
            std::thread::spawn(move || consumer::close(consumer));
        }
    }

    /// Serves the consumer's own queue: it has the rebalances, and what was fetched before the
    /// partitions had queues; and it shows the group that this member lives.
    fn serve(&mut self, consumer: &Arc<Consumer>) -> Result<(), StreamError> {
        let mut stream = consumer.stream();
        while let Some(read) = ready(&mut stream) {
            let read = read.map(|it| consumer::record(&it));
            let record = self.take(read, None)?;
            self.early.extend(record);
        }
        Ok(())
    }

    /// Adds what the partitions' queues have already, up to so many records.
    fn read(&mut self, most: usize, records: &mut Vec<Record>) -> Result<(), StreamError> {
        let queues = std::mem::take(&mut self.queues);
        let mut trouble = None;
        for at in 0..queues.len() {
            let index = (self.first + at) % queues.len();
            let (of, queue) = &queues[index];
            let mut stream = queue.stream();
            while records.len() < most
                && trouble.is_none()
                && let Some(read) = ready(&mut stream)
            {
                match self.take(read.map(|it| consumer::record(&it)), Some(of)) {
                    Ok(record) => records.extend(record),
                    Err(error) => trouble = Some(error),
                }
            }
            if records.len() >= most {
                self.first = index + 1;
                break;
            }
        }
        if self.consumer.is_some() {
            self.queues = queues;
        }
        match trouble {
            Some(error) if records.is_empty() => Err(error),
            // What was read before it comes first.
            later => {
                self.trouble = later;
                Ok(())
            }
        }
    }

    /// Waits until any queue has something. Dropped half-way it loses nothing.
    async fn something(&self, consumer: &Arc<Consumer>) -> Something {
        let mut waits: Vec<BoxFuture<'_, Something>> = Vec::with_capacity(self.queues.len() + 2);
        let context = Arc::clone(consumer.context());
        waits.push(Box::pin(async move {
            context.own.heard.notified().await;
            Something::Rebalance
        }));
        waits.push(Box::pin(async move {
            Something::Own(consumer.recv().await.map(|it| consumer::record(&it)))
        }));
        for (index, (_, queue)) in self.queues.iter().enumerate() {
            waits.push(Box::pin(async move {
                Something::Queue(index, queue.recv().await.map(|it| consumer::record(&it)))
            }));
        }
        select_all(waits).await.0
    }

    /// Takes note of what came from a queue, the partition's where it is known.
    fn take(
        &mut self,
        read: Result<Record, KafkaError>,
        of: Option<&TopicPartition>,
    ) -> Result<Option<Record>, StreamError> {
        let error = match read {
            Ok(record) => {
                let reading = self.reading.get_mut(&record.place.of);
                return Ok(reading.map(|reading| {
                    reading.next = Some(record.place.offset + 1);
                    reading.told = None;
                    record
                }));
            }
            Err(error) => error,
        };
        match (error.rdkafka_error_code(), of) {
            (None, Some(of)) if matches!(error, KafkaError::PartitionEOF(_)) => {
                self.ends.push_back(of.clone());
                Ok(None)
            }
            // Whose end it is cannot be known; begun anew it is told again.
            (None, None) if matches!(error, KafkaError::PartitionEOF(_)) => {
                self.owes = self.owes.or(Some(Owes::Assign));
                Ok(None)
            }
            (Some(RDKafkaErrorCode::PollExceeded), _) => {
                Err(self.fence("it did not ask for news for too long"))
            }
            _ if matches!(error, KafkaError::MessageConsumptionFatal(_)) => {
                Err(self.fence(&error.to_string()))
            }
            // One connection of several; librdkafka makes another.
            (Some(RDKafkaErrorCode::BrokerTransportFailure | RDKafkaErrorCode::Resolve), _) => {
                Ok(None)
            }
            (Some(RDKafkaErrorCode::AutoOffsetReset | RDKafkaErrorCode::OffsetOutOfRange), _) => {
                let of = of.map(|it| format!("{}/{}: ", it.topic, it.partition));
                let of = of.unwrap_or_default();
                Err(StreamError::NoSuchOffset(format!("{of}the offset to begin at is not there")))
            }
            _ => Err(stream_error(&error, of.map_or("", |it| &it.topic), 0)),
        }
    }

    async fn end_reached(&mut self, consumer: &Arc<Consumer>) -> Result<Option<News>, StreamError> {
        while let Some(of) = self.ends.front().cloned() {
            let end = match self.reading.get(&of) {
                Some(Reading { next: Some(next), .. }) => Some(*next),
                Some(Reading { next: None, .. }) => Some(self.first_offset(consumer, &of).await?),
                None => None,
            };
            self.ends.pop_front();
            if let (Some(end), Some(reading)) = (end, self.reading.get_mut(&of))
                && reading.told != Some(end)
            {
                reading.next = Some(end);
                reading.told = Some(end);
                return Ok(Some(News::CaughtUp(of, end)));
            }
        }
        Ok(None)
    }

    /// Where a partition without records begins, which is also where it ends.
    async fn first_offset(
        &self,
        consumer: &Arc<Consumer>,
        of: &TopicPartition,
    ) -> Result<u64, StreamError> {
        let (consumer, asked, wait) = (Arc::clone(consumer), of.clone(), self.request_timeout);
        let ask = move || consumer.fetch_watermarks(&asked.topic, number(&asked), wait);
        let asked = tokio::task::spawn_blocking(ask).await;
        let asked = asked.map_err(|error| StreamError::Unreachable(error.to_string()))?;
        let (first, _) = asked.map_err(|error| stream_error(&error, &of.topic, 0))?;
        Ok(u64::try_from(first).unwrap_or(0))
    }

    fn refuse_foreign(&self, of: &TopicPartition) -> Result<(), StreamError> {
        self.consumer()?;
        let TopicPartition { topic, partition } = of;
        let foreign = || StreamError::Fenced(format!("{topic}/{partition} is not its own"));
        self.owned.contains(of).then_some(()).ok_or_else(foreign)
    }

    async fn commit_all(&self, next: &[Position]) -> Result<(), StreamError> {
        let consumer = self.consumer()?;
        let mut list = TopicPartitionList::new();
        for Position { of, offset } in next {
            self.refuse_foreign(of)?;
            list.add_partition_offset(&of.topic, number(of), Offset::Offset(signed(*offset)))
                .map_err(|error| stream_error(&error, &of.topic, 0))?;
        }
        let commit = move || consumer.commit(&list, CommitMode::Sync);
        let committed = timeout(self.request_timeout, tokio::task::spawn_blocking(commit)).await;
        match committed {
            Ok(Ok(result)) => result.map_err(|error| stream_error(&error, "", 0)),
            Ok(Err(error)) => Err(StreamError::Unreachable(error.to_string())),
            Err(_) => Err(StreamError::Unreachable("no answer to a commit".to_owned())),
        }
    }
}

impl Member for KafkaMember {
    fn next(&mut self, most: usize, wait: Duration) -> StreamFuture<'_, News> {
        Box::pin(self.hear(most, wait))
    }

    fn begin(&mut self, at: &TopicPartition, offset: Option<u64>) -> StreamFuture<'_, ()> {
        let owned = self.refuse_foreign(at);
        if owned.is_ok() {
            self.reading.insert(at.clone(), Reading { next: offset, told: None });
            self.ends.retain(|it| it != at);
            self.early.retain(|it| it.place.of != *at);
            self.owes = self.owes.or(Some(Owes::Assign));
        }
        Box::pin(std::future::ready(owned))
    }

    fn commit<'a>(&'a mut self, next: &'a [Position]) -> StreamFuture<'a, ()> {
        Box::pin(self.commit_all(next))
    }

    fn leave(mut self: Box<Self>) -> StreamFuture<'static, ()> {
        let consumer = self.consumer.take();
        self.queues.clear();
        Box::pin(async move {
            let Some(consumer) = consumer else { return Ok(()) };
            let closed = tokio::task::spawn_blocking(move || consumer::close(consumer)).await;
            closed.map_err(|error| StreamError::Unreachable(error.to_string()))
        })
    }
}

impl Drop for KafkaMember {
    fn drop(&mut self) {
        self.end();
    }
}
