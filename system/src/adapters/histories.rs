//! What a process remembers of the histories that it has read or written, so that it need not ask
//! for them before each write.
//!
//! It may be behind, as others write too, or ahead, by a commit that is under way. So it is good
//! for deciding what to write, which is refused where it was wrong, and for nothing else.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::event_store::{Commit, Snapshot, StoredEvent};

/// Streams that are remembered for sure: the last so many that were used. Twice as many at most.
const REMEMBERED: usize = 4096;
/// Events of a history that is worth it.
const EVENTS_MAX: usize = 64;

#[derive(Debug, Default)]
pub(super) struct Histories(Mutex<Remembered>);

#[derive(Debug, Default)]
struct Remembered {
    /// Used lately.
    young: BTreeMap<String, Known>,
    /// Used before those.
    old: BTreeMap<String, Known>,
}

/// A stream is read in one of two ways.
#[derive(Clone, Debug)]
enum Known {
    Events(Vec<StoredEvent>),
    Snapshot(Snapshot),
}

impl Histories {
    pub(super) fn events(&self, stream_id: &str) -> Option<Vec<StoredEvent>> {
        match self.lock().look(stream_id)? {
            Known::Events(events) => Some(events.clone()),
            Known::Snapshot(_) => None,
        }
    }

    pub(super) fn snapshot(&self, stream_id: &str) -> Option<Snapshot> {
        match self.lock().look(stream_id)? {
            Known::Snapshot(snapshot) => Some(snapshot.clone()),
            Known::Events(_) => None,
        }
    }

    /// As it was read just now.
    pub(super) fn read_events(&self, stream_id: &str, events: &[StoredEvent]) {
        let known = (1..=EVENTS_MAX).contains(&events.len());
        let events = known.then(|| Known::Events(events.to_vec()));
        self.lock().replace(stream_id, events);
    }

    pub(super) fn read_snapshot(&self, stream_id: &str, snapshot: Option<&Snapshot>) {
        self.lock().replace(stream_id, snapshot.cloned().map(Known::Snapshot));
    }

    /// What is being written, if it follows on what is known.
    pub(super) fn append(&self, commit: &Commit) {
        let mut all = self.lock();
        for stream in &commit.streams {
            let events = commit.stored(stream);
            let after = match (&stream.snapshot, all.look(&stream.stream_id)) {
                (Some(state), _) => Some(Known::Snapshot(Snapshot {
                    version: stream.expected_version + events.len() as u64,
                    recorded_at: commit.recorded_at,
                    state: state.clone(),
                })),
                (None, Some(Known::Events(known)))
                    if known.len() as u64 == stream.expected_version =>
                {
                    let mut known = std::mem::take(known);
                    known.extend(events);
                    (known.len() <= EVENTS_MAX).then_some(Known::Events(known))
                }
                (None, None) if stream.expected_version == 0 => Some(Known::Events(events)),
                (None, _) => None,
            };
            all.replace(&stream.stream_id, after);
        }
    }

    /// What may not have been written.
    pub(super) fn forget(&self, commit: &Commit) {
        let mut all = self.lock();
        for stream in &commit.streams {
            all.replace(&stream.stream_id, None);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Remembered> {
        // Nothing inside can be half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Remembered {
    fn look(&mut self, stream_id: &str) -> Option<&mut Known> {
        if let Some(known) = self.old.remove(stream_id) {
            self.replace(stream_id, Some(known));
        }
        self.young.get_mut(stream_id)
    }

    fn replace(&mut self, stream_id: &str, known: Option<Known>) {
        self.old.remove(stream_id);
        match known {
            Some(known) => {
                self.young.insert(stream_id.to_owned(), known);
            }
            None => {
                self.young.remove(stream_id);
            }
        }
        if self.young.len() >= REMEMBERED {
            self.old = std::mem::take(&mut self.young);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::event_store::{NewEvent, StreamAppend};
    use crate::domain::Timestamp;

    fn commit(stream_id: &str, expected_version: u64, snapshot: Option<&str>) -> Commit {
        let event =
            NewEvent { event_id: "e".into(), event_type: "t", schema: 1, data: String::new() };
        let (stream_id, snapshot) = (stream_id.to_owned(), snapshot.map(str::to_owned));
        Commit {
            streams: vec![StreamAppend {
                stream_id,
                expected_version,
                events: vec![event],
                snapshot,
            }],
            outbox: Vec::new(),
            once: None,
            recorded_at: Timestamp::from_millis(0),
            correlation_id: String::new(),
            causation_id: String::new(),
        }
    }

    #[test]
    fn it_follows_what_is_written_and_forgets_what_does_not_follow() {
        let all = Histories::default();
        let length = |id: &str| all.events(id).map(|events| events.len());
        all.append(&commit("a", 0, None));
        all.append(&commit("a", 1, None));
        assert_eq!(length("a"), Some(2));
        assert_eq!(all.events("a").unwrap()[1].version, 2);
        all.append(&commit("a", 1, None));
        assert_eq!(length("a"), None, "somebody else's event was there");
        all.append(&commit("b", 3, None));
        assert_eq!(length("b"), None, "the beginning is missing");
        all.append(&commit("c", 3, Some("state")));
        assert_eq!(all.snapshot("c").map(|it| (it.version, it.state)), Some((4, "state".into())));
        all.forget(&commit("c", 4, None));
        assert_eq!(all.snapshot("c"), None);
    }

    #[test]
    fn what_was_not_used_for_long_is_forgotten() {
        let all = Histories::default();
        all.append(&commit("first", 0, None));
        all.append(&commit("second", 0, None));
        for number in 0..REMEMBERED - 2 {
            all.append(&commit(&format!("a{number}"), 0, None));
        }
        assert!(all.events("first").is_some(), "used");
        for number in 0..REMEMBERED {
            all.append(&commit(&format!("b{number}"), 0, None));
        }
        assert!(all.events("first").is_some(), "used since");
        for number in 0..REMEMBERED {
            all.append(&commit(&format!("c{number}"), 0, None));
        }
        assert!(all.events("second").is_none());
        let held = all.lock();
        assert!(held.young.len() + held.old.len() <= 2 * REMEMBERED);
    }
}
