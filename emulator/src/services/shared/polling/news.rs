//! What a poller tells its owner.

use serde::{Deserialize, Serialize};

use super::record::Record;
use crate::kernel::CallError;

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
