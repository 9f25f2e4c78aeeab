//! Bodies: reading those of requests, and how many bytes of all of them are held at once.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use http_body_util::BodyExt as _;
use http_body_util::Full;
use hyper::body::{Body, Frame, Incoming, SizeHint};
use tokio::time::{Instant, timeout_at};

use super::connection::{Connection, Phase};
use super::limits::Pace;
use crate::host::Frames;
use crate::wire::Rejection;

/// So much of each body is not counted: usual requests get through although others send long ones.
const FREE_BYTES: usize = 64 * 1024;

/// The bytes of all bodies that are held now.
#[derive(Debug)]
pub(super) struct Held {
    bytes: AtomicUsize,
    bytes_max: usize,
}

impl Held {
    pub(super) fn new(bytes_max: usize) -> Self {
        Self { bytes: AtomicUsize::new(0), bytes_max }
    }
}

/// The part in them of one request, or of its answer.
#[derive(Debug)]
pub(super) struct Share {
    of: Arc<Held>,
    bytes: usize,
}

impl Share {
    pub(super) fn none(of: &Arc<Held>) -> Self {
        Self { of: Arc::clone(of), bytes: 0 }
    }

    /// Whether there is room now for a body of so many bytes in all.
    pub(super) fn fits(&self, bytes: usize) -> bool {
        let held = self.of.bytes.load(Ordering::Relaxed);
        bytes <= FREE_BYTES || held.saturating_add(bytes) <= self.of.bytes_max
    }

    /// For a body of so many bytes in all, if there is room.
    pub(super) fn resize(&mut self, bytes: usize) -> bool {
        let bytes = bytes.saturating_sub(FREE_BYTES);
        let before = std::mem::replace(&mut self.bytes, bytes);
        if bytes == before {
            return true;
        }
        if bytes < before {
            self.of.bytes.fetch_sub(before - bytes, Ordering::Relaxed);
            return true;
        }
        let more = bytes - before;
        self.of.bytes.fetch_add(more, Ordering::Relaxed) + more <= self.of.bytes_max
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        if self.bytes > 0 {
            self.of.bytes.fetch_sub(self.bytes, Ordering::Relaxed);
        }
    }
}

/// The body of an answer, which has its share until it is sent.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) bytes: Bytes,
    pub(super) _share: Share,
}

impl Buf for Answer {
    fn remaining(&self) -> usize {
        self.bytes.remaining()
    }

    fn chunk(&self) -> &[u8] {
        self.bytes.chunk()
    }

    fn advance(&mut self, count: usize) {
        self.bytes.advance(count);
    }
}

/// What a client is sent: an answer, or one event of its answer after the other.
pub(super) enum Sent {
    Whole(Full<Answer>),
    Stream { frames: Frames, held: Arc<Held>, connection: Arc<Connection> },
}

impl Body for Sent {
    type Data = Answer;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Answer>, Infallible>>> {
        match &mut *self {
            Self::Whole(answer) => Pin::new(answer).poll_frame(cx),
            Self::Stream { frames, held, connection } => {
                let frame = ready!(Pin::new(frames).poll_frame(cx));
                if frame.is_none() {
                    connection.begin(Phase::Answering);
                }
                let share = |held| Share::none(held);
                Poll::Ready(frame.map(|frame| {
                    frame.map(|frame| frame.map_data(|bytes| Answer { bytes, _share: share(held) }))
                }))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self, Self::Whole(answer) if answer.is_end_stream())
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(answer) => answer.size_hint(),
            Self::Stream { .. } => SizeHint::default(),
        }
    }
}

/// Reads a whole body. Most come in one piece, which is passed on as it is.
///
/// # Errors
/// Why it was not read to its end.
pub(super) async fn read(
    mut body: Incoming,
    limit: usize,
    pace: Pace,
    share: &mut Share,
) -> Result<Bytes, Rejection> {
    let begun = Instant::now();
    let mut read = Bytes::new();
    let mut rest = Vec::new();
    loop {
        let length = read.len() + rest.len();
        let frame = match timeout_at(pace.latest_end(begun, length), body.frame()).await {
            Err(_elapsed) => return Err(Rejection::TooSlow),
            Ok(None) => break,
            Ok(Some(Err(error))) => return Err(Rejection::Malformed(error.to_string())),
            Ok(Some(Ok(frame))) => frame.into_data().unwrap_or_default(),
        };
        if length + frame.len() > limit {
            return Err(Rejection::TooLarge { limit });
        }
        if !share.resize(length + frame.len()) {
            return Err(Rejection::NoRoom);
        }
        if read.is_empty() && rest.is_empty() {
            read = frame;
        } else {
            // Copied, as each piece would keep the whole buffer it was read into.
            rest.extend_from_slice(&read);
            read = Bytes::new();
            rest.extend_from_slice(&frame);
        }
        if body.is_end_stream() {
            break;
        }
    }
    Ok(if rest.is_empty() { read } else { rest.into() })
}
