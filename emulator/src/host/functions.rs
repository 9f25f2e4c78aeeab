//! What all who run functions have in common, be they processes or closures.

use bytes::Bytes;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::kernel::{FUNCTION_ANSWER_BYTES_MAX as ANSWER_BYTES_MAX, FunctionEnd, FunctionVersion};
use crate::wire::{Timestamp, hex};

/// The name of an environment's log stream: the day, the version, and an id that the seed decides
/// for the `number`th environment of that version.
pub(crate) fn log_stream(
    seed: u64,
    version: &FunctionVersion,
    (number, at): (u64, Timestamp),
) -> String {
    let FunctionVersion { function, version, revision, .. } = version;
    let drawn = format!("{seed} {function} {version} {revision} {number}");
    let id = hex(&Sha256::digest(drawn.as_bytes())[..16]);
    let day = at.iso_seconds().get(..10).unwrap_or_default().replace('-', "/");
    format!("{day}/[{version}]{id}")
}

/// An error as a function reports it.
pub(crate) fn error_document(error_type: &str, message: &str) -> Bytes {
    json!({ "errorMessage": message, "errorType": error_type }).to_string().into()
}

/// What code has returned, if it is not too long.
pub(crate) fn answered(payload: Bytes) -> FunctionEnd {
    if payload.len() <= ANSWER_BYTES_MAX {
        return FunctionEnd::Returned { payload };
    }
    let error_type = "Function.ResponseSizeTooLarge";
    let message = format!(
        "Response payload size exceeded maximum allowed payload size ({ANSWER_BYTES_MAX} bytes)."
    );
    let payload = error_document(error_type, &message);
    FunctionEnd::Failed { payload, error_type: Some(error_type.to_owned()) }
}
