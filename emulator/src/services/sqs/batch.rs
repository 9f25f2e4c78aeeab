//! The rules that all batch operations share, and their per-entry errors.
//!
//! Source: API reference "SendMessageBatch"; recordings; entries' errors as clients reported them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::error::{SqsError, shorter_than};
use crate::kernel::Context;
use crate::wire::{Fault, WireError};

/// Most entries of one batch.
pub(super) const ENTRIES_MAX: usize = 10;
/// Longest entry id, in characters.
const ID_CHARACTERS_MAX: usize = 80;

/// Why one entry of a batch failed.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct BatchResultErrorEntry {
    pub id: Option<String>,
    pub sender_fault: Option<bool>,
    pub code: Option<String>,
    pub message: Option<String>,
}

impl BatchResultErrorEntry {
    pub(super) fn new(id: String, error: SqsError) -> Self {
        let own = in_a_batch(&error).map(|(code, message)| (code.to_owned(), message));
        let error = WireError::from(error);
        let (code, message) = own.unwrap_or((error.query_code.into_owned(), error.message));
        Self {
            id: Some(id),
            sender_fault: Some(error.fault == Fault::Sender),
            code: Some(code),
            message: Some(message),
        }
    }
}

/// Code and message of an entry's error where AWS words it otherwise than for a single message:
/// of a refused value the reason alone, without its full stop, and a receipt handle's own code.
fn in_a_batch(error: &SqsError) -> Option<(&'static str, String)> {
    let (name, reason) = match error {
        SqsError::MessageTooLong { max } => {
            let text = format!(
                "One or more parameters cannot be validated. Reason: {}",
                shorter_than(*max)
            );
            return Some(("InvalidParameterValue", text));
        }
        SqsError::InvalidValue { name, reason, .. } => (name.as_str(), reason.as_str()),
        SqsError::ReceiptHandleHasExpired(_) => {
            ("ReceiptHandle", "The receipt handle has expired.")
        }
        _ => return None,
    };
    let code = match name {
        "ReceiptHandle" => "ReceiptHandleIsInvalid",
        _ => "InvalidParameterValue",
    };
    Some((code, reason.strip_suffix('.').unwrap_or(reason).to_owned()))
}

/// Checks the number of entries and their ids; `operation` as in `SendMessageBatch`.
///
/// # Errors
/// `EmptyBatchRequest`, `TooManyEntriesInBatchRequest`, `InvalidBatchEntryId`,
/// `BatchEntryIdsNotDistinct`, `MissingParameter`.
pub(super) fn check_entries<'a>(
    operation: &'static str,
    ids: impl ExactSizeIterator<Item = Option<&'a str>>,
) -> Result<(), SqsError> {
    if ids.len() == 0 {
        return Err(SqsError::EmptyBatchRequest(operation));
    }
    if ids.len() > ENTRIES_MAX {
        return Err(SqsError::TooManyEntriesInBatchRequest { sent: ids.len() });
    }
    let mut seen = BTreeSet::new();
    for (number, id) in (1..).zip(ids) {
        let id = id.ok_or_else(|| missing(operation, number, "Id"))?;
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if id.is_empty() || id.len() > ID_CHARACTERS_MAX || !id.chars().all(allowed) {
            return Err(SqsError::InvalidBatchEntryId);
        }
        if !seen.insert(id) {
            return Err(SqsError::BatchEntryIdsNotDistinct(id.to_owned()));
        }
    }
    Ok(())
}

/// Checks that every entry has its `member`; empty counts as absent.
///
/// # Errors
/// `MissingParameter` for the whole batch.
pub(super) fn check_present<'a>(
    operation: &str,
    member: &str,
    values: impl Iterator<Item = Option<&'a str>>,
) -> Result<(), SqsError> {
    for (number, value) in (1..).zip(values) {
        value
            .filter(|value| !value.is_empty())
            .ok_or_else(|| missing(operation, number, member))?;
    }
    Ok(())
}

/// An entry without `member`; AWS names it as the query protocol does, in every protocol.
fn missing(operation: &str, number: usize, member: &str) -> SqsError {
    SqsError::MissingParameter(format!("{operation}RequestEntry.{number}.{member}"))
}

/// Runs one entry after the other and sorts the outcomes.
pub(super) fn each<E, R>(
    ctx: &mut Context<'_>,
    entries: Vec<E>,
    id: impl Fn(&E) -> String,
    mut run: impl FnMut(&mut Context<'_>, E, String) -> Result<R, SqsError>,
) -> (Vec<R>, Vec<BatchResultErrorEntry>) {
    let (mut successful, mut failed) = (Vec::new(), Vec::new());
    for entry in entries {
        let id = id(&entry);
        if let Some(fault) = ctx.entry_fault() {
            failed.push(BatchResultErrorEntry {
                id: Some(id),
                sender_fault: Some(fault.fault == Fault::Sender),
                code: Some(fault.query_code.into_owned()),
                message: Some(fault.message),
            });
            continue;
        }
        match run(ctx, entry, id.clone()) {
            Ok(done) => successful.push(done),
            Err(error) => failed.push(BatchResultErrorEntry::new(id, error)),
        }
    }
    (successful, failed)
}
