//! Header names as AWS spells them: `x-amzn-RequestId`, `Content-Type`.
//!
//! Names are equal in any case, but there are clients that look for one. hyper writes a response's
//! names as its extensions say, in a type of its own which only reading a request makes: so a
//! request with these names is read once, in memory.

use std::io;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Extensions, Request, Response};
use http_body_util::Empty;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::io::AsyncWriteExt as _;

/// Source: answers recorded on AWS with their headers.
const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
      Content-Length: 0\r\nContent-Type: text/plain\r\nDate: now\r\nx-amzn-RequestId: 1\r\n\
      x-amz-crc32: 1\r\nx-amzn-query-error: 1\r\n\r\n";

/// What a response's extensions need for these spellings.
///
/// # Errors
/// When hyper cannot read the request above.
pub(super) async fn as_on_aws() -> io::Result<Extensions> {
    let (mut client, server) = tokio::io::duplex(REQUEST.len() + 1024);
    client.write_all(REQUEST).await?;
    let read = Arc::new(Mutex::new(Extensions::new()));
    let keep = |request: Request<Incoming>| {
        if let Ok(mut read) = read.lock() {
            *read = request.extensions().clone();
        }
        std::future::ready(Ok::<_, io::Error>(Response::new(Empty::<Bytes>::new())))
    };
    http1::Builder::new()
        .preserve_header_case(true)
        .serve_connection(TokioIo::new(server), service_fn(keep))
        .await
        .map_err(io::Error::other)?;
    let found = read.lock().map(|mut read| std::mem::take(&mut *read));
    found.map_err(|_| io::Error::other("the lock of the spellings was lost"))
}
