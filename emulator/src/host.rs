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

use crate::cloud::{AnswerFault, Call, Cloud, Effect, Input, Reply, registry};
use crate::kernel::{
    CallId, FaultError, FaultRule, FaultRules, OutsideRequest, Settings, SignatureMode,
};
use crate::wire::{Protocol, Service, Timestamp, internal_failure, respond};

/// Where `now` comes from, and how to wait for a moment.
pub trait Clock: Send + Sync + 'static {
    fn now(&self) -> Timestamp;

    /// Returns at `deadline`, or earlier; never when there is none to wait for.
    fn sleep_until(&self, deadline: Option<Timestamp>) -> Pin<Box<dyn Future<Output = ()> + Send>>;
}

/// A shared cloud.
pub struct Host {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
    /// Told when something became due earlier than whoever sleeps believes.
    changed: Notify,
    driving: Driving,
    /// Whether the cloud wants to see signatures.
    verifies: bool,
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
    waiting: BTreeMap<CallId, oneshot::Sender<Reply>>,
    /// The next deadline when the lock was last released: what sleepers may count on.
    announced: Option<Timestamp>,
}

enum Started {
    Done(Reply),
    Waits(CallId, oneshot::Receiver<Reply>),
}

/// A fault rule let the answer get lost: the client sees its connection break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the answer was lost, as a fault rule says")]
pub struct AnswerLost;

