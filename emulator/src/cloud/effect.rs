//! All that leaves a cloud, as data: answers, and what the world outside is asked for.

use std::time::Duration;

use bytes::Bytes;
use http::Response;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::registry::registry;
use crate::kernel::{self, Answer, CallId, MessageId, OutsideCall};
use crate::wire::event_stream::{self, FrameKind};
use crate::wire::{Format, Protocol, WireError, internal_failure, respond};

/// What one input led to, in order.
#[derive(Default)]
pub struct Effects {
    /// The number of the request that came in, if a request did. Its answer is among the effects,
    /// now or later.
    pub accepted: Option<CallId>,
    pub list: Vec<Effect>,
}

/// One thing that leaves the cloud.
pub enum Effect {
    /// A client is answered.
    Reply(Reply),
    /// A client is told an event of an answer that is a stream.
    Part(Part),
    /// The world outside is asked for something; its answer is an input.
    Outside(OutsideCall),
}

impl std::fmt::Debug for Effect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Reply(reply) => f.debug_tuple("Reply").field(&reply.call).finish(),
            Self::Part(part) => f.debug_tuple("Part").field(&part.call).finish(),
            Self::Outside(call) => f.debug_tuple("Outside").field(call).finish(),
        }
    }
}

/// The answer to a request. Writing it needs the cloud no more.
pub struct Reply {
    pub call: CallId,
    format: ReplyFormat,
    answer: Result<Box<dyn Answer>, WireError>,
}

/// One event of an answer that is a stream. Writing it needs the cloud no more.
pub struct Part {
    pub call: CallId,
    /// How many things it tells of.
    pub entries: usize,
    /// The stream ends with it.
    pub last: bool,
    format: ReplyFormat,
    event: &'static str,
    payload: Box<dyn Answer>,
}

/// What a fault rule does to an answer on its way to the client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerFault {
    /// It comes so much later.
    pub delay: Duration,
    /// It never comes: the connection breaks.
    pub lost: bool,
}

impl Reply {
    pub(super) fn new(
        call: CallId,
        format: ReplyFormat,
        answer: Result<Box<dyn Answer>, WireError>,
    ) -> Self {
        Self { call, format, answer }
    }

    /// What goes wrong with the answer on its way.
    pub fn fault(&self) -> AnswerFault {
        self.format.fault
    }

    /// The answer as an HTTP response.
    pub fn write(&self) -> Response<Bytes> {
        let ReplyFormat { format, request_id, .. } = &self.format;
        let request_id = request_id.text();
        let request_id = std::str::from_utf8(&request_id).expect("hexadecimal digits and hyphens");
        let failed = |error: &WireError| respond::refusal(format, error, request_id);
        match &self.answer {
            Err(error) => failed(error),
            Ok(answer) => match answer.encode(format) {
                Ok(body) => respond::success(format, body, request_id),
                Err(error) => failed(&internal_failure(error.to_string())),
            },
        }
    }
}

impl Part {
    pub(super) fn new(format: ReplyFormat, part: kernel::Part) -> Self {
        let kernel::Part { call, event, payload, entries, last } = part;
        Self { call, entries, last, format, event, payload }
    }

    /// What goes wrong with the answer on its way.
    pub fn fault(&self) -> AnswerFault {
        self.format.fault
    }

    /// The head of the answer that it is a part of, with an empty body.
    pub fn head(&self) -> Response<Bytes> {
        let request_id = self.format.request_id.text();
        let request_id = std::str::from_utf8(&request_id).expect("hexadecimal digits and hyphens");
        respond::stream(&self.format.format, request_id)
    }

    /// Its frame.
    pub fn write(&self) -> Bytes {
        let kind = if self.last { FrameKind::Exception } else { FrameKind::Event };
        let frame = match self.payload.encode(&self.format.format) {
            Ok(payload) => event_stream::frame(kind, self.event, &payload),
            Err(error) => {
                let text = serde_json::json!({"message": error.to_string()}).to_string();
                event_stream::frame(FrameKind::Exception, "InternalFailure", text.as_bytes())
            }
        };
        frame.into()
    }
}

/// How the answer to a request is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct ReplyFormat {
    pub(super) format: Format,
    pub(super) request_id: MessageId,
    pub(super) fault: AnswerFault,
}

/// How a [`ReplyFormat`] is written down: service and operation by their names.
#[derive(Serialize, Deserialize)]
struct Written {
    protocol: Protocol,
    service: String,
    operation: String,
    query_mode: bool,
    request_id: MessageId,
    fault: AnswerFault,
}

impl Serialize for ReplyFormat {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { format, request_id, fault } = *self;
        let Format { protocol, service, operation, query_mode, .. } = format;
        let (service, operation) = (service.name.to_owned(), operation.to_owned());
        let written = Written { protocol, service, operation, query_mode, request_id, fault };
        written.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for ReplyFormat {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let Written { protocol, service, operation, query_mode, request_id, fault } =
            Written::deserialize(deserializer)?;
        let unknown = || de::Error::custom(format!("no operation {operation} of {service}"));
        let found = registry().operation(&service, &operation);
        let (service, operation) =
            found.map(|it| (it.service, it.operation)).ok_or_else(unknown)?;
        let route = operation.route.as_ref();
        let format = Format { protocol, service, operation: operation.name, query_mode, route };
        Ok(Self { format, request_id, fault })
    }
}
