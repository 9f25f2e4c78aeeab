//! The API behind a socket: connections and how long they may take. What is answered is the
//! router's business, who may ask the guard's.

use std::convert::Infallible;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::{Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tower::ServiceExt;

use crate::roles::api::Guard;

/// Connections at once; who comes later waits in the listener's queue.
const CONNECTIONS_MAX: usize = 1024;
/// Largest head of a request, in bytes.
const HEAD_BYTES_MAX: usize = 64 * 1024;
/// After a connection could not be accepted, for want of file handles for example.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// How long things may take.
#[derive(Clone, Copy)]
pub(super) struct Patience {
    /// From a connection, or the answer before, to the end of a request's head.
    pub(super) head: Duration,
    /// A connection is used for no new request after this.
    pub(super) connection: Duration,
    /// And is cut after so much more, as when its client does not read; also when the server ends.
    pub(super) end: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            connection: Duration::from_secs(600),
            end: Duration::from_secs(5),
        }
    }
}

/// Answers requests until `stop`, and then finishes those that are being worked on.
pub(super) async fn serve(
    listener: TcpListener,
    router: Router,
    guard: Guard,
    patience: Patience,
    stop: impl Future<Output = ()>,
) {
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let (end, told) = watch::channel(false);
    let mut stop = pin!(stop);
    loop {
        let accepted = async {
            let place = Arc::clone(&places).acquire_owned().await.expect("never closed");
            listener.accept().await.map(|(stream, peer)| (place, stream, peer))
        };
        let (place, stream, peer) = tokio::select! {
            biased;
            () = &mut stop => break,
            accepted = accepted => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            },
        };
        let (router, guard, told) = (router.clone(), guard.clone(), told.clone());
        tokio::spawn(async move {
            connection(stream, client(peer.ip()), router, guard, patience, told).await;
            drop(place);
        });
    }
    drop(listener);
    drop(told);
    end.send_replace(true);
    // Each connection ends by itself in time.
    end.closed().await;
}

async fn connection(
    stream: TcpStream,
    client: u128,
    router: Router,
    guard: Guard,
    patience: Patience,
    mut told: watch::Receiver<bool>,
) {
    let _no_delay = stream.set_nodelay(true);
    let answer = |request| answer(router.clone(), guard.clone(), client, request);
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(patience.head).max_buf_size(HEAD_BYTES_MAX);
    let served = server.serve_connection(TokioIo::new(stream), service_fn(answer));
    let mut served = pin!(served);
    let ended = tokio::select! {
        biased;
        ended = served.as_mut() => Some(ended),
        _ = told.wait_for(|told| *told) => None,
        () = tokio::time::sleep(patience.connection) => None,
    };
    let ended = match ended {
        Some(ended) => Ok(ended),
        None => {
            served.as_mut().graceful_shutdown();
            tokio::time::timeout(patience.end, served).await
        }
    };
    match ended {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::debug!(%error, "a connection ended early"),
        Err(_) => tracing::debug!("a connection was cut"),
    }
}

async fn answer(
    router: Router,
    guard: Guard,
    client: u128,
    request: Request<Incoming>,
) -> Result<Response<Body>, Infallible> {
    let (parts, body) = request.into_parts();
    match guard.admit(client, &parts) {
        Ok(()) => router.oneshot(Request::from_parts(parts, Body::new(body))).await,
        Err(refusal) => Ok(*refusal),
    }
}

/// Who asks: an address, or of IPv6 the network of 64 bits, which is one client's.
fn client(address: IpAddr) -> u128 {
    match address.to_canonical() {
        IpAddr::V4(address) => u128::from(u32::from(address)),
        IpAddr::V6(address) => u128::from(address) >> 64 << 64,
    }
}

#[cfg(test)]
mod tests {
    use std::net::SocketAddr;

    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::sync::oneshot;
    use tokio::task::JoinHandle;
    use tokio::time::timeout;

    use super::*;
    use crate::adapters::clock::SystemClock;

    const LONG: Duration = Duration::from_secs(30);
    const SHORT: Duration = Duration::from_millis(50);

    /// Where it listens, what stops it, and its end.
    async fn started(patience: Patience) -> (SocketAddr, oneshot::Sender<()>, JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let hang = || async { std::future::pending::<&str>().await };
        let router = Router::new().route("/", get(|| async { "here" })).route("/hang", get(hang));
        let guard = Guard::new(None, None, Arc::new(SystemClock));
        let (stop, stopped) = oneshot::channel();
        let stopped = async { drop(stopped.await) };
        (address, stop, tokio::spawn(serve(listener, router, guard, patience, stopped)))
    }

    async fn sends(address: SocketAddr, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        stream.write_all(text.as_bytes()).await.expect("it is taken");
        stream
    }

    /// What comes until the other side ends it.
    async fn rest(mut stream: TcpStream) -> String {
        let mut bytes = Vec::new();
        let read = timeout(LONG, stream.read_to_end(&mut bytes)).await.expect("it ends");
        // Cut or closed, it is over.
        drop(read);
        String::from_utf8_lossy(&bytes).into_owned()
    }

    #[tokio::test]
    async fn a_head_that_never_ends_is_given_up() {
        let (address, _stop, _serving) =
            started(Patience { head: SHORT, ..Patience::default() }).await;
        for half in ["", "GET / HT", "GET / HTTP/1.1\r\nhost: x\r\n"] {
            let answer = rest(sends(address, half).await).await;
            assert!(!answer.contains("200 OK"), "{half:?} {answer}");
        }
        let whole = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";
        assert!(rest(sends(address, whole).await).await.ends_with("here"));
    }

    #[tokio::test]
    async fn it_stops_whatever_hangs() {
        let patience = Patience { end: SHORT, ..Patience::default() };
        let (address, stop, serving) = started(patience).await;
        let whole = "GET /hang HTTP/1.1\r\nhost: x\r\n\r\n";
        let hanging = [sends(address, whole).await, sends(address, "GET /").await];
        stop.send(()).expect("it listens");
        timeout(LONG, serving).await.expect("it ends").expect("no panic");
        for stream in hanging {
            assert_eq!(rest(stream).await, "");
        }
    }

    #[tokio::test]
    async fn an_old_connection_takes_no_new_request() {
        let patience = Patience { connection: SHORT, end: SHORT, ..Patience::default() };
        let (address, _stop, _serving) = started(patience).await;
        let whole = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";
        assert!(rest(sends(address, whole).await).await.ends_with("here"));
        let hanging = whole.replace("/ ", "/hang ");
        assert_eq!(rest(sends(address, &hanging).await).await, "", "who never gets ready is cut");
    }

    #[test]
    fn a_client_is_an_address_or_a_network() {
        let of = |text: &str| client(text.parse().expect("an address"));
        assert_ne!(of("10.0.0.1"), of("10.0.0.2"));
        assert_eq!(of("10.0.0.1"), of("::ffff:10.0.0.1"));
        assert_eq!(of("2001:db8::1"), of("2001:db8::2"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
    }
}
