//! Bodies: reading those of requests, and how many bytes of all of them are held at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::{Buf, Bytes};
use http_body_util::BodyExt as _;
use hyper::body::{Body as _, Incoming};
use tokio::time::{Instant, timeout_at};

use super::limits::Pace;
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
