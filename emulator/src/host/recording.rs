//! What happens to a cloud, written down for whoever asked for it: its inputs, and the answers that
//! clients get. It waits in memory, with a bound, until it is fetched.

use std::sync::atomic::Ordering;

use bytes::Bytes;
use http::Response;

use super::{Effects, Host, State};
use crate::cloud::journal::Draft;
use crate::cloud::{Call, Cloud, Input};
use crate::kernel::CallId;
use crate::wire::Timestamp;

/// Most bytes that wait to be fetched.
const BYTES_MAX: usize = 64 * 1024 * 1024;

/// What was written down and not fetched.
#[derive(Default)]
pub(super) struct Recording {
    /// The cloud as it was when it began, until it is fetched.
    begins: Option<Cloud>,
    taken: Vec<Taken>,
    bytes: usize,
    inputs: u64,
    /// Why it goes on no longer.
    ended: Option<String>,
}

/// One thing that happened, as it lies: whoever fetches it has the time to write it down well.
pub enum Taken {
    /// An input with its number, as a journal's record, and the number of the call that it is.
    Input(u64, Vec<u8>, Option<CallId>),
    /// What the client of a call was answered.
    Answer(CallId, Response<Bytes>),
}

/// What was fetched.
pub struct Recorded {
    /// The cloud as it was when it began: the first time.
    pub begins: Option<Cloud>,
    pub taken: Vec<Taken>,
    /// Why nothing follows.
    pub ended: Option<String>,
}

impl Recording {
    fn add(&mut self, bytes: usize, taken: Taken) {
        if self.ended.is_some() {
            return;
        }
        self.bytes += bytes;
        if self.bytes > BYTES_MAX {
            self.ended = Some(format!("{BYTES_MAX} bytes waited to be fetched, which is the most"));
            return;
        }
        self.taken.push(taken);
    }

    /// A request came in that was read before the recording began.
    fn miss(&mut self, cloud: &Cloud) {
        if self.begins.is_some() {
            // Nobody has seen the beginning: so it begins now.
            *self = Self { begins: Some(cloud.clone()), ..Self::default() };
        } else {
            self.end("a request was missed");
        }
    }

    pub(super) fn end(&mut self, reason: &str) {
        self.ended.get_or_insert_with(|| reason.to_owned());
    }
}

impl Host {
    /// Begins to write down what happens; `false` if somebody does already, or there is no cloud.
    pub fn begin_recording(&self) -> bool {
        self.advance();
        let Some(mut state) = self.lock() else { return false };
        if state.recording.is_some() {
            return false;
        }
        let begins = Some(state.cloud.clone());
        state.recording = Some(Box::new(Recording { begins, ..Recording::default() }));
        state.kept_until = None;
        self.is_recorded.store(true, Ordering::Release);
        true
    }

    /// What was written down since this was last asked; `None` if nothing is written down.
    pub fn take_recorded(&self, ends: bool) -> Option<Recorded> {
        let mut state = self.lock_any();
        let recording = state.recording.as_mut()?;
        let recorded = Recorded {
            begins: recording.begins.take(),
            taken: std::mem::take(&mut recording.taken),
            ended: recording.ended.clone(),
        };
        recording.bytes = 0;
        if ends || recorded.ended.is_some() {
            state.recording = None;
            self.is_recorded.store(false, Ordering::Release);
        }
        Some(recorded)
    }

    /// Puts an input into the cloud and writes it down.
    pub(super) fn put_recorded(
        &self,
        state: &mut State,
        input: Input<Call>,
        draft: Option<Draft>,
    ) -> Option<Effects> {
        let now = self.clock.now();
        let draft = self.drafted(state, (now, &input), draft);
        let payload = draft.as_ref().map(|draft| draft.payload().to_vec());
        self.give_recorded(state, input, now, payload)
    }

    pub(super) fn give_recorded(
        &self,
        state: &mut State,
        input: Input<Call>,
        now: Timestamp,
        payload: Option<Vec<u8>>,
    ) -> Option<Effects> {
        let is_request = matches!(input, Input::Request(_));
        let effects = self.give(state, input, now);
        let State { recording: Some(recording), cloud, .. } = state else { return effects };
        match (&effects, payload) {
            (None, _) => recording.end("the emulator panicked"),
            (Some(effects), Some(payload)) => {
                recording.inputs += 1;
                let number = recording.inputs;
                recording.add(payload.len(), Taken::Input(number, payload, effects.accepted));
            }
            (Some(_), None) if is_request => recording.miss(cloud),
            (Some(_), None) => {}
        }
        effects
    }

    /// Writes down what a client is answered.
    pub(super) fn record_answer(&self, call: CallId, answer: &Response<Bytes>) {
        if !self.is_recorded.load(Ordering::Relaxed) {
            return;
        }
        let mut state = self.lock_any();
        if let Some(recording) = &mut state.recording {
            let bytes = answer.body().len();
            recording.add(bytes, Taken::Answer(call, answer.clone()));
        }
    }
}
