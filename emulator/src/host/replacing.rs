//! Another cloud in the place of the one that is there.

use super::{Host, NotKept};
use crate::cloud::journal::{Draft, RECORD_BYTES_MAX};
use crate::cloud::{Cloud, Input};
use crate::wire::Timestamp;

impl Host {
    /// Puts another cloud in the place of this one, and lets it go on at `at`. Its settings are
    /// this one's, but for its seed; calls that wait are answered with an error. `file` is what the
    /// journal keeps of it, and `turn` sets the clock.
    ///
    /// # Errors
    /// [`NotKept`] if it cannot be kept; then nothing has changed.
    pub fn replace(
        &self,
        cloud: Cloud,
        (at, turn): (Timestamp, impl FnOnce(Timestamp)),
        file: &[u8],
    ) -> Result<(), NotKept> {
        let mut state = self.lock_any();
        if let Some(refusal) = self.refusal() {
            return Err(refusal);
        }
        if self.journal.is_some() && file.len() >= RECORD_BYTES_MAX {
            let reason = format!("a snapshot of {} bytes is too long for it", file.len());
            return Err(NotKept(reason.into()));
        }
        turn(at);
        if let Some(journal) = &self.journal {
            state.records = journal.append(Draft::loaded(at, file));
            state.put_aside.clear();
        }
        state.kept_until = None;
        if let Some(recording) = &mut state.recording {
            recording.end("another state was put in its place");
        }
        let settings = state.cloud.settings().clone();
        let before = std::mem::replace(&mut state.cloud, cloud);
        state.forget_clients();
        (state.announced, state.broken) = (None, false);
        state.generation += 1;
        let effects = self.put(&mut state, Input::Restarted(Box::new(settings)), None);
        self.release(state, effects.map(|effects| effects.list).unwrap_or_default());
        // Outside of the lock, as there may be a million messages in it.
        drop(before);
        self.clock_changed();
        Ok(())
    }

    /// A copy of the cloud at the present time; `None` after a panic in it.
    pub fn fork(&self) -> Option<Cloud> {
        self.advance();
        self.with_cloud(Cloud::clone)
    }
}
