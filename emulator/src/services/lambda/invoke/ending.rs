//! How a run ended, in AWS's words.
//!
//! Source: developer guide "Troubleshoot invocation issues in Lambda" and "Lambda runtimes API".

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::kernel::{FUNCTION_ANSWER_BYTES_MAX as RESPONSE_BYTES_MAX, FunctionEnd, MessageId};

/// What a run came to, as its callers and its log see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Ending {
    /// What the code returned, or the document of the error.
    pub(super) payload: Bytes,
    pub(super) status: Status,
}

/// The kind of an ending.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Status {
    Success,
    /// The code said that it failed, and with which type of error.
    Error(Option<String>),
    /// Its environment broke down, with this type of error.
    Failure(String),
    Timeout,
}

impl Status {
    /// The word in system logs.
    pub(super) fn as_str(&self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Error(_) | Self::Failure(_) => "error",
            Self::Timeout => "timeout",
        }
    }
}

impl Ending {
    /// What `end` is called for a run with a time-out of so many seconds.
    pub(super) fn of(end: FunctionEnd, request_id: MessageId, timeout_seconds: u32) -> Self {
        let broken = |kind: &str, told: &str| {
            let message = format!("RequestId: {request_id} Error: {told}");
            Self { payload: document(kind, &message), status: Status::Failure(kind.to_owned()) }
        };
        match end {
            FunctionEnd::Returned { payload } if payload.len() > RESPONSE_BYTES_MAX => {
                let kind = "Function.ResponseSizeTooLarge";
                let message = format!(
                    "Response payload size exceeded maximum allowed payload size \
                     ({RESPONSE_BYTES_MAX} bytes)."
                );
                let status = Status::Error(Some(kind.to_owned()));
                Self { payload: document(kind, &message), status }
            }
            FunctionEnd::Returned { payload } => Self { payload, status: Status::Success },
            FunctionEnd::Failed { payload, error_type }
            | FunctionEnd::InitFailed { payload, error_type } => {
                Self { payload, status: Status::Error(error_type) }
            }
            FunctionEnd::TimedOut => {
                let message =
                    format!("RequestId: {request_id} Error: {}", timed_out(timeout_seconds));
                let payload = document("Sandbox.Timedout", &message);
                Self { payload, status: Status::Timeout }
            }
            FunctionEnd::Exited { status } if status == "exit status 0" => {
                broken("Runtime.ExitError", "Runtime exited without providing a reason")
            }
            FunctionEnd::Exited { status } => {
                broken("Runtime.ExitError", &format!("Runtime exited with error: {status}"))
            }
            // Unverified: the type; guides show this text with `Runtime.ExitError`, too.
            FunctionEnd::OutOfMemory => {
                broken("Runtime.OutOfMemory", "Runtime exited with error: signal: killed")
            }
        }
    }

    pub(super) fn is_error(&self) -> bool {
        self.status != Status::Success
    }

    /// `X-Amz-Function-Error`.
    pub(super) fn function_error(&self) -> Option<String> {
        self.is_error().then(|| "Unhandled".to_owned())
    }

    /// The error in a line, for people and dead letters.
    pub(super) fn message(&self) -> String {
        let document: Option<serde_json::Value> = serde_json::from_slice(&self.payload).ok();
        let document = document.unwrap_or_default();
        let text = |name: &str| document[name].as_str().unwrap_or_default().to_owned();
        match (text("errorType"), text("errorMessage")) {
            (kind, message) if kind.is_empty() && message.is_empty() => {
                String::from_utf8_lossy(&self.payload).into_owned()
            }
            (kind, message) if kind.is_empty() => message,
            (kind, message) => format!("{kind}: {message}"),
        }
    }
}

/// `Task timed out after 3.00 seconds`.
pub(super) fn timed_out(seconds: u32) -> String {
    format!("Task timed out after {seconds}.00 seconds")
}

fn document(kind: &str, message: &str) -> Bytes {
    json!({"errorType": kind, "errorMessage": message}).to_string().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_end_has_awss_words() {
        let check = |end: FunctionEnd, payload: &str, status: &str| {
            let ending = Ending::of(end, MessageId(0), 3);
            assert_eq!(String::from_utf8_lossy(&ending.payload), payload);
            assert_eq!(ending.status.as_str(), status);
            assert_eq!(ending.function_error().is_some(), status != "success");
        };
        let id = MessageId(0);
        let told = |kind: &str, message: &str| {
            format!(r#"{{"errorType":"{kind}","errorMessage":"RequestId: {id} Error: {message}"}}"#)
        };
        let payload = Bytes::from_static(b"[1]");
        check(FunctionEnd::Returned { payload: payload.clone() }, "[1]", "success");
        let error_type = Some("E".to_owned());
        let failed = FunctionEnd::Failed { payload: payload.clone(), error_type };
        check(failed, "[1]", "error");
        check(FunctionEnd::InitFailed { payload, error_type: None }, "[1]", "error");
        let late = told("Sandbox.Timedout", "Task timed out after 3.00 seconds");
        check(FunctionEnd::TimedOut, &late, "timeout");
        for (status, message) in [
            ("exit status 1", "Runtime exited with error: exit status 1"),
            ("signal: killed", "Runtime exited with error: signal: killed"),
            ("exit status 0", "Runtime exited without providing a reason"),
        ] {
            let status = status.to_owned();
            check(FunctionEnd::Exited { status }, &told("Runtime.ExitError", message), "error");
        }
        let killed = told("Runtime.OutOfMemory", "Runtime exited with error: signal: killed");
        check(FunctionEnd::OutOfMemory, &killed, "error");
    }

    #[test]
    fn what_is_returned_has_a_bound() {
        for (bytes, fits) in [(RESPONSE_BYTES_MAX, true), (RESPONSE_BYTES_MAX + 1, false)] {
            let payload = Bytes::from(vec![b'1'; bytes]);
            let ending = Ending::of(FunctionEnd::Returned { payload }, MessageId(0), 3);
            assert_eq!(ending.is_error(), !fits);
            assert_eq!(ending.message().contains("6291556 bytes"), !fits);
        }
    }
}
