//! Reading a stream: shard after shard, in lanes by key. Each lane deals with one batch at a time,
//! so what has the same key stays in order, and a batch that fails holds up its lane alone.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::news::{Batch, Discarded, News};
use super::pace;
use super::poller::{BYTES_MAX, From, Poller};
use super::record::Record;
use super::settings::{StartingPosition, StreamSettings};
use super::verdict::Verdict;
use super::window::{Open, Turn};
use crate::kernel::{CallError, Context};
use crate::wire::Timestamp;

/// The service that reads streams.
const SERVICE: &str = "dynamodbstreams";
/// Most records that are read at once.
const RECORDS_MAX: usize = 1_000;
/// How long records of a stream live.
const RETENTION: Duration = Duration::from_secs(86_400);

/// Where a stream is read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Reading {
    pub(super) shard: Option<Arc<str>>,
    /// The shard has ended: the next one is looked for.
    shard_is_over: bool,
    /// The stream has ended.
    is_closed: bool,
    /// The shard is read from its beginning, wherever the stream was to be begun.
    is_read_whole: bool,
    /// The number of the last record that was read in the shard.
    last: Option<Arc<str>>,
    iterator: Option<String>,
    step: Step,
    pub(super) lanes: Vec<Lane>,
}

/// What was asked last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
enum Step {
    #[default]
    Shards,
    Iterator,
    Records,
}

/// Records whose keys are dealt with one after the other.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Lane {
    pub(super) pending: VecDeque<Record>,
    bytes: usize,
    /// Since when the first of them is gathered.
    since: Option<Timestamp>,
    /// What failed, and how often; before all that is pending.
    pub(super) again: VecDeque<(Vec<Record>, u32)>,
    resumes: Option<Timestamp>,
    is_busy: bool,
    pub(super) open: Option<Open>,
}

impl Lane {
    fn is_idle(&self) -> bool {
        let is_empty = self.pending.is_empty() && self.again.is_empty();
        is_empty && !self.is_busy && self.open.is_none()
    }

    fn push(&mut self, now: Timestamp, record: Record) {
        self.since.get_or_insert(now);
        self.bytes += record.event.len();
        self.pending.push_back(record);
    }

    /// Takes a batch of what is pending, of one window only.
    fn cut(&mut self, now: Timestamp, batch_size: usize) -> Vec<Record> {
        let until = self.open.as_ref().map(|open| open.end);
        let (mut records, mut bytes) = (Vec::new(), 0);
        while let Some(record) = self.pending.front()
            && records.len() < batch_size
            && until.is_none_or(|until| record.at < until)
            && (records.is_empty() || bytes + record.event.len() <= BYTES_MAX)
        {
            bytes += record.event.len();
            records.extend(self.pending.pop_front());
        }
        self.bytes -= bytes;
        self.since = (!self.pending.is_empty()).then_some(now);
        records
    }
}

impl Reading {
    /// An error that only says that the place where it reads is too old: it looks for it anew.
    pub(super) fn lost_its_place(&mut self, error: &CallError) -> bool {
        let CallError::Refused { shape, .. } = error else { return false };
        match (shape.as_str(), self.iterator.is_some()) {
            ("ResourceNotFoundException", _) if self.step == Step::Iterator => {
                // The shard is gone; whether its stream is too, the next question shows.
                (self.shard, self.last, self.is_read_whole) = (None, None, true);
            }
            ("ExpiredIteratorException", true) => self.iterator = None,
            ("TrimmedDataAccessException", _) if self.last.is_some() || self.iterator.is_some() => {
                (self.iterator, self.last, self.is_read_whole) = (None, None, true);
            }
            _ => return false,
        }
        true
    }

    fn is_full(&self, batch_size: usize) -> bool {
        let (records, bytes) = self.lanes.iter().fold((0, 0), |(records, bytes), lane| {
            (records + lane.pending.len(), bytes + lane.bytes)
        });
        let lanes = self.lanes.len().max(1);
        records >= batch_size * lanes || bytes >= BYTES_MAX * lanes
    }
}

impl Poller {
    pub(super) fn reading(&mut self) -> &mut Reading {
        match &mut self.from {
            From::Stream(reading) => reading,
            From::Queue(_) => unreachable!("a queue is not read as a stream is"),
        }
    }

