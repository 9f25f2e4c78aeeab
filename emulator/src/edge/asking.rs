//! `skyrig trace` and `skyrig why`: questions to a running emulator, answered as text for people.

use std::fmt::{Display, Write as _};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::cloud::Why;
use crate::kernel::{MessageId, Trace};

/// How long an answer may take.
const WITHIN: Duration = Duration::from_secs(30);
/// Most bytes of an answer.
const ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;

/// A question.
#[derive(Debug, clap::Args)]
pub(super) struct Question {
    /// What it is about.
    what: String,
    /// The running emulator.
    #[arg(
        long,
        env = "AWS_ENDPOINT_URL",
        value_name = "URL",
        default_value = "http://127.0.0.1:4566"
    )]
    endpoint: String,
    /// Print the data instead of text.
    #[arg(long)]
    json: bool,
}

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum AskError {
    #[error("{0} is no address of an emulator: http://HOST:PORT")]
    Endpoint(String),
    #[error("nobody answers at {endpoint}: {reason}; is `skyrig serve` running?")]
    Unreachable { endpoint: String, reason: String },
    #[error("{0}")]
    Refused(String),
}

impl Question {
    /// The story of an id, or of all that mentions a text.
    ///
    /// # Errors
    /// [`AskError`], also when nothing is known of it.
    pub(super) fn trace(&self) -> Result<String, AskError> {
        let what = encoded(&self.what);
        let page = match self.what.parse::<MessageId>() {
            Ok(_) => format!("/_skyrig/trace/{what}"),
            Err(_) => format!("/_skyrig/trace?text={what}"),
        };
        self.answer::<Trace>(&page, ToString::to_string)
    }

    /// Why nothing is in a queue, or comes to a topic or bus.
    ///
    /// # Errors
    /// [`AskError`], also when there is no such resource.
    pub(super) fn why(&self) -> Result<String, AskError> {
        let page = format!("/_skyrig/why/{}", encoded(&self.what));
        let text = |all: &Vec<Why>| all.iter().map(Why::to_string).collect::<Vec<_>>().join("\n");
        self.answer(&page, text)
    }

    fn answer<T: DeserializeOwned>(
        &self,
        page: &str,
        text: impl Fn(&T) -> String,
    ) -> Result<String, AskError> {
        let unreachable = |reason: &dyn Display| AskError::Unreachable {
            endpoint: self.endpoint.clone(),
            reason: reason.to_string(),
        };
        let address = address_of(&self.endpoint)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| unreachable(&error))?;
        let asked = runtime.block_on(async {
            tokio::time::timeout(WITHIN, get(address, page)).await.map_err(|_| "it takes too long")
        });
        let (status, body) =
            asked.map_err(|error| unreachable(&error))?.map_err(|error| unreachable(&error))?;
        if status != 200 {
            return Err(AskError::Refused(said(status, &body)));
        }
        if self.json {
            return Ok(String::from_utf8_lossy(&body).into_owned());
        }
        let read = serde_json::from_slice(&body);
        read.map(|answer| text(&answer)).map_err(|error| unreachable(&error))
    }
}

/// Host and port of an emulator's address.
///
/// # Errors
/// [`AskError::Endpoint`] when it is none.
pub(super) fn address_of(endpoint: &str) -> Result<&str, AskError> {
    let rest = endpoint.strip_prefix("http://").map(|rest| rest.trim_end_matches('/'));
    let address = rest.filter(|it| !it.is_empty() && !it.contains(['/', '@']));
    address.ok_or_else(|| AskError::Endpoint(endpoint.to_owned()))
}

/// What an emulator says of a question that it does not answer.
pub(super) fn said(status: u16, body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct Said {
        error: String,
    }
    match serde_json::from_slice::<Said>(body) {
        Ok(said) => said.error,
        Err(_) => format!("it answers {status}, which no skyrig does"),
    }
}

async fn get(address: &str, page: &str) -> Result<(u16, Bytes), Problem> {
    let request = http::Request::get(page).header("host", address).body(Full::default())?;
    send(address, request).await
}

/// What can go wrong on the way.
pub(super) type Problem = Box<dyn std::error::Error + Send + Sync>;

/// Sends a request to an address, and reads the answer.
///
/// # Errors
/// When nobody is there, or what answers is no HTTP.
pub(super) async fn send(
    address: &str,
    request: http::Request<Full<Bytes>>,
) -> Result<(u16, Bytes), Problem> {
    let host = match address.contains(':') {
        true => address.to_owned(),
        false => format!("{address}:80"),
    };
    let stream = tokio::net::TcpStream::connect(host).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let response = sender.send_request(request).await?;
    let status = response.status().as_u16();
    let body = Limited::new(response.into_body(), ANSWER_BYTES_MAX).collect().await?;
    Ok((status, body.to_bytes()))
}

/// As a part of a path or a query.
pub(super) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            _ => {
                // Writing to a String can't fail.
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}
