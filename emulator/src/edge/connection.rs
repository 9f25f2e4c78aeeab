//! One connection: what it is doing, and its bytes.
//!
//! A client that does not read its answer is left after a while. hyper's own answers to what is no
//! HTTP are written as ours are. Before a connection is closed on a client that still sends, what
//! it sends is read: the kernel would otherwise take back the answer.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf as _, Bytes};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::Notify;
use tokio::time::{Instant, Sleep, sleep, sleep_until};

use super::limits::Pace;

/// How long, and how many bytes, a client may go on sending what nobody wants.
const LINGER: Duration = Duration::from_secs(2);
const LINGER_BYTES_MAX: usize = 32 * 1024 * 1024;

/// What a connection is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Phase {
    /// Its next request has not begun, or its head is not whole.
    Waiting,
    Reading,
    Working,
    /// An answer is made and not yet sent.
    Answering,
}

/// A connection as others see it.
#[derive(Debug)]
pub(super) struct Connection {
    phase: AtomicU8,
    /// Whether a request was answered on it.
    served: AtomicBool,
    /// Whether its bytes go over TLS.
    secure: AtomicBool,
    /// When it last began to wait, in answers.
    since: AtomicU64,
    answers: Arc<AtomicU64>,
    /// Whether its client sends what nobody will read.
    unread: AtomicBool,
    end: Notify,
}

impl Connection {
    /// `answers` counts those of all connections.
    pub(super) fn new(answers: &Arc<AtomicU64>) -> Self {
        Self {
            phase: AtomicU8::new(Phase::Waiting as u8),
            served: AtomicBool::new(false),
            secure: AtomicBool::new(false),
            since: AtomicU64::new(answers.fetch_add(1, Ordering::Relaxed)),
            answers: Arc::clone(answers),
            unread: AtomicBool::new(false),
            end: Notify::new(),
        }
    }

    pub(super) fn begin(&self, phase: Phase) {
        self.phase.store(phase as u8, Ordering::Relaxed);
    }

    fn is(&self, phase: Phase) -> bool {
        self.phase.load(Ordering::Relaxed) == phase as u8
    }

