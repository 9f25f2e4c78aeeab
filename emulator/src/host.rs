//! A cloud that several clients share: one lock, the calls that wait, and the clock that drives it.
//!
//! Knows no socket: the HTTP server and the in-process SDK client both stand on it. The lock is
//! held for the state transition only; decoding and encoding happen outside.
//! A panic while decoding or encoding is that one request's. One inside of the cloud may have left
//! half a change behind, so it closes the state until it is reset.

mod asking;
mod certificate;
mod failure;
mod frames;
#[cfg(any(feature = "edge", feature = "sdk"))]
mod functions;
mod journal;
mod outside;

use std::collections::BTreeMap;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use bytes::Bytes;
use http::Response;
use http::request::Parts;
use tokio::sync::{Notify, oneshot};

use crate::cloud::journal::Draft;
use crate::cloud::{AnswerFault, Call, Cloud, Effect, Effects, Input, Reply, registry};
use crate::kernel::{CallId, FaultError, FaultRule, FaultRules, Settings, SignatureMode};
use crate::wire::{Protocol, Service, Timestamp, detect};

use failure::failure;
pub(crate) use failure::{CLOSED, Panicked, failed_alone};
use frames::Streams;
pub use frames::{Body, Frames};
#[cfg(any(feature = "edge", feature = "sdk"))]
pub(crate) use functions::{answered, error_document, log_stream};
pub use journal::{Journal, Keeping, NotKept};
pub use outside::{Asked, Outside};

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
    panics: AtomicU64,
    me: Weak<Host>,
    outside: Box<dyn Outside>,
    under_way: Arc<outside::UnderWay>,
    journal: Option<Arc<dyn Journal>>,
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
    waiting: BTreeMap<CallId, oneshot::Sender<Kept>>,
    /// Who listens to answers that are streams.
    streams: Streams,
    /// The next deadline when the lock was last released: what sleepers may count on.
    announced: Option<Timestamp>,
    /// The cloud panicked, so nobody looks at it until it is replaced.
    broken: bool,
    /// Calls no longer wait: the emulator is about to stop.
    ending: bool,
    /// So many records the journal has.
    records: u64,
    /// The time of the latest.
    kept_until: Option<Timestamp>,
    /// What came from outside while nothing could be kept.
    put_aside: Vec<Input<Call>>,
}

/// An answer, and how many records have to be kept before it goes out.
type Kept = (Reply, u64);

enum Started {
    Done(Kept),
    /// An answer that is a stream has begun.
    Streams(AnswerFault, Response<Body>),
    Waits(CallId, oneshot::Receiver<Kept>),
}

/// A fault rule let the answer get lost: the client sees its connection break.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the answer was lost, as a fault rule says")]
pub struct AnswerLost;

impl Host {
    /// A new cloud; `outside` calls the world outside for it.
    pub fn shared(
        settings: Settings,
        clock: Arc<dyn Clock>,
        driving: Driving,
        outside: Box<dyn Outside>,
    ) -> Arc<Self> {
        let verifies = settings.signatures == SignatureMode::Verify;
        Self::around(Cloud::new(settings), (clock, driving), (outside, None), verifies)
    }

