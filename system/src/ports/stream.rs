//! The stream: records in the partitions of topics, read by groups that share the partitions, as
//! Kafka has it. Two implementations: Kafka, and a log in memory for simulations; one contract
//! suite runs against both.
//!
//! The port promises at least once. Whoever needs an effect once keeps offsets with the effect and
//! says where to begin when a partition is assigned.

use std::pin::Pin;
use std::time::Duration;

use crate::domain::Timestamp;
use crate::failure::{Dependency, Failure};

pub type StreamFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StreamError>> + Send + 'a>>;

/// What became of each record, in the order in which they were handed in.
pub type AppendFuture<'a> =
    Pin<Box<dyn Future<Output = Vec<Result<Position, StreamError>>> + Send + 'a>>;

/// Names and values; names may repeat.
pub type Headers = Vec<(String, Vec<u8>)>;

/// Key and value of a record together have at most so many bytes.
const RECORD_BYTES_MAX: usize = 1_000_000;
/// The headers of a record have at most so many, with ten for each header besides. Brokers take
/// 1,048,588 bytes in all unless told otherwise.
const HEADERS_BYTES_MAX: usize = 30_000;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRecord {
    pub topic: String,
    /// Decides the partition: the same key is always in the same one, and topics with as many
    /// partitions put it under the same number.
    pub key: String,
    pub value: Vec<u8>,
    pub headers: Headers,
    /// When it happened; windows go by it.
    pub timestamp: Timestamp,
}

impl NewRecord {
    /// Whether a stream takes a record of this size; how large it is.
    ///
    /// # Errors
    /// `TooLarge`.
    pub fn bytes(&self) -> Result<usize, StreamError> {
        let own = self.key.len() + self.value.len();
        let headers: usize =
            self.headers.iter().map(|(name, value)| name.len() + value.len() + 10).sum();
        let bytes = own + headers;
        if own > RECORD_BYTES_MAX || headers > HEADERS_BYTES_MAX {
            return Err(StreamError::TooLarge { topic: self.topic.clone(), bytes });
        }
        Ok(bytes)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TopicPartition {
    pub topic: String,
    pub partition: u32,
}

/// Where a record stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub of: TopicPartition,
    /// Counted from zero in each partition; numbers may be missing.
    pub offset: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub place: Position,
    pub key: Option<Vec<u8>>,
    pub value: Vec<u8>,
    pub headers: Headers,
    pub timestamp: Timestamp,
}

/// What a member of a group hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// These are the member's now. Nothing is read of them until `Member::begin`.
    Assigned(Vec<TopicPartition>),
    /// These are somebody else's now: their state must be forgotten.
    Revoked(Vec<TopicPartition>),
    /// At least one; those of one partition in order.
    Records(Vec<Record>),
    /// The partition has been read to its end, which is the offset of the next record.
    CaughtUp(TopicPartition, u64),
    /// Nothing within the time that was asked for.
    Nothing,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StreamError {
    /// It may work later.
    #[error("the brokers cannot be reached: {0}")]
    Unreachable(String),
    #[error("there is no topic {0:?}")]
    NoSuchTopic(String),
    #[error("a record of {bytes} bytes is more than topic {topic:?} takes")]
    TooLarge { topic: String, bytes: usize },
    /// The group goes on without this member: others have its partitions.
    #[error("no longer a member of the group: {0}")]
    Fenced(String),
    /// Where reading should begin, there is nothing any more, or nothing yet.
    #[error("there is no such offset: {0}")]
    NoSuchOffset(String),
    #[error("the brokers refuse: {0}")]
    Refused(String),
}

/// A topic that should be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTopic {
    pub topic: String,
    pub partitions: u32,
    /// How long records are kept.
    pub retention: Duration,
}

pub trait Stream: Send + Sync {
    /// Makes the topics that are not there yet.
    ///
    /// # Errors
    /// `Refused` when one is there with another number of partitions.
    fn ensure_topics<'a>(&'a self, topics: &'a [NewTopic]) -> StreamFuture<'a, ()>;

    /// The number of partitions of a topic.
    ///
    /// # Errors
    /// `NoSuchTopic`.
    fn partitions<'a>(&'a self, topic: &'a str) -> StreamFuture<'a, u32>;

    /// Appends; records of one partition in the order handed in. Ends when all in-sync replicas
    /// have each record, or when it is known that one will not be appended.
    fn append(&self, records: Vec<NewRecord>) -> AppendFuture<'_>;

    /// Whether its log began with this handle and ends with it: whatever was read before is of
    /// another log.
    fn is_passing(&self) -> bool {
        false
    }

    /// How many records of these topics a group has still to read, by what it has told: all of them
    /// if it has told nothing. Whoever asks need not be a member, and none need be there.
    fn lag<'a>(&'a self, group: &'a str, topics: &'a [String]) -> StreamFuture<'a, u64>;

    /// Becomes a member of a group that shares the partitions of these topics. Partitions with the
    /// same number, of topics with as many partitions, always go to the same member.
    fn join<'a>(
        &'a self,
        group: &'a str,
        topics: &'a [String],
    ) -> StreamFuture<'a, Box<dyn Member>>;
}

/// One member of a group. Dropped without `leave` it is missed only when its session is over, like
/// a process that died.
pub trait Member: Send {
    /// What comes next: at most `most` records, within `wait`. Must be asked again soon, or the
    /// group takes the member for dead.
    fn next(&mut self, most: usize, wait: Duration) -> StreamFuture<'_, News>;

    /// Begins, or goes on, reading an assigned partition there. `None`: at its first record.
    fn begin(&mut self, at: &TopicPartition, offset: Option<u64>) -> StreamFuture<'_, ()>;

    /// Tells the group how far it got, for whoever looks at the group's lag: the offsets of the
    /// next records.
    ///
    /// # Errors
    /// `Fenced` when the partitions are somebody else's by now.
    fn commit<'a>(&'a mut self, next: &'a [Position]) -> StreamFuture<'a, ()>;

    /// Gives the partitions back at once.
    fn leave(self: Box<Self>) -> StreamFuture<'static, ()>;
}

/// A failed use of the stream. A topic that is missing is nobody's record's fault.
impl From<StreamError> for Failure {
    fn from(error: StreamError) -> Self {
        match error {
            StreamError::TooLarge { .. } => Self::GiveUp(error.to_string()),
            StreamError::Unreachable(_)
            | StreamError::NoSuchTopic(_)
            | StreamError::Fenced(_)
            | StreamError::NoSuchOffset(_)
            | StreamError::Refused(_) => Self::Unavailable(Dependency::Kafka, error.to_string()),
        }
    }
}
