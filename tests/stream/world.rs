//! What a case is given: a stream, names that nobody else uses, and how long to wait.

use std::sync::Arc;
use std::time::Duration;

use orderflow::domain::Timestamp;
use orderflow::ports::{NewRecord, NewTopic, Position, Stream, TopicPartition};

pub(crate) struct World {
    pub(crate) stream: Arc<dyn Stream>,
    /// No other case and no other run has it.
    pub(crate) name: String,
    /// Nothing that must happen takes longer.
    pub(crate) patience: Duration,
}

impl World {
    /// Makes a topic and answers its name.
    pub(crate) async fn topic(&self, suffix: &str, partitions: u32) -> String {
        let topic = format!("{}-{suffix}", self.name);
        self.stream.ensure_topics(&[new_topic(&topic, partitions)]).await.unwrap();
        topic
    }

    pub(crate) fn group(&self) -> String {
        format!("{}-group", self.name)
    }

    /// Appends records that must be taken.
    pub(crate) async fn append(&self, records: Vec<NewRecord>) -> Vec<Position> {
        let results = self.stream.append(records).await;
        results.into_iter().collect::<Result<_, _>>().unwrap()
    }

    /// Appends `count` records with keys `k0`, `k1`, … and values `0`, `1`, …
    pub(crate) async fn append_numbers(&self, topic: &str, count: usize) -> Vec<Position> {
        let record = |it: usize| new_record(topic, &format!("k{it}"), &it.to_string());
        self.append((0..count).map(record).collect()).await
    }
}

pub(crate) fn new_topic(topic: &str, partitions: u32) -> NewTopic {
    NewTopic { topic: topic.to_owned(), partitions, retention: Duration::from_secs(86_400) }
}

pub(crate) fn new_record(topic: &str, key: &str, value: &str) -> NewRecord {
    NewRecord {
        topic: topic.to_owned(),
        key: key.to_owned(),
        value: value.as_bytes().to_vec(),
        headers: Vec::new(),
        timestamp: Timestamp::from_millis(1_767_225_600_000),
    }
}

pub(crate) fn partition(topic: &str, partition: u32) -> TopicPartition {
    TopicPartition { topic: topic.to_owned(), partition }
}
