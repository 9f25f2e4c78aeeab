//! The HTTP client of the commands that ask an emulator which runs.
//!
//! Knows sockets and how AWS's requests look; what is asked is up to the commands.

use std::fmt::Display;
use std::time::Duration;

use bytes::Bytes;
use http::header::HOST;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// How long an answer may take.
const WITHIN: Duration = Duration::from_secs(30);
/// Most bytes of an answer.
const ANSWER_BYTES_MAX: usize = 256 * 1024 * 1024;

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
    /// The world in it that is meant, if it is not the one that every emulator has.
    #[arg(long, env = "SKYRIG_WORLD", value_name = "NAME")]
    world: Option<String>,
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
    #[error("{0} is no address of an emulator: http://HOST:PORT or http://HOST:PORT/w/WORLD")]
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
    /// An endpoint that was named otherwise.
    pub(crate) fn at(url: &str) -> Self {
        Self { url: url.to_owned(), world: None }
    }

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

    /// An admin command that puts something in the place of what is there.
    ///
    /// # Errors
    /// [`ClientError`], also when the command is refused.
    pub(crate) fn put(&self, path: &str, body: impl Into<Bytes>) -> Result<Bytes, ClientError> {
        self.told(Request::put(path), body.into())
    }

    /// An admin command that takes something away.
    ///
    /// # Errors
    /// [`ClientError`], also when the command is refused.
    pub(crate) fn delete(&self, path: &str) -> Result<Bytes, ClientError> {
        self.told(Request::delete(path), Bytes::new())
    }

    /// A request whose answer is wanted whatever its status is.
    ///
    /// # Errors
    /// [`ClientError`] if there is none.
    pub(crate) fn send(&self, mut request: Request<Bytes>) -> Result<Response<Bytes>, ClientError> {
        let unreachable = |reason: &dyn Display| ClientError::Unreachable {
            endpoint: self.url.clone(),
            reason: reason.to_string(),
        };
        let wrong = || ClientError::Endpoint(self.url.clone());
        let (authority, prefix) = self.place().ok_or_else(wrong)?;
        let sent = request.uri().path_and_query().map_or("/", |it| it.as_str());
        *request.uri_mut() = format!("{prefix}{sent}").parse().map_err(|_| wrong())?;
        let host = authority.parse().map_err(|_| wrong())?;
        request.headers_mut().insert(HOST, host);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| unreachable(&error))?;
        let answered = runtime.block_on(async {
            let exchanged = exchange(authority, request.map(Full::new));
            let answered = tokio::time::timeout(WITHIN, exchanged).await;
            answered.map_err(|_| "it takes too long")
        });
        answered.map_err(|error| unreachable(&error))?.map_err(|error| unreachable(&error))
    }

    /// Host and port, and the path of the world.
    fn place(&self) -> Option<(&str, String)> {
        let rest = self.url.strip_prefix("http://")?.trim_end_matches('/');
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let is_good = !authority.is_empty() && !authority.contains('@');
        let prefix = match (&self.world, path) {
            (None, "") => String::new(),
            (Some(world), "") => format!("/w/{world}"),
            (None, path) if path.starts_with("/w/") => path.to_owned(),
            (Some(world), path) if *path == format!("/w/{world}") => path.to_owned(),
            _ => return None,
        };
        is_good.then_some((authority, prefix))
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
        let request = head.body(body).map_err(|_| ClientError::Endpoint(self.url.clone()))?;
        let (head, body) = self.send(request)?.into_parts();
        match head.status.is_success() {
            true => Ok(body),
            false => Err(ClientError::Refused(said(head.status.as_u16(), &body))),
        }
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
) -> Result<Response<Bytes>, Box<dyn std::error::Error + Send + Sync>> {
    let address = match authority.contains(':') {
        true => authority.to_owned(),
        false => format!("{authority}:80"),
    };
    let stream = tokio::net::TcpStream::connect(address).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let response = sender.send_request(request).await?;
    let (head, body) = response.into_parts();
    let body = Limited::new(body, ANSWER_BYTES_MAX).collect().await?;
    Ok(Response::from_parts(head, body.to_bytes()))
}

/// What an emulator says of a question that it does not answer: a page, or AWS's error.
fn said(status: u16, body: &[u8]) -> String {
    let told: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = ["error", "message", "Message"].iter().find_map(|name| told[name].as_str());
    text.map_or_else(|| format!("it answers {status}, which no skyrig does"), str::to_owned)
}