impl Host {
    pub fn new(settings: Settings, clock: Arc<dyn Clock>, driving: Driving) -> Self {
        Self {
            driving,
            verifies: settings.signatures == SignatureMode::Verify,
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
        let mut call = match registry().prepare_request(parts, body) {
            Err(rejected) => return Ok(*rejected),
            Ok(call) => call,
        };
        if self.verifies {
            call.read_signature(parts, body);
            // Under a lock of its own, so that the hashing is under none.
            if let Some(secret) = self.with_cloud(|cloud| cloud.secret_of(&call)).flatten() {
                call.prove(secret);
            }
        }
        let spoken = call.speaks();
        let started = catch_unwind(AssertUnwindSafe(|| self.start(call)));
        let reply = match started {
            Ok(Some(Started::Done(reply))) => reply,
            Ok(Some(Started::Waits(id, reply))) => match self.wait(id, reply).await {
                Some(reply) => reply,
                None => return Ok(stopped(spoken)),
            },
            Ok(None) | Err(_) => return Ok(broken(spoken)),
        };
        let AnswerFault { delay, lost } = reply.fault();
        if !delay.is_zero() {
            self.sleep(delay).await;
        }
        if lost {
            return Err(AnswerLost);
        }
        // Also here a bug answers, instead of breaking the connection.
        let written = catch_unwind(AssertUnwindSafe(|| reply.write()));
        Ok(written.unwrap_or_else(|_panic| broken(spoken)))
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
        let effects = state.cloud.apply(self.clock.now(), Input::Request(call));
        let id = effects.accepted.expect("a request is accepted");
        let (mut own, mut others) = (None, Vec::new());
        for effect in effects.list {
            match effect {
                Effect::Reply(reply) if reply.call == id => own = Some(reply),
                other => others.push(other),
            }
        }
        let started = own.map_or_else(
            || {
                let (sender, receiver) = oneshot::channel();
                state.waiting.insert(id, sender);
                Started::Waits(id, receiver)
            },
            Started::Done,
        );
        self.release(state, others);
        Some(started)
    }

    /// Waits for the answer to `id` and lets time move on meanwhile; `None` when the cloud is
    /// gone.
    async fn wait(&self, id: CallId, mut reply: oneshot::Receiver<Reply>) -> Option<Reply> {
        let hang_up = HangUp { host: self, id };
        let reply = loop {
            tokio::select! {
                biased;
                reply = &mut reply => break reply,
                () = self.pass_time(), if self.driving == Driving::Callers => {}
            }
        };
        std::mem::forget(hang_up);
        reply.ok()
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
        registry().services().iter().map(|service| service.name).collect()
    }

    /// Time runs otherwise than before: whoever sleeps looks again.
    pub fn clock_changed(&self) {
        self.changed.notify_waiters();
    }

    /// Does what is due by now.
    pub fn advance(&self) {
        self.apply(Input::Time);
    }

    /// Replaces the fault rules; their windows begin now.
    ///
    /// # Errors
    /// [`FaultError`] with the reason; then the old rules stay.
    pub fn set_faults(&self, rules: Vec<FaultRule>) -> Result<(), FaultError> {
        self.apply(Input::Faults(FaultRules::new(rules)?));
        Ok(())
    }

    /// Deals with an input that is no request.
    fn apply(&self, input: Input<Call>) {
        let Some(mut state) = self.lock() else { return };
        let effects = state.cloud.apply(self.clock.now(), input);
        self.release(state, effects.list);
    }

    /// Looks at the cloud; `None` after a panic, when the state is not trusted any more.
    pub fn with_cloud<T>(&self, look: impl FnOnce(&Cloud) -> T) -> Option<T> {
        self.lock().map(|state| look(&state.cloud))
    }

    /// Throws the state away and begins anew; calls that wait are answered with an error.
    pub fn reset(&self) {
        let mut state = self.state.lock().unwrap_or_else(|poisoned| {
            self.state.clear_poison();
            poisoned.into_inner()
        });
        let settings = state.cloud.settings().clone();
        let (start, resets) = (self.clock.now(), settings.resets + 1);
        state.cloud = Cloud::new(Settings { start, resets, ..settings });
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
    fn release(&self, mut state: MutexGuard<'_, State>, effects: Vec<Effect>) {
        let (mut ready, mut unanswered) = (Vec::new(), Vec::new());
        for effect in effects {
            match effect {
                Effect::Reply(reply) => {
                    ready.extend(state.waiting.remove(&reply.call).map(|sender| (sender, reply)));
                }
                Effect::Outside(call) => unanswered.push(call),
            }
        }
        // Only for an earlier deadline: if every advance woke all sleepers, two of them would wake
        // each other for ever, and virtual time would stand still.
        let deadline = state.cloud.next_deadline();
        let earlier = match (deadline, state.announced) {
            (Some(deadline), Some(announced)) => deadline < announced,
            (deadline, _) => deadline.is_some(),
        };
        state.announced = deadline;
        drop(state);
        for (sender, reply) in ready {
            // The receiver is gone if the client hung up in this very moment; the message then
            // becomes visible again in time, as on AWS.
            let _gone = sender.send(reply);
        }
        if earlier {
            self.changed.notify_waiters();
        }
        for call in unanswered {
            self.apply(match call.request {
                OutsideRequest::Http { .. } => Input::Answered(call.id, Err(NOBODY.to_owned())),
                OutsideRequest::Function(_) => Input::FunctionDone(call.id, Err(NOBODY.to_owned())),
            });
        }
    }
}

/// The answer to whatever the world outside is asked for: nothing here reaches it yet.
const NOBODY: &str = "this emulator does not call the world outside";

/// The answer after a panic: the state is not trusted any more.
fn broken(spoken: (&'static Service, Protocol)) -> Response<Bytes> {
    let message = "skyrig has met a bug of its own and stopped serving this state; \
                   POST /_skyrig/reset begins anew";
    failure(spoken, 500, message)
}

/// The answer to a call that waited for a cloud which is gone.
fn stopped(spoken: (&'static Service, Protocol)) -> Response<Bytes> {
    failure(spoken, 503, "the emulator was reset or is shutting down")
}

fn failure(
    (service, protocol): (&'static Service, Protocol),
    status: u16,
    message: &str,
) -> Response<Bytes> {
    respond::failure(protocol, Some(service), &internal_failure(message).status(status), "")
}

/// Removes a waiting call when its client goes away.
struct HangUp<'a> {
    host: &'a Host,
    id: CallId,
}

impl Drop for HangUp<'_> {
    fn drop(&mut self) {
        self.host.lock().map(|mut state| state.waiting.remove(&self.id));
        self.host.apply(Input::ClientGone(self.id));
    }
}
