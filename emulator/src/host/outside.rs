//! Calls that leave a shared cloud: who makes them, and how their answers come back.
//!
//! A call is made without any lock. Its number counts within one state: an answer to what was asked
//! before another cloud took its place is thrown away, or it would be taken for another one's.

use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Sleep;

use super::Host;
use crate::cloud::{Call, Input};
use crate::kernel::{FunctionRun, HttpAnswer, OutsideCall, OutsideId, OutsideRequest};
use crate::wire::Timestamp;

/// Calls the world outside.
pub trait Outside: Send + Sync + 'static {
    /// Begins a call and returns at once; what it comes to is told to `call`, now or later.
    fn begin(&self, call: Asked);
}

/// Something asked of the world outside, and the way back for its answer.
///
/// Dropped without an answer it stays unanswered; that is right only when the program ends.
pub struct Asked {
    id: OutsideId,
    pub request: OutsideRequest,
    back: Back,
}

struct Back {
    host: Weak<Host>,
    /// Which of the host's clouds has asked.
    generation: u64,
    under_way: Arc<UnderWay>,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    Server,
    Function,
}

/// How many calls are under way.
#[derive(Default)]
pub(super) struct UnderWay {
    servers: AtomicUsize,
    functions: AtomicUsize,
    fewer: Notify,
}

/// How much is under way in and around a cloud.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InWork {
    /// Calls that wait for something to happen in the cloud, such as long polls.
    pub waiting: usize,
    /// Calls whose answers a fault rule delays.
    pub delayed: usize,
    /// Calls of servers outside that are not answered.
    pub servers: usize,
    /// Runs of functions that have not ended.
    pub functions: usize,
}

impl UnderWay {
    fn of(&self, kind: Kind) -> &AtomicUsize {
        match kind {
            Kind::Server => &self.servers,
            Kind::Function => &self.functions,
        }
    }
}

impl Asked {
    /// What a server answered.
    pub fn answer(self, answer: HttpAnswer) {
        self.back.tell(Input::Answered(self.id, Ok(answer)));
    }

    /// How a function's run ended.
    pub fn done(self, result: FunctionRun) {
        self.back.tell(Input::FunctionDone(self.id, Ok(result)));
    }

    /// There is no answer, and `reason` says why; another try may have one.
    pub fn fail(self, reason: impl Into<String>) {
        let reason = reason.into();
        self.back.tell(match self.request {
            OutsideRequest::Http { .. } => Input::Answered(self.id, Err(reason)),
            OutsideRequest::Function(_) => Input::FunctionDone(self.id, Err(reason)),
        });
    }

    /// The call was not made and never will be, and `reason` says why.
    pub fn refuse(self, reason: impl Into<String>) {
        self.back.tell(Input::NotCalled(self.id, reason.into()));
    }
}

impl Back {
    fn tell(&self, input: Input<Call>) {
        if let Some(host) = self.host.upgrade() {
            host.apply_of(self.generation, input);
        }
    }
}

impl Drop for Back {
    fn drop(&mut self) {
        self.under_way.of(self.kind).fetch_sub(1, Ordering::AcqRel);
        self.under_way.fewer.notify_waiters();
    }
}

impl Host {
    /// Hands calls to whoever makes them; no lock is held.
    pub(super) fn hand_over(&self, calls: Vec<(u64, OutsideCall)>) {
        for (generation, OutsideCall { id, request }) in calls {
            let kind = match &request {
                OutsideRequest::Http { .. } => Kind::Server,
                OutsideRequest::Function(_) => Kind::Function,
            };
            self.under_way.of(kind).fetch_add(1, Ordering::AcqRel);
            let under_way = Arc::clone(&self.under_way);
            let back = Back { host: Weak::clone(&self.me), generation, under_way, kind };
            self.outside.begin(Asked { id, request, back });
        }
    }

    /// Deals with an input for one of the host's clouds; for another one it is none.
    fn apply_of(&self, generation: u64, input: Input<Call>) {
        let Some(mut state) = self.lock() else { return };
        if state.generation == generation
            && let Some(effects) = self.put(&mut state, input, None)
        {
            self.release(state, effects.list);
        }
    }

    /// What is under way now.
    pub fn under_way(&self) -> InWork {
        let calls = |kind| self.under_way.of(kind).load(Ordering::Acquire);
        InWork {
            waiting: self.lock_any().waiting.len(),
            delayed: self.delayed.load(Ordering::Acquire),
            servers: calls(Kind::Server),
            functions: calls(Kind::Function),
        }
    }

    /// Waits until every function is answered, and every server too for as long as `patience`.
    async fn settled(&self, mut patience: Pin<&mut Sleep>, is_patient: &mut bool) {
        loop {
            let fewer = self.under_way.fewer.notified();
            tokio::pin!(fewer);
            fewer.as_mut().enable();
            let waits_for = |kind| self.under_way.of(kind).load(Ordering::Acquire) > 0;
            let is_settled = match *is_patient {
                true => !waits_for(Kind::Function) && !waits_for(Kind::Server),
                false => !waits_for(Kind::Function),
            };
            if is_settled {
                return;
            }
            tokio::select! {
                biased;
                () = fewer => {}
                () = &mut patience, if *is_patient => *is_patient = false,
            }
        }
    }

    /// Moves virtual time on by `total`, from one moment at which something is due to the next;
    /// `step` moves the clock. At each of them servers outside may answer before time goes on, so
    /// that a retry is counted from the failure before it. `now` reads the clock.
    ///
    /// Servers that do not answer hold it up for as long as `patience`, in all. Functions are
    /// waited for until they are done: whoever runs them sees to their time-outs.
    pub(crate) async fn travel(
        &self,
        (total, patience): (Duration, Duration),
        now: impl Fn() -> Timestamp,
        step: impl Fn(Duration),
    ) {
        let (mut left, mut is_patient) = (total, true);
        let patience = tokio::time::sleep(patience);
        tokio::pin!(patience);
        self.advance();
        loop {
            self.settled(patience.as_mut(), &mut is_patient).await;
            if left.is_zero() || self.refusal().is_some() {
                return self.clock_changed();
            }
            let due = self.with_cloud(|cloud| cloud.next_deadline()).flatten();
            let by = due.map_or(left, |due| due.since(now()).min(left));
            step(by);
            left -= by;
            self.advance();
        }
    }
}
