//! The stream as one role reaches it: each of its calls may be the last.

use super::Crash;
use orderflow::Role;
use orderflow::ports::{
    AppendFuture, Member, NewRecord, NewTopic, News, Position, Stream, StreamFuture, TopicPartition,
};
use std::sync::Arc;
use std::time::Duration;

pub(super) struct Fragile<Inner> {
    calls: Calls,
    inner: Inner,
}

#[derive(Clone)]
struct Calls {
    crash: Crash,
    role: Role,
}

impl Fragile<Arc<dyn Stream>> {
    pub(super) fn around(crash: Crash, role: Role, inner: Arc<dyn Stream>) -> Self {
        Self { calls: Calls { crash, role }, inner }
    }
}

impl Calls {
    /// Makes the call. The role may die when it is done: then nobody hears what came of it.
    async fn make<T>(&self, name: &str, call: impl Future<Output = T>) -> T {
        let Some(number) = self.crash.begin(self.role, name) else { return call.await };
        let done = call.await;
        if self.crash.dies(self.role, number) {
            return std::future::pending().await;
        }
        done
    }
}

impl Stream for Fragile<Arc<dyn Stream>> {
    fn ensure_topics<'a>(&'a self, topics: &'a [NewTopic]) -> StreamFuture<'a, ()> {
        self.inner.ensure_topics(topics)
    }

    fn partitions<'a>(&'a self, topic: &'a str) -> StreamFuture<'a, u32> {
        self.inner.partitions(topic)
    }

    fn lag<'a>(&'a self, group: &'a str, topics: &'a [String]) -> StreamFuture<'a, u64> {
        self.inner.lag(group, topics)
    }

    fn append(&self, records: Vec<NewRecord>) -> AppendFuture<'_> {
        Box::pin(self.calls.make("stream.append", self.inner.append(records)))
    }

    fn join<'a>(
        &'a self,
        group: &'a str,
        topics: &'a [String],
    ) -> StreamFuture<'a, Box<dyn Member>> {
        Box::pin(async move {
            let joined = self.calls.make("stream.join", self.inner.join(group, topics)).await?;
            let member = Fragile { calls: self.calls.clone(), inner: joined };
            Ok(Box::new(member) as Box<dyn Member>)
        })
    }
}

impl Member for Fragile<Box<dyn Member>> {
    fn next(&mut self, most: usize, wait: Duration) -> StreamFuture<'_, News> {
        Box::pin(async move {
            let news = self.inner.next(most, wait).await?;
            // Hearing nothing new leaves nothing half done.
            if matches!(news, News::Nothing | News::CaughtUp(..)) {
                return Ok(news);
            }
            self.calls.make("stream.next", async { Ok(news) }).await
        })
    }

    fn begin(&mut self, at: &TopicPartition, offset: Option<u64>) -> StreamFuture<'_, ()> {
        self.inner.begin(at, offset)
    }

    fn commit<'a>(&'a mut self, next: &'a [Position]) -> StreamFuture<'a, ()> {
        Box::pin(self.calls.make("stream.commit", self.inner.commit(next)))
    }

    fn leave(self: Box<Self>) -> StreamFuture<'static, ()> {
        let Self { calls, inner } = *self;
        let left = inner.leave();
        Box::pin(async move { calls.make("stream.leave", left).await })
    }
}
