//! What is kept of a cloud before its answers go out, so that it can be made again.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::{Effects, Host, State};
use crate::cloud::journal::Draft;
use crate::cloud::{Call, Input};
use crate::kernel::{OutsideCall, Settings};
use crate::wire::Timestamp;

/// Why something could not be kept.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the journal cannot be written, so nothing changes until it can: {0}. What was answered before \
     is kept"
)]
pub struct NotKept(pub Arc<str>);

/// What keeping something comes to.
pub type Keeping<'a> = Pin<Box<dyn Future<Output = Result<(), NotKept>> + Send + 'a>>;

/// Keeps what happens to a cloud.
pub trait Journal: Send + Sync + 'static {
    /// Takes a record behind those before it; says how many there are with it. The cloud is locked
    /// meanwhile, so nothing is written here.
    fn append(&self, draft: Draft) -> u64;

    /// Whether so many records are kept as well as answers need it, which may mean writing them;
    /// `None` if that takes a while.
    ///
    /// # Errors
    /// [`NotKept`] if they cannot be kept now.
    fn is_kept(&self, records: u64) -> Option<Result<(), NotKept>>;

    /// Waits until so many records are kept.
    fn keep(&self, records: u64) -> Keeping<'_>;

    /// Why nothing can be kept now. Then nothing may happen to the cloud; the host is
    /// [told](Host::clock_changed) when something may.
    fn refusal(&self) -> Option<NotKept>;

    /// The clock runs otherwise than before.
    fn pace_changed(&self);
}

impl Host {
    /// Why nothing may happen to the cloud now.
    pub(super) fn refusal(&self) -> Option<NotKept> {
        self.journal.as_ref()?.refusal()
    }

    /// Puts an input into the cloud and keeps it. While nothing can be kept, nothing happens: what
    /// came from outside waits, and requests are refused.
    pub(super) fn put(
        &self,
        state: &mut State,
        input: Input<Call>,
        draft: Option<Draft>,
    ) -> Option<Effects> {
        let Some(journal) = self.journal.as_deref() else {
            return self.put_unkept(state, input, draft);
        };
        if journal.refusal().is_some() {
            if !matches!(input, Input::Request(_) | Input::Time) {
                state.put_aside.push(input);
            }
            return None;
        }
        let mut effects = Vec::new();
        for late in std::mem::take(&mut state.put_aside) {
            effects.extend(self.put_kept(journal, state, late, None)?.list);
        }
        let mut own = self.put_kept(journal, state, input, draft)?;
        effects.append(&mut own.list);
        Some(Effects { list: effects, ..own })
    }

    /// The same where nothing is kept, but perhaps recorded.
    fn put_unkept(
        &self,
        state: &mut State,
        input: Input<Call>,
        draft: Option<Draft>,
    ) -> Option<Effects> {
        if state.recording.is_some() {
            return self.put_recorded(state, input, draft);
        }
        drop(draft);
        self.give(state, input, self.clock.now())
    }

    /// What is written down of an input; nothing if it is time that was written down already.
    pub(super) fn drafted(
        &self,
        state: &mut State,
        (now, input): (Timestamp, &Input<Call>),
        draft: Option<Draft>,
    ) -> Option<Draft> {
        let says_nothing = matches!(input, Input::Time) && state.kept_until == Some(now);
        let mut draft = draft.or_else(|| Draft::input(now, input).filter(|_| !says_nothing))?;
        draft.set_time(now);
        state.kept_until = Some(now);
        Some(draft)
    }

    /// Whether inputs are written down somewhere, so that requests are needed as they came.
    pub(super) fn writes_down(&self) -> bool {
        if self.is_recorded.load(Ordering::Relaxed) {
            return true;
        }
        self.journal.is_some()
    }

    fn put_kept(
        &self,
        journal: &dyn Journal,
        state: &mut State,
        input: Input<Call>,
        draft: Option<Draft>,
    ) -> Option<Effects> {
        let now = self.clock.now();
        let draft = self.drafted(state, (now, &input), draft);
        let payload = state.recording.as_ref().and(draft.as_ref()).map(|it| it.payload().to_vec());
        if let Some(draft) = draft {
            state.records = journal.append(draft);
        }
        let effects = self.give_recorded(state, input, now, payload);
        if effects.is_none() {
            journal.append(Draft::panicked(state.records.saturating_sub(1)));
        }
        effects
    }

    /// Waits until so many records are kept.
    pub(super) async fn kept(&self, records: u64) -> Result<(), NotKept> {
        let Some(journal) = self.journal.as_deref() else { return Ok(()) };
        match journal.is_kept(records) {
            Some(kept) => kept,
            None => journal.keep(records).await,
        }
    }

    /// Hands calls to whoever makes them when what they come from is kept.
    pub(super) fn hand_over_kept(&self, calls: Vec<(u64, OutsideCall)>, records: u64) {
        let is_kept = match self.journal.as_deref() {
            _ if calls.is_empty() => return,
            None => true,
            Some(journal) => matches!(journal.is_kept(records), Some(Ok(()))),
        };
        if is_kept {
            return self.hand_over(calls);
        }
        let Some(host) = self.me.upgrade() else { return };
        tokio::spawn(async move {
            loop {
                let changed = host.changed.notified();
                tokio::pin!(changed);
                changed.as_mut().enable();
                if host.kept(records).await.is_ok() {
                    return host.hand_over(calls);
                }
                changed.await;
            }
        });
    }

    /// The program was started anew around a cloud that was kept.
    pub fn resume(&self, settings: Settings) {
        self.apply(Input::Restarted(Box::new(settings)));
    }
}