    /// The same around a cloud that exists, perhaps with a journal; `verifies` says whether it
    /// wants to see signatures.
    pub fn around(
        cloud: Cloud,
        (clock, driving): (Arc<dyn Clock>, Driving),
        (outside, journal): (Box<dyn Outside>, Option<Arc<dyn Journal>>),
        verifies: bool,
    ) -> Arc<Self> {
        Arc::new_cyclic(|me| Self {
            driving,
            verifies,
            clock,
            state: Mutex::new(State {
                cloud,
                waiting: BTreeMap::new(),
                streams: Streams::default(),
                announced: None,
                broken: false,
                ending: false,
                records: 0,
                kept_until: None,
                put_aside: Vec::new(),
            }),
            changed: Notify::new(),
            panics: AtomicU64::new(0),
            me: Weak::clone(me),
            outside,
            under_way: Arc::default(),
            journal,
        })
    }

    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// Answers a request, in the future if it waits. Dropping the future hangs up.
    ///
    /// # Errors
    /// [`AnswerLost`] when a fault rule says so; the operation has happened all the same.
    pub async fn call(&self, parts: &Parts, body: &Bytes) -> Result<Response<Body>, AnswerLost> {
        let whole = |response: Response<Bytes>| Ok(response.map(Body::Whole));
        if let Some(certificate) = self.certificate(parts) {
            return whole(certificate);
        }
        let call = match self.whole(|| self.prepare(parts, body)) {
            Ok(Ok(call)) => call,
            Ok(Err(rejected)) => return whole(*rejected),
            Err(Panicked) => return whole(failed_alone((None, detect::likely_protocol(parts)))),
        };
        let spoken = call.speaks();
        let draft = self.journal.as_ref().map(|_| Draft::request(parts, body));
        let reply = match self.start(call, draft) {
            Some(Started::Done(reply)) => Some(reply),
            Some(Started::Waits(id, reply)) => self.wait(id, reply).await,
            Some(Started::Streams(fault, response)) => {
                return self.on_its_way(fault).await.map(|()| response);
            }
            None => None,
        };
        let Some((reply, records)) = reply else { return whole(self.gone(spoken)) };
        let (service, protocol) = spoken;
        if let Err(not_kept) = self.kept(records).await {
            return whole(failure((Some(service), protocol), 500, &not_kept.to_string()));
        }
        self.on_its_way(reply.fault()).await?;
        let written = self.whole(|| reply.write());
        whole(written.unwrap_or_else(|Panicked| failed_alone((Some(service), protocol))))
    }

    /// What becomes of an answer before its client sees it.
    async fn on_its_way(&self, AnswerFault { delay, lost }: AnswerFault) -> Result<(), AnswerLost> {
        if !delay.is_zero() {
            self.sleep(delay).await;
        }
        if lost { Err(AnswerLost) } else { Ok(()) }
    }

    /// Reads a request as far as it can be read outside the lock.
    fn prepare(&self, parts: &Parts, body: &Bytes) -> Result<Call, Box<Response<Bytes>>> {
        let mut call = registry().prepare_request(parts, body)?;
        if self.verifies {
            call.read_signature(parts, body);
            // Under a lock of its own, so that the hashing is under none.
            if let Some(secret) = self.with_cloud(|cloud| cloud.secret_of(&call)).flatten() {
                call.prove(secret);
            }
        }
        Ok(call)
    }

    /// How often a bug of ours ended something with a panic.
    pub fn panics(&self) -> u64 {
        self.panics.load(Ordering::Relaxed)
    }

