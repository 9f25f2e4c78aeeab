//! What scripts do to the stream's brokers, where they are in this process.

use crate::world::{Done, OrderWorld};
use harness::{Arguments, WorldError, text};
use orderflow::adapters::memory_stream::MemoryStream;
use orderflow::contracts::Topic;
use orderflow::ports::TopicPartition;
use serde_json::Value;
use std::time::Duration;
use tokio::time::Instant;

impl OrderWorld {
    /// Nothing is appended and nothing read for a while.
    pub(crate) fn cut_stream(&self, with: &Arguments) -> Done {
        self.brokers()?.unreachable(until(with)?);
        Ok(Value::Null)
    }

    /// One partition yields nothing for a while.
    pub(crate) fn lag_stream(&self, with: &Arguments) -> Done {
        let name = text(with, "topic")?;
        let topic = Topic::ALL.into_iter().find(|topic| topic.as_str() == name);
        let topic = topic.ok_or_else(|| WorldError(format!("no topic `{name}`")))?;
        let partition = with["partition"].as_u64().and_then(|it| u32::try_from(it).ok());
        let partition = partition.ok_or_else(|| WorldError("partition: a number".into()))?;
        let of = TopicPartition { topic: self.names.stream_topic(topic), partition };
        self.brokers()?.hold_back(of, until(with)?);
        Ok(Value::Null)
    }

    /// The next appends are done, and who appended does not hear of it.
    pub(crate) fn lose_stream_answers(&self, with: &Arguments) -> Done {
        let count = with["count"].as_u64().and_then(|it| usize::try_from(it).ok());
        let count = count.ok_or_else(|| WorldError("count: a number".into()))?;
        self.brokers()?.lose_answers(count);
        Ok(Value::Null)
    }

    /// The group that counts goes on without its members; they must join again.
    pub(crate) fn fence_analytics(&self) -> Done {
        self.brokers()?.fence(&self.names.stream_group());
        Ok(Value::Null)
    }

    fn brokers(&self) -> Result<&MemoryStream, WorldError> {
        let elsewhere = || WorldError("the stream can be disturbed in simulations only".into());
        self.stream.as_ref().ok_or_else(elsewhere)
    }
}

fn until(with: &Arguments) -> Result<Instant, WorldError> {
    let seconds = with["seconds"].as_f64().and_then(|it| Duration::try_from_secs_f64(it).ok());
    let seconds = seconds.ok_or_else(|| WorldError("seconds: a number".into()))?;
    Ok(Instant::now() + seconds)
}
