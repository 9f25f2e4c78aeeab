//! The ceiling: a server of hyper and nothing behind it, set up as skyrig's edge is, one runtime
//! a thread and each with a socket of its own. It reads a request's body and answers with the
//! same bytes always, about as many as SendMessage's answer has.

use std::convert::Infallible;
use std::io::{self, Write as _};
use std::net::{SocketAddr, TcpListener};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use socket2::{Domain, Protocol, Socket, Type};

const BACKLOG: i32 = 1024;
const BODY: &str = concat!(
    r#"{"MD5OfMessageBody":"5d41402abc4b2a76b9719d911017c592","#,
    r#""MessageId":"53cb9f0c-747e-42ea-ac82-9abe1f4532e1"}"#
);
const REQUEST_ID: HeaderValue = HeaderValue::from_static("f88bb8a8-724c-41ec-9b39-896a51a8749b");
const JSON: HeaderValue = HeaderValue::from_static("application/x-amz-json-1.0");

/// Where and on how many threads to listen.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Bare {
    /// Address and port; port 0 picks a free one.
    #[arg(long, default_value = "127.0.0.1:0")]
    listen: SocketAddr,
    /// Threads that serve; by default one a core.
    #[arg(long)]
    threads: Option<usize>,
}

/// Serves until the process is ended.
///
/// # Errors
/// When the address cannot be had or a thread cannot be made.
pub(crate) fn serve(settings: Bare) -> io::Result<()> {
    let threads = settings.threads.unwrap_or_else(super::machine::cores).max(1);
    let first = listen(settings.listen)?;
    let address = first.local_addr()?;
    let mut sockets = vec![first];
    for _ in 1..threads {
        sockets.push(listen(address)?);
    }
    let mut out = io::stdout();
    writeln!(out, "bare listening on http://{address}")?;
    out.flush()?;
    let mut running = Vec::new();
    for socket in sockets {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let thread = std::thread::Builder::new().name("bare".to_owned());
        running.push(thread.spawn(move || runtime.block_on(accept(socket)))?);
    }
    for thread in running {
        thread.join().unwrap_or_else(|_| Err(io::Error::other("a thread panicked")))?;
    }
    Ok(())
}

fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
    socket.set_reuse_address(true)?;
    socket.set_reuse_port(true)?;
    socket.set_nonblocking(true)?;
    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

async fn accept(socket: TcpListener) -> io::Result<()> {
    let socket = tokio::net::TcpListener::from_std(socket)?;
    let mut server = http1::Builder::new();
    // The `Date` of an answer is hyper's here; skyrig writes its own.
    server.timer(TokioTimer::new()).pipeline_flush(true);
    loop {
        let (stream, _peer) = socket.accept().await?;
        stream.set_nodelay(true)?;
        let connection = server.serve_connection(TokioIo::new(stream), service_fn(answer));
        tokio::spawn(async move {
            // A client may hang up whenever it likes.
            let _ended = connection.await;
        });
    }
}

async fn answer(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let read = request.into_body().collect().await.map(|body| body.to_bytes());
    let mut response = Response::new(Full::new(Bytes::from_static(BODY.as_bytes())));
    if read.is_err() {
        *response.status_mut() = hyper::StatusCode::BAD_REQUEST;
    }
    response.headers_mut().insert(CONTENT_TYPE, JSON);
    response.headers_mut().insert("x-amzn-requestid", REQUEST_ID);
    Ok(response)
}