    pub(super) fn stream_settings(&self) -> StreamSettings {
        self.settings.stream.clone().expect("whoever reads a stream has its settings")
    }

    pub(super) fn ask_stream(&mut self, ctx: &mut Context<'_>) {
        let (size, from) = (self.settings.batch_size, self.stream_settings().from);
        let stream = self.settings.source.to_string();
        let reading = self.reading();
        if reading.is_closed || reading.is_full(size) {
            return;
        }
        let (step, operation, request) = match (&reading.shard, &reading.iterator) {
            (Some(shard), _) if reading.shard_is_over => {
                let request = json!({ "StreamArn": stream, "ExclusiveStartShardId": &**shard });
                (Step::Shards, "DescribeStream", request)
            }
            (None, _) => (Step::Shards, "DescribeStream", json!({ "StreamArn": stream })),
            (Some(shard), None) => {
                let kind = match &reading.last {
                    Some(_) => "AFTER_SEQUENCE_NUMBER",
                    None if reading.is_read_whole || from == StartingPosition::TrimHorizon => {
                        "TRIM_HORIZON"
                    }
                    None => "LATEST",
                };
                let mut request = json!({
                    "StreamArn": stream, "ShardId": &**shard, "ShardIteratorType": kind,
                });
                if let Some(last) = &reading.last {
                    request["SequenceNumber"] = (**last).into();
                }
                (Step::Iterator, "GetShardIterator", request)
            }
            (Some(_), Some(iterator)) => {
                let request = json!({ "ShardIterator": iterator, "Limit": RECORDS_MAX });
                (Step::Records, "GetRecords", request)
            }
        };
        reading.step = step;
        self.question(ctx, (SERVICE, operation), request, step == Step::Records);
    }

    pub(super) fn take_records(&mut self, ctx: &mut Context<'_>, answer: &Value) {
        match self.reading().step {
            Step::Shards => self.take_shards(ctx, answer),
            Step::Iterator => {
                let iterator = answer["ShardIterator"].as_str().map(str::to_owned);
                self.reading().iterator = iterator;
            }
            Step::Records => self.take_changes(ctx, answer),
        }
    }

    fn take_shards(&mut self, ctx: &Context<'_>, answer: &Value) {
        let shards = answer["StreamDescription"]["Shards"].as_array();
        let mut ids = shards.into_iter().flatten().filter_map(|shard| shard["ShardId"].as_str());
        let from = self.stream_settings().from;
        let reading = self.reading();
        let is_first = reading.shard.is_none();
        let is_last = from == StartingPosition::Latest && !reading.is_read_whole;
        let found = match is_first && is_last {
            true => ids.next_back(),
            false => ids.next(),
        };
        match found {
            Some(id) => {
                reading.shard = Some(id.into());
                reading.shard_is_over = false;
                (reading.iterator, reading.last) = (None, None);
                reading.is_read_whole |= !is_first;
            }
            None if is_first => self.pause(ctx),
            None => reading.is_closed = true,
        }
    }

    fn take_changes(&mut self, ctx: &Context<'_>, answer: &Value) {
        let wanted_lanes = self.stream_settings().lanes.max(1);
        let stream = self.settings.source.clone();
        let shard = self.reading().shard.clone().unwrap_or_default();
        let records = answer["Records"].as_array();
        let records: Vec<Record> = records
            .into_iter()
            .flatten()
            .map(|record| Record::of_change(&stream, &shard, record))
            .collect();
        let next = answer["NextShardIterator"].as_str().map(str::to_owned);
        if records.is_empty() && next.is_some() {
            // Whoever is patient is told something; without, it would be asked without end.
            self.pause(ctx);
        }
        let reading = self.reading();
        reading.shard_is_over = next.is_none();
        reading.iterator = next;
        if let Some(last) = records.last() {
            reading.last = Some(Arc::clone(&last.handle));
        }
        if reading.lanes.len() != wanted_lanes && reading.lanes.iter().all(Lane::is_idle) {
            reading.lanes = vec![Lane::default(); wanted_lanes];
        }
        for record in records {
            if self.settings.wants(&record.event) {
                let lanes = &mut self.reading().lanes;
                let lane = (record.hash % lanes.len() as u64) as usize;
                lanes[lane].push(ctx.now(), record);
            }
        }
    }