    fn sent(&self) {
        self.begin(Phase::Waiting);
        self.served.store(true, Ordering::Relaxed);
        self.since.store(self.answers.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
    }

    /// Its bytes go over TLS.
    pub(super) fn secured(&self) {
        self.secure.store(true, Ordering::Relaxed);
    }

    pub(super) fn is_secure(&self) -> bool {
        self.secure.load(Ordering::Relaxed)
    }

    /// Its client sends more than is read; the connection ends with the answer.
    pub(super) fn leaves_unread(&self) {
        self.unread.store(true, Ordering::Relaxed);
    }

    /// Who is sent away first when there is no room: nobody whose request is whole; those before
    /// others who never sent one; those before others who have waited for long.
    pub(super) fn rank(&self) -> Option<(bool, u64)> {
        let has_request = self.is(Phase::Working) || self.is(Phase::Answering);
        let rank = || (self.served.load(Ordering::Relaxed), self.since.load(Ordering::Relaxed));
        (!has_request).then(rank)
    }

    /// Ends it as soon as its task runs.
    pub(super) fn end(&self) {
        self.end.notify_one();
    }

    pub(super) async fn ended(&self) {
        self.end.notified().await;
    }
}

/// Writes our answer with a status that hyper chose itself.
pub(super) type Refusal = dyn Fn(u16) -> Bytes + Send + Sync;

/// The bytes of a connection, over TCP or TLS.
pub(super) struct Stream<S> {
    tcp: S,
    connection: Arc<Connection>,
    pace: Pace,
    refusal: Arc<Refusal>,
    /// What is written instead of hyper's own answer.
    own: Option<Bytes>,
    /// While an answer waits for its client to read: since when, what was read of it, and the
    /// time-out.
    stuck: Option<(Instant, usize, Pin<Box<Sleep>>)>,
    /// The end of reading what nobody wants, and how much that was.
    linger: Option<(Pin<Box<Sleep>>, usize)>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Stream<S> {
    pub(super) fn new(
        tcp: S,
        connection: Arc<Connection>,
        pace: Pace,
        refusal: Arc<Refusal>,
    ) -> Self {
        Self { tcp, connection, pace, refusal, own: None, stuck: None, linger: None }
    }

    /// What came of a write, unless its client takes too long.
    fn in_time(
        &mut self,
        cx: &mut Context<'_>,
        wrote: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        let pace = self.pace;
        match (&wrote, &mut self.stuck) {
            (Poll::Ready(Ok(more)), Some((_, bytes, _))) => *bytes += more,
            (Poll::Ready(_), _) => {}
            (Poll::Pending, stuck) => {
                let (begun, bytes, until) = stuck.get_or_insert_with(|| {
                    let now = Instant::now();
                    (now, 0, Box::pin(sleep_until(pace.latest_end(now, 0))))
                });
                until.as_mut().reset(pace.latest_end(*begun, *bytes));
                ready!(until.as_mut().poll(cx));
                return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
            }
        }
        wrote
    }

    /// Whether `bytes` are hyper's own answer: nobody else answers what is no request.
    fn own_answer(&mut self, bytes: &[u8]) -> Option<Bytes> {
        if self.own.is_none() && self.connection.is(Phase::Waiting) {
            let status = bytes.strip_prefix(b"HTTP/1.")?.get(2..5)?;
            let status = std::str::from_utf8(status).ok()?.parse().ok()?;
            if (400..500).contains(&status) {
                self.connection.leaves_unread();
                self.own = Some((self.refusal)(status));
            }
        }
        self.own.clone()
    }

    fn write_own(
        &mut self,
        cx: &mut Context<'_>,
        mut own: Bytes,
        instead_of: usize,
    ) -> Poll<io::Result<usize>> {
        while own.has_remaining() {
            let wrote = Pin::new(&mut self.tcp).poll_write(cx, &own);
            let wrote = ready!(self.in_time(cx, wrote))?;
            own.advance(wrote);
            self.own = Some(own.clone());
        }
        Poll::Ready(Ok(instead_of))
    }

    /// Reads on until the client has nothing more to say.
    fn read_rest(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Self { tcp, linger, .. } = self;
        let (end, read) = linger.get_or_insert_with(|| (Box::pin(sleep(LINGER)), 0));
        let mut nowhere = [0; 16 * 1024];
        loop {
            if end.as_mut().poll(cx).is_ready() || *read > LINGER_BYTES_MAX {
                return Poll::Ready(());
            }
            let mut bytes = ReadBuf::new(&mut nowhere);
            match ready!(Pin::new(&mut *tcp).poll_read(cx, &mut bytes)) {
                Ok(()) if !bytes.filled().is_empty() => *read += bytes.filled().len(),
                _ => return Poll::Ready(()),
            }
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Stream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_read(cx, bytes)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Stream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if let Some(own) = self.own_answer(bytes) {
            return self.write_own(cx, own, bytes.len());
        }
        let wrote = Pin::new(&mut self.tcp).poll_write(cx, bytes);
        self.in_time(cx, wrote)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let first = parts.first().map_or(&[][..], |part| part);
        if let Some(own) = self.own_answer(first) {
            return self.write_own(cx, own, parts.iter().map(|part| part.len()).sum());
        }
        let wrote = Pin::new(&mut self.tcp).poll_write_vectored(cx, parts);
        self.in_time(cx, wrote)
    }

    fn is_write_vectored(&self) -> bool {
        self.tcp.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.tcp).poll_flush(cx))?;
        self.stuck = None;
        if self.connection.is(Phase::Answering) {
            self.connection.sent();
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.linger.is_none() {
            ready!(Pin::new(&mut self.tcp).poll_shutdown(cx))?;
        }
        if self.connection.unread.load(Ordering::Relaxed) {
            ready!(self.read_rest(cx));
        }
        Poll::Ready(Ok(()))
    }
}
