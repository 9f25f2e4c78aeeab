//! A cloud that several clients share: one lock, the calls that wait, and the clock that drives it.
//!
//! Knows no socket: the HTTP server and the in-process SDK client both stand on it. The lock is
//! held for the state transition only; decoding and encoding happen outside.
//! A panic while decoding or encoding is that one request's. One inside of the cloud may have left
//! half a change behind, so it closes the state until it is reset.

mod asking;
mod calling;
mod certificate;
mod failure;
mod frames;
#[cfg(any(feature = "edge", feature = "sdk"))]
mod functions;
mod journal;
mod outside;
mod recording;
mod replacing;

use std::collections::BTreeMap;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::{Notify, oneshot};

use crate::cloud::journal::Draft;
use crate::cloud::{Call, Cloud, Effect, Effects, Input, Reply, registry};
use crate::kernel::{CallId, FaultError, FaultRule, FaultRules, Settings, SignatureMode};
use crate::wire::Timestamp;

use calling::Started;
pub(crate) use failure::{CLOSED, Panicked, failed_alone};
use frames::Streams;
pub use frames::{Body, Frames};
#[cfg(any(feature = "edge", feature = "sdk"))]
pub(crate) use functions::{answered, error_document, log_stream};
pub use journal::{Journal, Keeping, NotKept};
pub use outside::{Asked, InWork, Outside};
pub use recording::{Recorded, Taken};

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
    /// Answers that a fault rule delays now.
    delayed: AtomicUsize,
    journal: Option<Arc<dyn Journal>>,
    /// Somebody wants to know what happens.
    is_recorded: AtomicBool,
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
    /// Of how many clouds before this one an answer from outside may still come.
    generation: u64,
    recording: Option<Box<recording::Recording>>,
}

/// An answer, and how many records have to be kept before it goes out.
type Kept = (Reply, u64);

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
                generation: 0,
                recording: None,
            }),
            changed: Notify::new(),
            panics: AtomicU64::new(0),
            me: Weak::clone(me),
            outside,
            under_way: Arc::default(),
            delayed: AtomicUsize::new(0),
            journal,
            is_recorded: AtomicBool::new(false),
        })
    }

    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
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
        state.generation += 1;
        if let Some(recording) = &mut state.recording {
            recording.end("the emulator was reset");
        }
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

    /// Releases the lock; then answers the calls that waited for what has just happened.
    fn release(&self, mut state: MutexGuard<'_, State>, effects: Vec<Effect>) {
        let (mut ready, mut asked, records) = (Vec::new(), Vec::new(), state.records);
        let generation = state.generation;
        for effect in effects {
            match effect {
                Effect::Reply(reply) => {
                    let sender = state.waiting.remove(&reply.call);
                    ready.extend(sender.map(|sender| (sender, (reply, records))));
                }
                Effect::Part(part) => state.streams.tell(part),
                Effect::Outside(call) => asked.push((generation, call)),
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
