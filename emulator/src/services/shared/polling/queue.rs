//! Reading a queue: what is received is gathered to batches, and what was dealt with is deleted.
//!
//! What fails stays where it is until its visibility timeout is over; the queue sees to redrive and
//! to the order of its groups.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::news::{Batch, News};
use super::poller::{BYTES_MAX, From, Poller};
use super::record::Record;
use super::verdict::Verdict;
use crate::kernel::{Arn, Context};
use crate::wire::Timestamp;

/// Most messages that a queue gives, and deletes, at once.
const MESSAGES_MAX: usize = 10;

/// Messages that were received and not yet handed out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Gathering {
    gathered: Vec<Record>,
    bytes: usize,
    /// When the first of them came.
    since: Option<Timestamp>,
    /// Whole batches that wait for others to end.
    ready: VecDeque<Vec<Record>>,
}

impl Gathering {
    fn push(&mut self, now: Timestamp, record: Record, batch_size: usize) {
        if self.bytes + record.event.len() > BYTES_MAX {
            self.cut();
        }
        self.since.get_or_insert(now);
        self.bytes += record.event.len();
        self.gathered.push(record);
        if self.gathered.len() >= batch_size {
            self.cut();
        }
    }

    /// What was gathered becomes a batch.
    fn cut(&mut self) {
        let records = std::mem::take(&mut self.gathered);
        self.ready.extend(Some(records).filter(|records| !records.is_empty()));
        (self.bytes, self.since) = (0, None);
    }
}

impl Poller {
    fn gathering(&mut self) -> &mut Gathering {
        match &mut self.from {
            From::Queue(gathering) => gathering,
            From::Stream(_) => unreachable!("a stream is not gathered as a queue is"),
        }
    }

    pub(super) fn ask_queue(&mut self, ctx: &mut Context<'_>) {
        let (size, busy) = (self.settings.batch_size, self.batches.len());
        let concurrency = self.settings.concurrency;
        let gathering = self.gathering();
        if !gathering.ready.is_empty() || busy >= concurrency {
            return;
        }
        let wanted = size.saturating_sub(gathering.gathered.len()).clamp(1, MESSAGES_MAX);
        let request = json!({
            "QueueUrl": url(&self.settings.source),
            "MaxNumberOfMessages": wanted,
            "MessageSystemAttributeNames": ["All"],
            "MessageAttributeNames": ["All"],
        });
        self.question(ctx, ("sqs", "ReceiveMessage"), request, true);
    }

    pub(super) fn take_messages(&mut self, ctx: &mut Context<'_>, answer: &Value) {
        let mut dropped = Vec::new();
        for message in answer["Messages"].as_array().into_iter().flatten() {
            let record = Record::of_message(&self.settings.source, message);
            if self.settings.wants(&record.event) {
                let size = self.settings.batch_size;
                self.gathering().push(ctx.now(), record, size);
            } else {
                dropped.push(record);
            }
        }
        self.delete(ctx, dropped.iter());
    }

    pub(super) fn hand_out_messages(&mut self, ctx: &mut Context<'_>, news: &mut News) {
        let (now, window) = (ctx.now(), self.settings.window);
        let gathering = self.gathering();
        if let Some(since) = gathering.since {
            let due = since + window;
            match due <= now {
                true => gathering.cut(),
                false => self.wake_at(ctx, due),
            }
        }
        while self.batches.len() < self.settings.concurrency && !self.gathering().ready.is_empty() {
            if let Some(at) = self.pace.wait(now) {
                return self.wake_at(ctx, at);
            }
            let records = self.gathering().ready.pop_front().unwrap_or_default();
            let batch = self.begin(ctx, (records, 0), 0);
            news.batches.push(batch);
        }
    }

    /// A batch is over: what was dealt with is deleted.
    pub(super) fn delete_done(&self, ctx: &mut Context<'_>, batch: &Batch, verdict: &Verdict) {
        let records = batch.records.iter().enumerate();
        match verdict {
            Verdict::Failed | Verdict::Throttled => {}
            Verdict::Done => self.delete(ctx, batch.records.iter()),
            Verdict::Partly(failed) => {
                let done = records.filter(|(place, _)| !failed.contains(place));
                self.delete(ctx, done.map(|(_, record)| record));
            }
        }
    }

    // A message whose deletion is refused comes again, as a queue promises.
    fn delete<'r>(&self, ctx: &mut Context<'_>, records: impl Iterator<Item = &'r Record>) {
        let handles: Vec<&str> = records.map(|record| &*record.handle).collect();
        for chunk in handles.chunks(MESSAGES_MAX) {
            let entries = chunk.iter().enumerate().map(
                |(number, handle)| json!({ "Id": number.to_string(), "ReceiptHandle": handle }),
            );
            let entries: Vec<Value> = entries.collect();
            let request = json!({ "QueueUrl": url(&self.settings.source), "Entries": entries });
            self.tell(ctx, ("sqs", "DeleteMessageBatch"), request);
        }
    }
}

/// A queue's URL.
fn url(queue: &Arn) -> String {
    format!("https://sqs.{}.amazonaws.com/{}/{}", queue.region(), queue.account(), queue.resource)
}