    pub(super) fn hand_out_records(&mut self, ctx: &mut Context<'_>, news: &mut News) {
        let now = ctx.now();
        for lane in 0..self.reading().lanes.len() {
            while let Some((records, failures)) = self.next_of(ctx, lane) {
                let is_final = records.is_empty();
                let age_max = self.stream_settings().age_max.unwrap_or(RETENTION);
                let is_old = |record: &Record| now.since(record.at) > age_max;
                let (old, records): (Vec<_>, Vec<_>) = records.into_iter().partition(is_old);
                if !old.is_empty() {
                    let (condition, attempts) = ("RecordAgeExceeded", failures);
                    news.discarded.push(Discarded { records: old, condition, attempts });
                }
                if is_final || !records.is_empty() {
                    self.reading().lanes[lane].is_busy = true;
                    let batch = self.begin(ctx, (records, failures), lane);
                    news.batches.push(batch);
                }
            }
        }
    }

    /// What a lane deals with next, if it may now; else it is woken in time.
    fn next_of(&mut self, ctx: &mut Context<'_>, lane: usize) -> Option<(Vec<Record>, u32)> {
        let (now, size, window) = (ctx.now(), self.settings.batch_size, self.settings.window);
        let (turn, tumbling) = (self.pace.wait(now), self.stream_settings().tumbling);
        let it = &mut self.reading().lanes[lane];
        if it.is_busy {
            return None;
        }
        match it.turn(tumbling, now) {
            Turn::Ends => {
                it.again.push_back((Vec::new(), 0));
            }
            Turn::Waits(until) => {
                self.wake_at(ctx, until);
                return None;
            }
            Turn::Idle => return None,
            Turn::Goes => {}
        }
        let it = &mut self.reading().lanes[lane];
        let is_whole = it.pending.len() >= size || it.bytes >= BYTES_MAX;
        let gathered = it.since.filter(|_| it.again.is_empty() && !is_whole);
        let due = [it.resumes, turn, gathered.map(|since| since + window)];
        if let Some(at) = due.into_iter().flatten().max().filter(|at| *at > now) {
            self.wake_at(ctx, at);
            return None;
        }
        it.resumes = None;
        Some(it.again.pop_front().unwrap_or_else(|| (it.cut(now, size), 0)))
    }

    /// A batch is over: its lane goes on, or tries again what is left of it.
    ///
    /// Source: Lambda developer guide, "Configuring partial batch response with DynamoDB": all from
    /// the first that failed on is tried again; halving is no retry.
    pub(super) fn move_on(
        &mut self,
        ctx: &Context<'_>,
        batch: Batch,
        verdict: &Verdict,
        news: &mut News,
    ) {
        let settings = self.stream_settings();
        let Batch { mut records, failures, lane, .. } = batch;
        let lane = &mut self.reading().lanes[lane];
        lane.is_busy = false;
        let is_final = records.is_empty();
        let first = match verdict {
            Verdict::Done => return lane.has_ended(is_final),
            Verdict::Throttled => {
                lane.resumes = Some(ctx.now() + pace::pause(1));
                lane.again.push_front((records, failures));
                return;
            }
            Verdict::Failed => 0,
            Verdict::Partly(failed) => failed.first().copied().unwrap_or(0),
        };
        let mut rest = records.split_off(first.min(records.len()));
        if settings.bisects && first > 0 {
            lane.again.push_front((rest, failures));
            return;
        }
        if settings.bisects && rest.len() > 1 {
            let second = rest.split_off(rest.len() / 2);
            lane.again.push_front((second, failures));
            lane.again.push_front((rest, failures));
            return;
        }
        let failures = failures + 1;
        if settings.retries_max.is_some_and(|max| failures > max) {
            if is_final {
                return lane.has_ended(is_final);
            }
            let condition = "RetryAttemptsExhausted";
            news.discarded.push(Discarded { records: rest, condition, attempts: failures });
            return;
        }
        lane.resumes = Some(ctx.now() + pace::pause(failures));
        lane.again.push_front((rest, failures));
    }
}
