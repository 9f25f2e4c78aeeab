//! What came of a batch, and how a function says so.
//!
//! Source: Lambda developer guide, "Implementing partial batch responses", "Success and failure
//! conditions" (of SQS and of DynamoDB streams).

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::record::Record;

/// What came of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Done,
    /// None of it counts as dealt with.
    Failed,
    /// Nobody has tried: it is tried again, and does not count.
    Throttled,
    /// These places of the batch failed; at least one.
    Partly(BTreeSet<usize>),
}

/// What a record of the batch is named by in an answer.
pub(crate) type NameOf = fn(&Record) -> &str;

impl Verdict {
    /// Reads the answer of a function that reports which items have failed.
    pub(crate) fn of_answer(answer: &str, records: &[Record], name: NameOf) -> Self {
        let answer = answer.trim();
        if answer.is_empty() {
            return Self::Done;
        }
        let failures = match serde_json::from_str::<Value>(answer) {
            Ok(Value::Null) => return Self::Done,
            Ok(Value::Object(mut members)) => members.remove("batchItemFailures"),
            _ => return Self::Failed,
        };
        let failures = match failures {
            None | Some(Value::Null) => return Self::Done,
            Some(Value::Array(failures)) => failures,
            Some(_) => return Self::Failed,
        };
        let mut places = BTreeMap::new();
        for (place, record) in records.iter().enumerate() {
            places.insert(name(record), place);
        }
        let mut failed = BTreeSet::new();
        for failure in failures {
            let id = failure["itemIdentifier"].as_str().unwrap_or_default();
            match places.get(id).filter(|_| !id.is_empty()) {
                Some(place) => failed.insert(*place),
                // A name that is none, or of no record: the whole batch has failed.
                None => return Self::Failed,
            };
        }
        Self::of_places(failed)
    }

    /// The same with the places that have failed.
    pub(crate) fn of_places(failed: BTreeSet<usize>) -> Self {
        if failed.is_empty() { Self::Done } else { Self::Partly(failed) }
    }
}
