//! A request on its way in, and what becomes of it.

use bytes::Bytes;
use http::{HeaderValue, Response};

use super::faults::Fate;
use super::services::Services;
use crate::kernel::{Answer, CallId, Caller, Context, MessageId, Reply};
use crate::wire::{Format, WireError, internal_failure, respond};

pub(super) type RunCall =
    Box<dyn FnOnce(&mut Context<'_>, &mut Services) -> Result<Reply, WireError> + Send>;

/// A request that was read and not yet run.
pub struct Call {
    pub(super) caller: Caller,
    pub(super) format: Format,
    /// The body, for fault rules that name a resource.
    pub(super) body: Bytes,
    /// The header `amz-sdk-request`.
    pub(super) attempt: Option<HeaderValue>,
    pub(super) run: RunCall,
}

impl Call {
    /// Who calls.
    pub fn caller(&self) -> &Caller {
        &self.caller
    }

    /// `sqs:SendMessage`, for logs.
    pub fn name(&self) -> String {
        format!("{}:{}", self.format.service.name, self.format.operation)
    }
}

/// How the answer to a request is written; kept by whoever waits for it.
#[derive(Clone, Debug)]
pub struct ReplyFormat {
    pub(super) format: Format,
    pub(super) request_id: MessageId,
    pub(super) fate: Fate,
}

impl ReplyFormat {
    /// What becomes of the answer on its way.
    pub fn fate(&self) -> Fate {
        self.fate
    }

    /// The answer as an HTTP response.
    pub fn write(&self, answer: Result<Box<dyn Answer>, WireError>) -> Response<Bytes> {
        let written = answer.and_then(|answer| {
            let encoded = answer.encode(&self.format);
            encoded.map_err(|error| internal_failure(error.to_string()))
        });
        let request_id = self.request_id.text();
        let request_id = std::str::from_utf8(&request_id).expect("hexadecimal digits and hyphens");
        match written {
            Ok(body) => respond::success(&self.format, body, request_id),
            Err(error) => {
                let Format { protocol, service, .. } = self.format;
                respond::failure(protocol, Some(service), &error, request_id)
            }
        }
    }
}

/// What became of a request.
pub enum Handled {
    /// It is answered; writing the answer needs the cloud no more.
    Done(ReplyFormat, Result<Box<dyn Answer>, WireError>),
    /// It waits; the answer comes with [`super::Cloud::take_completed`].
    Parked(CallId, ReplyFormat),
}
