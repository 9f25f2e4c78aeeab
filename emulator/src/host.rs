//! A cloud that several clients share: one lock, the calls that wait, and the clock that drives it.
//!
//! Knows no socket: the HTTP server and the in-process SDK client both stand on it. The lock is
//! held for the state transition only; decoding and encoding happen outside.

use std::collections::BTreeMap;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use bytes::Bytes;
use http::Response;
use http::request::Parts;
use tokio::sync::{Notify, oneshot};

use crate::cloud::{Call, Cloud, Fate, Handled, Registry, ReplyFormat};
use crate::kernel::{CallId, Settings};
use crate::wire::{Protocol, Timestamp, WireError, detect, internal_failure, respond};

/// Where `now` comes from, and how to wait for a moment.
pub trait Clock: Send + Sync + 'static {
    fn now(&self) -> Timestamp;

    /// Returns at `deadline`, or earlier; never when there is none to wait for.
    fn sleep_until(&self, deadline: Option<Timestamp>) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}

/// A shared cloud.
pub struct Host {
    registry: Registry,
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
    /// Told when something became due earlier than whoever sleeps believes.
    changed: Notify,
    driving: Driving,
}

/// Who lets time pass while calls wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Driving {
    /// Each call that waits: nobody else is there (tests, simulations).
    Callers,
    /// A task of its own calls [`Host::pass_time`] for ever, so that waiting calls cost nothing.
    Driver,
}

struct State {
    cloud: Cloud,
    waiting: BTreeMap<CallId, Waiting>,
    /// The next deadline when the lock was last released: what sleepers may count on.
    announced: Option<Timestamp>,
}

struct Waiting {
    format: ReplyFormat,
    reply: oneshot::Sender<Response<Bytes>>,
}

enum Started {
    Done(Response<Bytes>, Fate),
    Waits(CallId, oneshot::Receiver<Response<Bytes>>, Fate),
}

/// A fault rule let the answer get lost: the client sees its connection break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the answer was lost, as a fault rule says")]
pub struct AnswerLost;

/// A response that is ready to be written and sent to whoever waits for it.
type Ready = (Waiting, Result<Box<dyn crate::kernel::Answer>, WireError>);

impl Host {
    pub fn new(settings: Settings, clock: Arc<dyn Clock>, driving: Driving) -> Self {
        Self {
            driving,
            registry: Registry::new(),
            clock,
            state: Mutex::new(State {
                cloud: Cloud::new(settings),
                waiting: BTreeMap::new(),
                announced: None,
            }),
            changed: Notify::new(),
        }
    }

    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// Answers a request, in the future if it waits. Dropping the future hangs up.
    ///
    /// # Errors
    /// [`AnswerLost`] when a fault rule says so; the operation has happened all the same.
    pub async fn call(&self, parts: &Parts, body: &Bytes) -> Result<Response<Bytes>, AnswerLost> {
        let call = match self.registry.prepare(parts, body) {
            Err(rejected) => return Ok(*rejected),
            Ok(call) => call,
        };
        let (response, fate) = match catch_unwind(AssertUnwindSafe(|| self.start(call))) {
            Ok(Some(Started::Done(response, fate))) => (response, fate),
            Ok(Some(Started::Waits(id, reply, fate))) => (self.wait(id, reply).await, fate),
            Ok(None) | Err(_) => (broken(parts), Fate::default()),
        };
        if !fate.delay.is_zero() {
            self.sleep(fate.delay).await;
        }
        if fate.lost { Err(AnswerLost) } else { Ok(response) }
    }

    /// Lets so much virtual time pass.
    async fn sleep(&self, delay: Duration) {
        let end = self.clock.now() + delay;
        while self.clock.now() < end {
            let changed = self.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            tokio::select! {
                biased;
                () = changed => {}
                () = self.clock.sleep_until(Some(end)) => {}
            }
        }
    }

    fn start(&self, call: Call) -> Option<Started> {
        let mut state = self.lock()?;
        match state.cloud.handle(self.clock.now(), call) {
            Handled::Done(format, answer) => {
                self.release(state);
                Some(Started::Done(format.write(answer), format.fate()))
            }
            Handled::Parked(id, format) => {
                let (reply, receiver) = oneshot::channel();
                let fate = format.fate();
                state.waiting.insert(id, Waiting { format, reply });
                self.release(state);
                Some(Started::Waits(id, receiver, fate))
            }
        }
    }

