//! An error as it leaves a service: the row that each protocol turns into bytes.

use std::borrow::Cow;

/// Who is to blame: the client (`Sender`) or the service (`Receiver`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    Sender,
    Receiver,
}

impl Fault {
    /// The word in XML and in `x-amzn-query-error`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sender => "Sender",
            Self::Receiver => "Receiver",
        }
    }
}

/// One row of a service's error table, filled with a message.
#[derive(Clone, Debug, PartialEq)]
pub struct WireError {
    /// The shape's name in the model: `QueueDoesNotExist`.
    pub shape: Cow<'static, str>,
    /// The namespace before `#` in `__type` where it is not the service's own.
    pub namespace: Option<&'static str>,
    /// The code of the query protocol and of `x-amzn-query-error`.
    pub query_code: Cow<'static, str>,
    /// The HTTP status.
    pub status: u16,
    pub fault: Fault,
    /// AWS's text.
    pub message: String,
    /// Whether the query form has the empty `Detail` that some services write.
    pub detail: bool,
    /// Further members of the error's shape, beside the message (JSON and CBOR only).
    pub members: Option<Box<serde_json::Map<String, serde_json::Value>>>,
}

impl WireError {
    /// A client's error (400) whose query code is the shape's name.
    pub fn sender(shape: &'static str, message: impl Into<String>) -> Self {
        Self {
            shape: Cow::Borrowed(shape),
            namespace: None,
            query_code: Cow::Borrowed(shape),
            status: 400,
            fault: Fault::Sender,
            message: message.into(),
            detail: true,
            members: None,
        }
    }

    /// Whether this refuses what AWS may take and this emulator does not have: each such sentence
    /// says so.
    pub fn is_of_absent(&self) -> bool {
        self.shape == "NotImplementedException"
            || self.message.contains("not implemented by this emulator")
    }

    /// The same row with another query code.
    pub fn query_code(self, code: &'static str) -> Self {
        Self { query_code: Cow::Borrowed(code), ..self }
    }

    /// The same row with another HTTP status.
    pub fn status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    /// The same row with a namespace that is not the service's own.
    pub fn namespace(self, namespace: &'static str) -> Self {
        Self { namespace: Some(namespace), ..self }
    }

    /// The same row whose query form has no `Detail`.
    pub fn without_detail(self) -> Self {
        Self { detail: false, ..self }
    }

    /// The same row with one more member beside the message.
    pub fn member(mut self, name: &str, value: serde_json::Value) -> Self {
        self.members.get_or_insert_default().insert(name.to_owned(), value);
        self
    }
}
