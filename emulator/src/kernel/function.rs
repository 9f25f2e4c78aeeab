//! A function's run, as data: what whoever runs it is told, and what it says when it is over.
//!
//! The core runs no code. It asks the world outside ([`super::OutsideRequest::Function`]), where a
//! process or a closure does, and gets a [`FunctionRun`] back as an input.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde::{Deserialize, Serialize};

use super::Arn;
use crate::wire::Timestamp;

/// Most bytes that a function may return: 6 MB and what Lambda adds itself.
///
/// Source: Lambda's developer guide, "Lambda quotas"; the number is in the error's text.
pub const FUNCTION_ANSWER_BYTES_MAX: usize = 6_291_556;

/// A function is to be run once.
#[derive(Clone, Debug, PartialEq)]
pub struct Invocation {
    /// As it was invoked: with the version or the alias, if one was named.
    pub function: Arn,
    /// The id that the code sees and that the log's lines name, a UUID.
    pub request_id: String,
    /// JSON.
    pub payload: Bytes,
    /// JSON, if the caller gave one.
    pub client_context: Option<Arc<str>>,
    /// The X-Ray trace that it belongs to, as a header has it.
    pub trace_header: Option<Arc<str>>,
    /// The virtual time at which it begins.
    pub at: Timestamp,
    pub version: Arc<FunctionVersion>,
}

/// One version of a function, as far as it matters to whoever runs it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunctionVersion {
    /// Without a version: account and region are in it.
    pub function: Arn,
    pub name: Arc<str>,
    /// `$LATEST` or a number.
    pub version: Arc<str>,
    /// Another one whenever code or settings have changed: environments of before are stale.
    pub revision: Arc<str>,
    /// `python3.13`; none for an image.
    pub runtime: Option<Arc<str>>,
    pub handler: Option<Arc<str>>,
    pub timeout_seconds: u32,
    pub memory_megabytes: u32,
    pub ephemeral_storage_megabytes: u32,
    /// The user's variables.
    pub environment: BTreeMap<String, String>,
    pub log_group: Arc<str>,
    /// Zip archives: the code, then its layers in order. Nothing for a function that brings none,
    /// and is run by a process or a closure that was attached.
    pub code: Option<Package>,
    pub layers: Vec<Package>,
}

/// A zip archive as it was uploaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Package {
    /// Base64, as AWS says it.
    pub sha256: Arc<str>,
    pub zip: Bytes,
}

/// What a run came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FunctionRun {
    pub end: FunctionEnd,
    /// What the code wrote, line by line in order, without START, END and REPORT.
    pub output: Vec<OutputLine>,
    /// From when the code was given the event to its answer. By real time for a process, by virtual
    /// time for a closure.
    pub duration: Duration,
    /// How long its environment took to begin, if it was begun for this run.
    pub init_duration: Option<Duration>,
    /// Most memory that the environment has used, in megabytes.
    pub memory_used_megabytes: u32,
    /// Of the environment: `2026/11/30/[$LATEST]0123456789abcdef0123456789abcdef`.
    pub log_stream: String,
}

impl FunctionRun {
    /// A run that took no time and wrote nothing.
    pub fn of(end: FunctionEnd) -> Self {
        Self {
            end,
            output: Vec::new(),
            duration: Duration::ZERO,
            init_duration: None,
            memory_used_megabytes: 0,
            log_stream: String::new(),
        }
    }
}

/// One line that the code wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutputLine {
    /// Since the run began.
    pub after: Duration,
    pub text: String,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FunctionEnd {
    /// The code returned something: JSON.
    Returned { payload: Bytes },
    /// The code reported an error: its error document, JSON.
    Failed { payload: Bytes, error_type: Option<String> },
    /// The code could not even begin, and reported why.
    InitFailed { payload: Bytes, error_type: Option<String> },
    /// It did not answer within the function's time-out; its environment is gone.
    TimedOut,
    /// Its process ended without an answer: `exit status 1`, `signal: killed`.
    Exited { status: String },
    /// It used more memory than it may; its environment is gone.
    OutOfMemory,
}