    /// Waits for the answer to `id` and lets time move on meanwhile.
    async fn wait(
        &self,
        id: CallId,
        mut reply: oneshot::Receiver<Response<Bytes>>,
    ) -> Response<Bytes> {
        let hang_up = HangUp { host: self, id };
        let response = loop {
            tokio::select! {
                biased;
                response = &mut reply => break response,
                () = self.pass_time(), if self.driving == Driving::Callers => {}
            }
        };
        std::mem::forget(hang_up);
        response.unwrap_or_else(|_reset| {
            let message = "the emulator was reset or is shutting down";
            let error = internal_failure(message).status(503);
            respond::failure(Protocol::AwsJson10, None, &error, "")
        })
    }

    /// Sleeps until something is due, or something became due earlier, and does it.
    pub async fn pass_time(&self) {
        let changed = self.changed.notified();
        tokio::pin!(changed);
        // From here on no change is missed.
        changed.as_mut().enable();
        let deadline = self.with_cloud(|cloud| cloud.next_deadline()).flatten();
        tokio::select! {
            biased;
            () = changed => {}
            () = self.clock.sleep_until(deadline) => {}
        }
        self.advance();
    }

    /// The names of the emulated services.
    pub fn service_names(&self) -> Vec<&'static str> {
        self.registry.services().iter().map(|service| service.name).collect()
    }

    /// Time runs otherwise than before: whoever sleeps looks again.
    pub fn clock_changed(&self) {
        self.changed.notify_waiters();
    }

    /// Does what is due by now.
    pub fn advance(&self) {
        let Some(mut state) = self.lock() else { return };
        state.cloud.advance(self.clock.now());
        self.release(state);
    }

    /// Looks at the cloud; `None` after a panic, when the state is not trusted any more.
    pub fn with_cloud<T>(&self, look: impl FnOnce(&Cloud) -> T) -> Option<T> {
        self.lock().map(|state| look(&state.cloud))
    }

    /// Changes the cloud; `None` as above.
    pub fn change_cloud<T>(&self, change: impl FnOnce(&mut Cloud) -> T) -> Option<T> {
        let mut state = self.lock()?;
        state.cloud.advance(self.clock.now());
        let changed = change(&mut state.cloud);
        self.release(state);
        Some(changed)
    }

    /// Throws the state away and begins anew; calls that wait are answered with an error.
    pub fn reset(&self) {
        let mut state = self.state.lock().unwrap_or_else(|poisoned| {
            self.state.clear_poison();
            poisoned.into_inner()
        });
        let settings = state.cloud.settings().clone();
        state.cloud = Cloud::new(Settings { start: self.clock.now(), ..settings });
        state.waiting.clear();
        state.announced = None;
        drop(state);
        self.changed.notify_waiters();
    }

    /// Answers every call that waits with an error: the emulator is about to stop.
    pub fn drop_waiting(&self) {
        if let Some(mut state) = self.lock() {
            state.waiting.clear();
        }
    }

    fn lock(&self) -> Option<MutexGuard<'_, State>> {
        self.state.lock().ok()
    }

    /// Releases the lock; then answers the calls that waited for what has just happened.
    fn release(&self, mut state: MutexGuard<'_, State>) {
        let completed = state.cloud.take_completed();
        let waiting = &mut state.waiting;
        let ready: Vec<Ready> = completed
            .into_iter()
            .filter_map(|done| Some((waiting.remove(&done.call)?, done.answer)))
            .collect();
        // Only for an earlier deadline: if every advance woke all sleepers, two of them would wake
        // each other for ever, and virtual time would stand still.
        let deadline = state.cloud.next_deadline();
        let earlier = match (deadline, state.announced) {
            (Some(deadline), Some(announced)) => deadline < announced,
            (deadline, _) => deadline.is_some(),
        };
        state.announced = deadline;
        drop(state);
        for (waiting, answer) in ready {
            // The receiver is gone if the client hung up in this very moment; the message then
            // becomes visible again in time, as on AWS.
            let _gone = waiting.reply.send(waiting.format.write(answer));
        }
        if earlier {
            self.changed.notify_waiters();
        }
    }

    fn hang_up(&self, id: CallId) {
        let Some(mut state) = self.lock() else { return };
        state.waiting.remove(&id);
        state.cloud.hang_up(self.clock.now(), id);
        self.release(state);
    }
}

/// The answer after a panic: the state is not trusted any more.
fn broken(parts: &Parts) -> Response<Bytes> {
    let message = "skyrig has met a bug of its own and stopped serving this state; \
                   POST /_skyrig/reset begins anew";
    respond::failure(detect::likely_protocol(parts), None, &internal_failure(message), "")
}

/// Removes a waiting call when its client goes away.
struct HangUp<'a> {
    host: &'a Host,
    id: CallId,
}

impl Drop for HangUp<'_> {
    fn drop(&mut self) {
        self.host.hang_up(self.id);
    }
}
