//! Answers that are streams, on their way to a client that may be slower than they are.

use std::collections::{BTreeMap, VecDeque};
use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};

use bytes::Bytes;
use http_body::Frame;

use super::{Driving, Host, Started, State};
use crate::cloud::{Input, Part};
use crate::kernel::CallId;

/// What waits for a slow client: so many events, and entries in them.
///
/// Source: API reference "StartLiveTail".
const PARTS_MAX: usize = 10;
const ENTRIES_MAX: usize = 5_000;

/// The body of an answer.
pub enum Body {
    Whole(Bytes),
    /// It goes on until its service or its client ends it.
    Stream(Frames),
}

impl Body {
    /// How many bytes are known.
    pub fn known_bytes(&self) -> usize {
        match self {
            Self::Whole(bytes) => bytes.len(),
            Self::Stream(_) => 0,
        }
    }
}

/// What is told and not yet read. The oldest goes where too much waits.
#[derive(Default)]
struct Queue {
    parts: VecDeque<Part>,
    entries: usize,
    ended: bool,
    reader: Option<Waker>,
}

/// Both ends of a stream have it.
type SharedQueue = Arc<Mutex<Queue>>;

fn lock(queue: &SharedQueue) -> MutexGuard<'_, Queue> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Who listens to answers that are streams.
#[derive(Default)]
pub(super) struct Streams(BTreeMap<CallId, Teller>);

/// Where the events of a call go. Dropping it ends the stream.
#[derive(Default)]
struct Teller(SharedQueue);

impl Streams {
    /// Passes an event on, if somebody listens.
    pub(super) fn tell(&mut self, part: Part) {
        let (call, last) = (part.call, part.last);
        if let Some(teller) = self.0.get(&call) {
            teller.tell(part);
        }
        if last {
            self.0.remove(&call);
        }
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

impl Teller {
    /// Adds an event; one that tells of nothing does not wait behind many.
    fn tell(&self, part: Part) {
        let mut queue = lock(&self.0);
        if part.entries == 0 && queue.parts.len() >= PARTS_MAX {
            return;
        }
        queue.entries += part.entries;
        queue.parts.push_back(part);
        let too_much = |queue: &Queue| queue.entries > ENTRIES_MAX || queue.parts.len() > PARTS_MAX;
        while queue.parts.len() > 1 && too_much(&queue) {
            let oldest = queue.parts.pop_front().map_or(0, |part| part.entries);
            queue.entries -= oldest;
        }
        let reader = queue.reader.take();
        drop(queue);
        reader.into_iter().for_each(Waker::wake);
    }
}

impl Drop for Teller {
    fn drop(&mut self) {
        let mut queue = lock(&self.0);
        queue.ended = true;
        let reader = queue.reader.take();
        drop(queue);
        reader.into_iter().for_each(Waker::wake);
    }
}

impl State {
    /// Nobody is answered any more.
    pub(super) fn forget_clients(&mut self) {
        self.waiting.clear();
        self.streams.clear();
    }
}

impl Host {
    /// Begins an answer that is a stream, by its first event.
    pub(super) fn begin_stream(&self, state: &mut State, first: Part) -> Option<Started> {
        let host = self.me.upgrade()?;
        let (call, fault, head) = (first.call, first.fault(), first.head());
        let teller = Teller::default();
        let (queue, passing) = (Arc::clone(&teller.0), Mutex::new(None));
        teller.tell(first);
        if !state.ending {
            state.streams.0.insert(call, teller);
        }
        let frames = Frames { host, call, queue, passing };
        Some(Started::Streams(fault, head.map(|_empty| Body::Stream(frames))))
    }
}

type Passing = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The frames of one answer. Dropping it hangs up.
pub struct Frames {
    host: Arc<Host>,
    call: CallId,
    queue: SharedQueue,
    /// Time that passes while nothing is there, where nobody else lets it pass. The lock is for
    /// clients that want to share it.
    passing: Mutex<Option<Passing>>,
}

impl Frames {
    /// The next frame; `None` at the end.
    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        loop {
            let mut queue = lock(&self.queue);
            if let Some(part) = queue.parts.pop_front() {
                queue.entries -= part.entries;
                drop(queue);
                return Poll::Ready(Some(part.write()));
            }
            if queue.ended {
                return Poll::Ready(None);
            }
            queue.reader = Some(cx.waker().clone());
            drop(queue);
            if self.host.driving == Driving::Driver {
                return Poll::Pending;
            }
            let host = Arc::clone(&self.host);
            let passing = self.passing.get_mut().unwrap_or_else(PoisonError::into_inner);
            let time =
                passing.get_or_insert_with(|| Box::pin(async move { host.pass_time().await }));
            ready!(time.as_mut().poll(cx));
            *passing = None;
        }
    }
}

impl http_body::Body for Frames {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.poll_next(cx).map(|frame| frame.map(|bytes| Ok(Frame::data(bytes))))
    }
}

impl Drop for Frames {
    fn drop(&mut self) {
        let mut state = self.host.lock_any();
        // After a reset another call may have its number.
        let is_own = |teller: &Teller| Arc::ptr_eq(&teller.0, &self.queue);
        let goes_on = state.streams.0.get(&self.call).is_some_and(is_own);
        let gone = goes_on.then(|| state.streams.0.remove(&self.call));
        drop(state);
        if gone.is_some() {
            self.host.apply(Input::ClientGone(self.call));
        }
    }
}
