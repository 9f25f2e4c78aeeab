//! The HTTP client of the commands that ask an emulator which runs.
//!
//! Knows sockets and how AWS's requests look; what is asked is up to the commands.

use std::fmt::Display;
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// How long an answer may take.
const WITHIN: Duration = Duration::from_secs(30);
/// Most bytes of an answer.
const ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;

/// Where the emulator is.
#[derive(Debug, clap::Args)]
pub(crate) struct Endpoint {
    /// The running emulator.
    #[arg(
        long = "endpoint",
        env = "AWS_ENDPOINT_URL",
        value_name = "URL",
        default_value = "http://127.0.0.1:4566"
    )]
    url: String,
}

/// Where in it AWS's operations are asked.
#[derive(Debug, clap::Args)]
pub(crate) struct Client {
    #[command(flatten)]
    endpoint: Endpoint,
    /// The region that is asked.
    #[arg(long, env = "AWS_REGION", default_value = "us-east-1")]
    region: String,
    /// Twelve digits are the account that is asked.
    #[arg(long, env = "AWS_ACCESS_KEY_ID", default_value = "test", value_name = "ID")]
    access_key_id: String,
}

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ClientError {
    #[error("{0} is no address of an emulator: http://HOST:PORT is wanted")]
    Endpoint(String),
    #[error("nobody answers at {endpoint}: {reason}; is `skyrig serve` running?")]
    Unreachable { endpoint: String, reason: String },
    #[error("the answer of {0} cannot be understood")]
    Answer(String),
    /// A region or key of which no header can be made.
    #[error("{0} can be no part of a request")]
    Unsendable(String),
    /// In the words of the emulator.
    #[error("{0}")]
    Refused(String),
}

/// A service, as requests over awsJson name it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spoken {
    /// As signatures name it.
    pub(crate) service: &'static str,
    /// What stands before the operation in `X-Amz-Target`.
    pub(crate) target: &'static str,
    /// The minor version of awsJson.
    pub(crate) version: u8,
}

impl Endpoint {
    /// An admin page.
    ///
    /// # Errors
    /// [`ClientError`], also when the page says no.
    pub(crate) fn page(&self, path: &str) -> Result<Bytes, ClientError> {
        self.told(Request::get(path), Bytes::new())
    }

    /// An admin command, and its answer.
    ///
    /// # Errors
    /// [`ClientError`], also when the command is refused.
    pub(crate) fn post(&self, path: &str, input: &Value) -> Result<Bytes, ClientError> {
        self.told(Request::post(path), input.to_string().into())
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// What an answer says.
    ///
    /// # Errors
    /// [`ClientError::Answer`] when it is something else.
    pub(crate) fn read<T: DeserializeOwned>(&self, body: &[u8]) -> Result<T, ClientError> {
        serde_json::from_slice(body).map_err(|_| ClientError::Answer(self.url.clone()))
    }

    /// The body of a good answer.
    fn told(&self, head: http::request::Builder, body: Bytes) -> Result<Bytes, ClientError> {
        let unreachable = |reason: &dyn Display| ClientError::Unreachable {
            endpoint: self.url.clone(),
            reason: reason.to_string(),
        };
        let authority = self.url.strip_prefix("http://").map(|rest| rest.trim_end_matches('/'));
        let authority = authority.filter(|it| !it.is_empty() && !it.contains(['/', '@']));
        let authority = authority.ok_or_else(|| ClientError::Endpoint(self.url.clone()))?;
        let request = head.header("host", authority).body(Full::new(body));
        let request = request.map_err(|_| ClientError::Endpoint(self.url.clone()))?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| unreachable(&error))?;
        let answered = runtime.block_on(async {
            let answered = tokio::time::timeout(WITHIN, exchange(authority, request)).await;
            answered.map_err(|_| "it takes too long")
        });
        let (status, body) =
            answered.map_err(|error| unreachable(&error))?.map_err(|error| unreachable(&error))?;
        if status == 200 { Ok(body) } else { Err(ClientError::Refused(said(status, &body))) }
    }
}

impl Client {
    /// Where the emulator is.
    pub(crate) fn endpoint(&self) -> &Endpoint {
        &self.endpoint
    }

    /// Asks an operation.
    ///
    /// # Errors
    /// [`ClientError`], also when the operation refuses.
    pub(crate) fn ask<T: DeserializeOwned>(
        &self,
        spoken: Spoken,
        operation: &str,
        input: &Value,
    ) -> Result<T, ClientError> {
        let Spoken { service, target, version } = spoken;
        let (key, region) = (&self.access_key_id, &self.region);
        for text in [key, region] {
            if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
                return Err(ClientError::Unsendable(format!("{text:?}")));
            }
        }
        let head = Request::post("/")
            .header("content-type", format!("application/x-amz-json-1.{version}"))
            .header("x-amz-target", format!("{target}.{operation}"))
            .header(
                "authorization",
                format!(
                    "AWS4-HMAC-SHA256 Credential={key}/20260101/{region}/{service}/aws4_request, \
                     SignedHeaders=host, Signature=0"
                ),
            );
        let body = self.endpoint.told(head, input.to_string().into())?;
        self.endpoint.read(&body)
    }
}

async fn exchange(
    authority: &str,
    request: Request<Full<Bytes>>,
) -> Result<(u16, Bytes), Box<dyn std::error::Error + Send + Sync>> {
    let address = match authority.contains(':') {
        true => authority.to_owned(),
        false => format!("{authority}:80"),
    };
    let stream = tokio::net::TcpStream::connect(address).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let response = sender.send_request(request).await?;
    let status = response.status().as_u16();
    let body = Limited::new(response.into_body(), ANSWER_BYTES_MAX).collect().await?;
    Ok((status, body.to_bytes()))
}

/// What an emulator says of a question that it does not answer: a page, or AWS's error.
fn said(status: u16, body: &[u8]) -> String {
    let told: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = ["error", "message", "Message"].iter().find_map(|name| told[name].as_str());
    text.map_or_else(|| format!("it answers {status}, which no skyrig does"), str::to_owned)
}
