//! All that can reach a cloud, as data.
//!
//! A list of inputs with their times is a journal: the same list gives the same state. An input
//! holds a request's body as it came; [`super::Registry::prepare`] decodes it, outside any lock,
//! and what the one door takes is the same input with its call decoded.

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderName, HeaderValue, Method, Request, Uri};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

use crate::kernel::{CallId, FaultRules, FunctionRun, HttpAnswer, OutsideId, PhoneText, Settings};

/// One thing that happens to a cloud. `R` is a request as it came, or decoded.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Input<R = HttpRequest> {
    /// A client calls.
    Request(R),
    /// The client of a call that waits is gone.
    ClientGone(CallId),
    /// An HTTP server outside has answered, or could not be reached; then the text says why.
    Answered(OutsideId, Result<HttpAnswer, String>),
    /// An HTTP server outside is not called, now or later; the text says why.
    NotCalled(OutsideId, String),
    /// A function has ended, or could not be run; then the text says why.
    FunctionDone(OutsideId, Result<FunctionRun, String>),
    /// The fault rules are replaced; their windows begin now.
    Faults(FaultRules),
    /// Somebody sends a text from a phone.
    Text(PhoneText),
    /// The program around it was started anew, with these settings; seed, start and resets stay as
    /// they were. Its clients are gone, and what it had asked of the world outside has no answer.
    Restarted(Box<Settings>),
    /// Nothing but time.
    Time,
}

impl<R> Input<R> {
    /// The same whatever requests are; `Err` is the request if it is one.
    pub(super) fn plain<T>(&self) -> Result<Input<T>, &R> {
        Ok(match self {
            Self::Request(request) => return Err(request),
            Self::ClientGone(call) => Input::ClientGone(*call),
            Self::Answered(id, answer) => Input::Answered(*id, answer.clone()),
            Self::NotCalled(id, reason) => Input::NotCalled(*id, reason.clone()),
            Self::FunctionDone(id, result) => Input::FunctionDone(*id, result.clone()),
            Self::Faults(rules) => Input::Faults(rules.clone()),
            Self::Text(text) => Input::Text(text.clone()),
            Self::Restarted(settings) => Input::Restarted(settings.clone()),
            Self::Time => Input::Time,
        })
    }
}

/// An HTTP request whose body is not decoded.
#[derive(Clone, Debug)]
pub struct HttpRequest {
    pub parts: Parts,
    pub body: Bytes,
}

impl From<Request<Bytes>> for HttpRequest {
    fn from(request: Request<Bytes>) -> Self {
        let (parts, body) = request.into_parts();
        Self { parts, body }
    }
}

/// How an [`HttpRequest`] is written down.
#[derive(Serialize, Deserialize)]
struct Written {
    method: String,
    uri: String,
    headers: Vec<(String, Bytes)>,
    body: Bytes,
}

impl Serialize for HttpRequest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let headers = self.parts.headers.iter().map(|(name, value)| {
            (name.as_str().to_owned(), Bytes::copy_from_slice(value.as_bytes()))
        });
        let written = Written {
            method: self.parts.method.to_string(),
            uri: self.parts.uri.to_string(),
            headers: headers.collect(),
            body: self.body.clone(),
        };
        written.serialize(serializer).map_err(ser::Error::custom)
    }
}

impl<'de> Deserialize<'de> for HttpRequest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let written = Written::deserialize(deserializer)?;
        written.request().map(Self::from).map_err(de::Error::custom)
    }
}

impl Written {
    fn request(self) -> Result<Request<Bytes>, http::Error> {
        let mut request = Request::new(self.body);
        *request.method_mut() = Method::from_bytes(self.method.as_bytes())?;
        *request.uri_mut() = Uri::try_from(self.uri)?;
        for (name, value) in self.headers {
            let (name, value) = (HeaderName::try_from(name)?, HeaderValue::from_bytes(&value)?);
            request.headers_mut().append(name, value);
        }
        Ok(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::cbor;

    #[test]
    fn a_request_is_written_down_whole() {
        let request = Request::put("http://host:1/path?query=%20")
            .header("x-two", "first")
            .header("x-two", "second")
            .header("x-raw", HeaderValue::from_bytes(b"\xe9").unwrap())
            .body(Bytes::from_static(b"\x00body"))
            .unwrap();
        let bytes = cbor::to_vec(&Input::Request(HttpRequest::from(request.clone()))).unwrap();
        let Input::Request(HttpRequest { parts, body }) = cbor::from_slice(&bytes).unwrap() else {
            panic!("another input");
        };
        assert_eq!((&parts.method, &parts.uri), (request.method(), request.uri()));
        assert_eq!((&parts.headers, &body), (request.headers(), request.body()));
    }
}
