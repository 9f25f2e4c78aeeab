//! What a poller tells its owner.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::record::Record;
use crate::kernel::CallError;
use crate::wire::Timestamp;

/// Records that are to be dealt with together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Batch {
    /// The poller's number for it.
    pub(crate) id: u64,
    pub(crate) records: Vec<Record>,
    /// How often it has failed already; streams.
    pub(crate) failures: u32,
    /// Which of a stream's lanes it is from.
    pub(super) lane: usize,
    /// Of a stream that is read in windows.
    pub(crate) window: Option<Window>,
}

/// The window that a batch lies in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Window {
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
    pub(crate) shard: Arc<str>,
    /// Nothing more comes of this window; the batch is empty.
    pub(crate) is_final: bool,
    /// It ends before its time.
    pub(crate) is_early: bool,
}

/// Records of a stream that are given up.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Discarded {
    pub(crate) records: Vec<Record>,
    /// AWS's word: `RetryAttemptsExhausted`, `RecordAgeExceeded`.
    pub(crate) condition: &'static str,
    /// How often they were tried.
    pub(crate) attempts: u32,
}

/// What is new, in order.
#[derive(Debug, Default)]
pub(crate) struct News {
    /// What the owner has to deal with; each wants [`super::Poller::finished`].
    pub(crate) batches: Vec<Batch>,
    pub(crate) discarded: Vec<Discarded>,
    /// The source can't be read; it is tried again.
    pub(crate) trouble: Option<CallError>,
    /// The source was read.
    pub(crate) is_read: bool,
}

impl Discarded {
    /// `DDBStreamBatchInfo`: where in the stream they lie.
    ///
    /// Source: Lambda developer guide, "Retaining discarded batches for a DynamoDB event source".
    pub(crate) fn batch_info(&self, stream: &str) -> Value {
        let (first, last) = (self.records.first(), self.records.last());
        let handle = |record: Option<&Record>| record.map(|record| record.handle.to_string());
        let at = |record: Option<&Record>| record.map(|record| record.at.iso_seconds());
        json!({
            "shardId": first.map(|record| &*record.shard),
            "startSequenceNumber": handle(first),
            "endSequenceNumber": handle(last),
            "approximateArrivalOfFirstRecord": at(first),
            "approximateArrivalOfLastRecord": at(last),
            "batchSize": self.records.len(),
            "streamArn": stream,
        })
    }
}
