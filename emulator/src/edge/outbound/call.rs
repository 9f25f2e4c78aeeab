//! One call to an HTTP server: resolve, judge, connect, ask, read.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{AUTHORIZATION, HOST, HeaderName, HeaderValue};
use http::{Method, Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio_rustls::rustls::pki_types::ServerName;

use super::address::Address;
use super::allowed::Judge;
use super::trust::Trust;
use crate::kernel::{HttpAnswer, HttpTarget};

/// Most bytes of an answer's body that are read: what EventBridge asks API destinations for.
pub(super) const ANSWER_BYTES_MAX: usize = 1024 * 1024;
/// Most bytes of an answer's head.
const HEAD_BYTES_MAX: usize = 64 * 1024;
/// Most addresses of one name that are tried.
const ADDRESSES_MAX: usize = 8;

/// Why there is no answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NoAnswer {
    /// It may not be called, or can't be.
    Refused(String),
    /// It did not answer.
    Failed(String),
}

impl NoAnswer {
    fn failed(reason: impl ToString) -> Self {
        Self::Failed(reason.to_string())
    }
}

/// Calls a server, with its time-out.
pub(super) async fn call(
    (judge, trust): (&Judge, &Trust),
    target: HttpTarget,
    body: Bytes,
) -> Result<HttpAnswer, NoAnswer> {
    let address = Address::of(&target.url).map_err(NoAnswer::Refused)?;
    let seconds = target.timeout_seconds;
    let request = request(&address, &target, body)?;
    let called = async {
        let tcp = connect(judge, &address).await?;
        if !address.is_secure {
            return ask(tcp, request).await;
        }
        let name = ServerName::try_from(address.name.clone()).map_err(NoAnswer::failed)?;
        let connector = trust.connector().await.map_err(NoAnswer::Failed)?;
        let tls = connector.connect(name, tcp).await;
        let tls = tls.map_err(|error| NoAnswer::Failed(format!("no TLS connection: {error}")))?;
        ask(tls, request).await
    };
    match tokio::time::timeout(Duration::from_secs(seconds.into()), called).await {
        Ok(answer) => answer,
        Err(_over) => {
            Err(NoAnswer::Failed(format!("the server did not answer within {seconds} seconds")))
        }
    }
}

fn request(
    address: &Address,
    target: &HttpTarget,
    body: Bytes,
) -> Result<Request<Full<Bytes>>, NoAnswer> {
    let wrong = |what: &str| NoAnswer::Refused(format!("{what} can't be sent"));
    let mut request = Request::new(Full::new(body));
    *request.method_mut() =
        Method::from_bytes(target.method.as_bytes()).map_err(|_| wrong("the method"))?;
    *request.uri_mut() = address.path.parse().map_err(|_| wrong("the path"))?;
    let headers = request.headers_mut();
    headers.insert(HOST, HeaderValue::from_str(&address.host).map_err(|_| wrong("the host"))?);
    if let Some(basic) = &address.authorization {
        headers.insert(AUTHORIZATION, HeaderValue::from_str(basic).map_err(|_| wrong("the user"))?);
    }
    for (name, value) in &target.headers {
        let wrong = |_| wrong(&format!("the header {name}"));
        let value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| wrong(()))?;
        headers.insert(HeaderName::from_bytes(name.as_bytes()).map_err(|_| wrong(()))?, value);
    }
    Ok(request)
}

/// Connects to the first of the server's addresses that may be called and that answers. The name is
/// resolved once: what was judged is what is connected to.
async fn connect(judge: &Judge, address: &Address) -> Result<TcpStream, NoAnswer> {
    let Address { name, port, .. } = address;
    let resolved = lookup_host((name.as_str(), *port)).await;
    let unknown = |reason: &io::Error| NoAnswer::Failed(format!("{name} was not found: {reason}"));
    let resolved: Vec<SocketAddr> = resolved.map_err(|error| unknown(&error))?.collect();
    let mut problem = NoAnswer::Failed(format!("{name} has no address"));
    for one in resolved.into_iter().take(ADDRESSES_MAX) {
        if let Err(refusal) = judge.judge(name, one) {
            // Where another one could be called, its failure says more.
            if !matches!(&problem, NoAnswer::Failed(reason) if reason.starts_with("no connection"))
            {
                problem = NoAnswer::Refused(refusal);
            }
            continue;
        }
        match TcpStream::connect(one).await {
            Ok(tcp) => return Ok(tcp),
            Err(error) => problem = NoAnswer::Failed(format!("no connection to {one}: {error}")),
        }
    }
    Err(problem)
}

/// Sends the request and reads the answer; redirects are answers like any other.
async fn ask(
    stream: impl AsyncRead + AsyncWrite + Unpin,
    request: Request<Full<Bytes>>,
) -> Result<HttpAnswer, NoAnswer> {
    let failed = |error: hyper::Error| NoAnswer::Failed(format!("no HTTP answer: {error}"));
    let mut client = http1::Builder::new();
    client.max_buf_size(HEAD_BYTES_MAX);
    let (mut sender, connection) = client.handshake(TokioIo::new(stream)).await.map_err(failed)?;
    let answer = async {
        let response = sender.send_request(request).await.map_err(failed)?;
        read(response).await
    };
    tokio::pin!(answer, connection);
    let mut is_open = true;
    loop {
        tokio::select! {
            biased;
            answer = &mut answer => return answer,
            _ended = &mut connection, if is_open => is_open = false,
        }
    }
}

async fn read(response: Response<Incoming>) -> Result<HttpAnswer, NoAnswer> {
    let (head, mut body) = response.into_parts();
    let mut bytes = BytesMut::new();
    while bytes.len() < ANSWER_BYTES_MAX
        && let Some(frame) = body.frame().await
    {
        let frame = frame.map_err(|error| NoAnswer::Failed(format!("half an answer: {error}")))?;
        if let Ok(data) = frame.into_data() {
            let room = ANSWER_BYTES_MAX - bytes.len();
            bytes.extend_from_slice(&data[..data.len().min(room)]);
        }
    }
    let headers = head.headers.iter().map(|(name, value)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    });
    let headers = headers.collect();
    Ok(HttpAnswer { status: head.status.as_u16(), headers, body: bytes.freeze() })
}