    /// Does what leaves nothing half done when it panics; a panic is counted.
    ///
    /// # Errors
    /// [`Panicked`] when it did.
    pub(crate) fn whole<T>(&self, what: impl FnOnce() -> T) -> Result<T, Panicked> {
        catch_unwind(AssertUnwindSafe(what)).map_err(|_told_by_the_hook| {
            self.panics.fetch_add(1, Ordering::Relaxed);
            Panicked
        })
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

    fn start(&self, call: Call, draft: Option<Draft>) -> Option<Started> {
        let mut state = self.lock()?;
        let effects = self.put(&mut state, Input::Request(call), draft)?;
        let id = effects.accepted.expect("a request is accepted");
        let (mut own, mut others) = (None, Vec::new());
        for effect in effects.list {
            match effect {
                Effect::Reply(reply) if reply.call == id => {
                    own = Some(Started::Done((reply, state.records)));
                }
                Effect::Part(part) if part.call == id && own.is_none() => {
                    own = self.begin_stream(&mut state, part);
                }
                other => others.push(other),
            }
        }
        let started = own.unwrap_or_else(|| {
            let (sender, receiver) = oneshot::channel();
            if !state.ending {
                state.waiting.insert(id, sender);
            }
            Started::Waits(id, receiver)
        });
        self.release(state, others);
        Some(started)
    }

    /// Waits for the answer to `id` and lets time move on meanwhile; `None` when the cloud is
    /// gone.
    async fn wait(&self, id: CallId, mut reply: oneshot::Receiver<Kept>) -> Option<Kept> {
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
        let due = self.with_cloud(|cloud| cloud.next_deadline()).flatten();
        // While nothing may happen, what is due stays so: only a change tells more.
        let deadline = due.filter(|_| self.refusal().is_none());
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
        if let Some(journal) = &self.journal {
            journal.pace_changed();
        }
        self.wake();
    }

    /// Whoever sleeps looks again.
    pub fn wake(&self) {
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
        if let Some(effects) = self.put(&mut state, input, None) {
            self.release(state, effects.list);
        }
    }

    /// Puts an input into the cloud. If the cloud panics it is closed, and whoever waits is told.
    fn give(&self, state: &mut State, input: Input<Call>, now: Timestamp) -> Option<Effects> {
        let applied = self.whole(|| state.cloud.apply(now, input));
        if applied.is_err() {
            state.broken = true;
            state.forget_clients();
        }
        applied.ok()
    }

    /// Looks at the cloud; `None` after a panic in it, when the state is not trusted any more.
    pub fn with_cloud<T>(&self, look: impl FnOnce(&Cloud) -> T) -> Option<T> {
        self.lock().map(|state| look(&state.cloud))
    }

    /// Looks at the cloud, or at nothing after a panic in it; nothing happens meanwhile.
    pub fn with_whole_cloud<T>(&self, look: impl FnOnce(Option<&Cloud>) -> T) -> T {
        let state = self.lock_any();
        look(Some(&state.cloud).filter(|_| !state.broken))
    }

    /// Throws the state away and begins anew; calls that wait are answered with an error.
    pub fn reset(&self) {
        let mut state = self.lock_any();
        let now = self.clock.now();
        if let Some(journal) = &self.journal {
            state.records = journal.append(Draft::reset(now));
            state.put_aside.clear();
        }
        state.cloud = state.cloud.anew(now);
        state.forget_clients();
        state.announced = None;
        state.broken = false;
        drop(state);
        self.changed.notify_waiters();
    }

    /// Answers every call that waits with an error, from now on: the emulator is about to stop.
    pub fn drop_waiting(&self) {
        let mut state = self.lock_any();
        state.ending = true;
        state.forget_clients();
    }

    /// The state, if it is trusted.
    fn lock(&self) -> Option<MutexGuard<'_, State>> {
        Some(self.lock_any()).filter(|state| !state.broken)
    }

    fn lock_any(&self) -> MutexGuard<'_, State> {
        // Whether a panic left the state whole says `broken`: who only looks at it leaves it so.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The answer to a call that the cloud did not answer.
    fn gone(&self, (service, protocol): (&'static Service, Protocol)) -> Response<Bytes> {
        let refusal = self.refusal().map(|not_kept| not_kept.to_string());
        let (status, message) = match (self.lock(), &refusal) {
            (None, _) => (500, CLOSED),
            (Some(_), Some(refusal)) => (503, refusal.as_str()),
            (Some(_), None) => (503, "the emulator was reset or is shutting down"),
        };
        failure((Some(service), protocol), status, message)
    }

    /// Releases the lock; then answers the calls that waited for what has just happened.
    fn release(&self, mut state: MutexGuard<'_, State>, effects: Vec<Effect>) {
        let (mut ready, mut asked, records) = (Vec::new(), Vec::new(), state.records);
        let resets = state.cloud.settings().resets;
        for effect in effects {
            match effect {
                Effect::Reply(reply) => {
                    let sender = state.waiting.remove(&reply.call);
                    ready.extend(sender.map(|sender| (sender, (reply, records))));
                }
                Effect::Part(part) => state.streams.tell(part),
                Effect::Outside(call) => asked.push((resets, call)),
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
        self.hand_over_kept(asked, records);
    }
}

/// Removes a waiting call when its client goes away.
struct HangUp<'a> {
    host: &'a Host,
    id: CallId,
}

impl Drop for HangUp<'_> {
    fn drop(&mut self) {
        self.host.lock_any().waiting.remove(&self.id);
        self.host.apply(Input::ClientGone(self.id));
    }
}
