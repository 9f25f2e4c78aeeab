//! Taking connections, and whom to send away when there is no room for another.

use std::io;
use std::net::TcpListener;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

use super::connection::{Connection, Refusal, Stream};
use super::http::{Front, HEAD_BYTES_MAX};
use super::tls;

/// How long answers under way may take once the server was told to stop.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(2);
/// How long nobody is let in when there is no room and nobody can be sent away.
const PAUSE: Duration = Duration::from_millis(50);

/// The connections of one thread.
struct Connections {
    list: Vec<Arc<Connection>>,
    max: usize,
    answers: Arc<AtomicU64>,
}

impl Connections {
    fn add(&mut self) -> Arc<Connection> {
        if self.list.len() == self.list.capacity() {
            self.forget_ended();
        }
        let connection = Arc::new(Connection::new(&self.answers));
        self.list.push(Arc::clone(&connection));
        connection
    }

    fn forget_ended(&mut self) {
        self.list.retain(|connection| Arc::strong_count(connection) > 1);
    }

    fn are_full(&mut self) -> bool {
        if self.list.len() >= self.max {
            self.forget_ended();
        }
        self.list.len() >= self.max
    }

    /// Ends some that wait for their clients; whether there were any.
    fn make_room(&mut self) -> bool {
        self.forget_ended();
        let mut waiting: Vec<_> =
            self.list.iter().filter_map(|it| Some((it.rank()?, Arc::clone(it)))).collect();
        waiting.sort_unstable_by_key(|(rank, _)| *rank);
        let some = waiting.len().div_ceil(16);
        for (_, connection) in &waiting[..some] {
            connection.end();
        }
        some > 0
    }
}

/// Serves connections until it is told to stop, and then what is under way.
///
/// # Errors
/// When the socket cannot be used.
pub(super) async fn serve(
    socket: TcpListener,
    front: Arc<Front>,
    mut told: watch::Receiver<bool>,
) -> io::Result<()> {
    let socket = tokio::net::TcpListener::from_std(socket)?;
    let graceful = GracefulShutdown::new();
    let max = front.limits().connections_max;
    let mut connections = Connections { list: Vec::new(), max, answers: Arc::default() };
    let mut is_full = false;
    let refusal: Arc<Refusal> = {
        let front = Arc::clone(&front);
        Arc::new(move |status| front.no_http(status))
    };
    let mut stopped = pin!(async move {
        // An error means that the sender is gone, which also says stop.
        let _sender_gone = told.wait_for(|stop| *stop).await.is_err();
    });
    loop {
        let has_room = !connections.are_full();
        let accepted = tokio::select! {
            biased;
            () = &mut stopped => break,
            accepted = socket.accept(), if has_room => accepted,
            () = std::future::ready(()), if !has_room => Err(io::ErrorKind::QuotaExceeded.into()),
        };
        match accepted {
            Ok((tcp, _peer)) => {
                is_full = false;
                serve_one(tcp, &front, &refusal, connections.add(), &graceful);
            }
            // The client is gone again.
            Err(error) if is_of_client(&error) => {}
            Err(error) => {
                if !std::mem::replace(&mut is_full, true) {
                    tracing::warn!(%error, "no room for another connection: idle ones are closed");
                }
                if !connections.make_room() {
                    tokio::select! {
                        biased;
                        () = &mut stopped => break,
                        () = sleep(PAUSE) => {}
                    }
                }
                // Those that end do it now.
                tokio::task::yield_now().await;
            }
        }
    }
    drop(socket);
    tokio::select! {
        biased;
        () = graceful.shutdown() => {}
        () = sleep(SHUTDOWN_GRACE) => {}
    }
    Ok(())
}

fn is_of_client(error: &io::Error) -> bool {
    use io::ErrorKind as Kind;
    matches!(
        error.kind(),
        Kind::ConnectionAborted | Kind::ConnectionReset | Kind::ConnectionRefused
    )
}

fn serve_one(
    tcp: TcpStream,
    front: &Arc<Front>,
    refusal: &Arc<Refusal>,
    connection: Arc<Connection>,
    graceful: &GracefulShutdown,
) {
    let _no_delay = tcp.set_nodelay(true);
    let (front, refusal, watcher) = (Arc::clone(front), Arc::clone(refusal), graceful.watcher());
    tokio::spawn(async move {
        let served = serve_bytes(tcp, (front, refusal), &connection, watcher);
        tokio::select! {
            biased;
            ended = served => {
                if let Err(error) = ended {
                    tracing::debug!(%error, "a connection ended early");
                }
            }
            () = connection.ended() => tracing::debug!("a connection made room for another"),
        }
    });
}

/// Serves what comes over TCP, or over TLS if that is what the client begins with.
async fn serve_bytes(
    tcp: TcpStream,
    (front, refusal): (Arc<Front>, Arc<Refusal>),
    connection: &Arc<Connection>,
    watcher: Watcher,
) -> io::Result<()> {
    let within = front.limits().head_within;
    if let Some(tls) = front.tls()
        && timeout(within, begins_tls(&tcp)).await??
    {
        let stream = timeout(within, tls.accept(tcp)).await??;
        connection.secured();
        return serve_http(stream, (front, refusal), connection, watcher).await;
    }
    serve_http(tcp, (front, refusal), connection, watcher).await
}

async fn begins_tls(tcp: &TcpStream) -> io::Result<bool> {
    let mut first = [0];
    Ok(tcp.peek(&mut first).await? == 1 && first == [tls::FIRST_BYTE])
}

async fn serve_http(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    (front, refusal): (Arc<Front>, Arc<Refusal>),
    connection: &Arc<Connection>,
    watcher: Watcher,
) -> io::Result<()> {
    let limits = front.limits();
    let stream = Stream::new(stream, Arc::clone(connection), limits.pace, refusal);
    let served = Arc::clone(connection);
    let service =
        service_fn(move |request| Arc::clone(&front).answer(request, Arc::clone(&served)));
    let mut server = http1::Builder::new();
    // `Date` is virtual time, so it is ours to write.
    server
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_within)
        .max_buf_size(HEAD_BYTES_MAX)
        .auto_date_header(false);
    let served = server.serve_connection(TokioIo::new(stream), service);
    watcher.watch(served).await.map_err(io::Error::other)
}
