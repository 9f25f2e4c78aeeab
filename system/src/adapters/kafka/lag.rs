//! How far a group is behind, as the brokers know it. Who asks is no member: it assigns itself
//! nothing and subscribes to nothing.

use std::time::Duration;

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::{ClientConfig, Offset, TopicPartitionList};

use crate::ports::StreamError;

use super::errors::stream_error;
use super::login::{Context, Login};

pub(super) async fn of_group(
    config: ClientConfig,
    login: Login,
    topics: Vec<String>,
    timeout: Duration,
) -> Result<u64, StreamError> {
    let asked = tokio::task::spawn_blocking(move || ask(&config, &login, &topics, timeout)).await;
    asked.map_err(|error| StreamError::Unreachable(error.to_string()))?
}

fn ask(
    config: &ClientConfig,
    login: &Login,
    topics: &[String],
    timeout: Duration,
) -> Result<u64, StreamError> {
    let wrong = |error: KafkaError| stream_error(&error, "", 0);
    let consumer: BaseConsumer<Context<()>> =
        config.create_with_context(login.context(())).map_err(wrong)?;
    let mut wanted = TopicPartitionList::new();
    // Of all topics: who asks for one by name makes it where brokers make what they are asked for.
    let metadata = consumer.fetch_metadata(None, timeout).map_err(wrong)?;
    for topic in topics {
        let known = metadata.topics().iter().find(|it| it.name() == topic);
        let known = known.ok_or_else(|| StreamError::NoSuchTopic(topic.clone()))?;
        for partition in known.partitions() {
            wanted.add_partition(topic, partition.id());
        }
    }
    let committed = consumer.committed_offsets(wanted, timeout).map_err(wrong)?;
    let mut lag = 0;
    for one in committed.elements() {
        let (topic, partition) = (one.topic(), one.partition());
        let (first, end) = consumer.fetch_watermarks(topic, partition, timeout).map_err(wrong)?;
        let read = match one.offset() {
            Offset::Offset(read) => read.max(first),
            // Nothing was told yet.
            _ => first,
        };
        lag += u64::try_from(end - read).unwrap_or_default();
    }
    Ok(lag)
}
