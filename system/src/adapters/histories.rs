//! What a process remembers of the histories that it has read or written, so that it need not ask
//! for them before each write.
//!
//! It may be behind, as others write too, or ahead, by a commit that is under way or was given up.
//! So it is good for deciding what to write, and for nothing else. What was decided by what is
//! behind is refused by the table, as its version is taken; by what is ahead, only here: the table
//! does not see that a version is missing. Therefore it is known up to where a history is there for
//! sure ([`Histories::is_sure`]).

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

#[derive(Clone, Debug)]
struct Known {
    what: What,
    /// Up to this version it was read, or written for sure.
    sure: u64,
}

/// A stream is read in one of two ways.
#[derive(Clone, Debug)]
enum What {
    Events(Vec<StoredEvent>),
    Snapshot(Snapshot),
    /// More events than are remembered.
    Long,
}

impl Histories {
    pub(super) fn events(&self, stream_id: &str) -> Option<Vec<StoredEvent>> {
        match &self.lock().look(stream_id)?.what {
            What::Events(events) => Some(events.clone()),
            What::Snapshot(_) | What::Long => None,
        }
    }

    pub(super) fn snapshot(&self, stream_id: &str) -> Option<Snapshot> {
        match &self.lock().look(stream_id)?.what {
            What::Snapshot(snapshot) => Some(snapshot.clone()),
            What::Events(_) | What::Long => None,
        }
    }

    /// Whether the stream has this version for sure, so that what follows on it leaves no gap.
    pub(super) fn is_sure(&self, stream_id: &str, version: u64) -> bool {
        version == 0 || self.lock().look(stream_id).is_some_and(|known| known.sure >= version)
    }

    /// As it was read just now.
    pub(super) fn read_events(&self, stream_id: &str, events: &[StoredEvent]) {
        let what = match events.len() <= EVENTS_MAX {
            true => What::Events(events.to_vec()),
            false => What::Long,
        };
        let known = events.last().map(|last| Known { what, sure: last.version });
        self.lock().replace(stream_id, known);
    }

    pub(super) fn read_snapshot(&self, stream_id: &str, snapshot: Option<&Snapshot>) {
        let known = |snapshot: &Snapshot| Known {
            what: What::Snapshot(snapshot.clone()),
            sure: snapshot.version,
        };
        self.lock().replace(stream_id, snapshot.map(known));
    }

    /// What is being written, if it follows on what is known.
    pub(super) fn append(&self, commit: &Commit) {
        let mut all = self.lock();
        for stream in &commit.streams {
            let known = all.look(&stream.stream_id);
            let sure = known.as_ref().map_or(0, |known| known.sure);
            let what = match (&stream.snapshot, known.map(|known| &mut known.what)) {
                (Some(state), _) => Some(What::Snapshot(Snapshot {
                    version: commit.version_after(stream),
                    recorded_at: commit.recorded_at,
                    state: state.clone(),
                })),
                (None, Some(What::Events(known)))
                    if known.len() as u64 == stream.expected_version =>
                {
                    let mut known = std::mem::take(known);
                    known.extend(commit.stored(stream));
                    Some(if known.len() <= EVENTS_MAX { What::Events(known) } else { What::Long })
                }
                (None, Some(What::Long)) => Some(What::Long),
                (None, None) if stream.expected_version == 0 => {
                    Some(What::Events(commit.stored(stream)))
                }
                (None, _) => None,
            };
            all.replace(&stream.stream_id, what.map(|what| Known { what, sure }));
        }
    }

    /// What was written. Where more is known to be there than is remembered, it is forgotten.
    pub(super) fn confirm(&self, commit: &Commit) {
        let mut all = self.lock();
        for stream in &commit.streams {
            let after = commit.version_after(stream);
            let Some(known) = all.look(&stream.stream_id) else { continue };
            let has = match &known.what {
                What::Events(events) => events.len() as u64 >= after,
                What::Snapshot(snapshot) => snapshot.version >= after,
                What::Long => true,
            };
            match has {
                true => known.sure = known.sure.max(after),
                false => all.replace(&stream.stream_id, None),
            }
        }
    }

    /// What may not have been written. What others have written there is kept.
    pub(super) fn forget(&self, commit: &Commit) {
        let mut all = self.lock();
        for stream in &commit.streams {
            let after = commit.version_after(stream);
            if all.look(&stream.stream_id).is_some_and(|known| known.sure < after) {
                all.replace(&stream.stream_id, None);
            }
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
    fn only_what_was_read_or_written_is_sure() {
        let all = Histories::default();
        assert!(all.is_sure("a", 0), "it need not be there");
        assert!(!all.is_sure("a", 1), "nobody has looked");
        for state in [None, Some("state")] {
            all.forget(&commit("a", 0, None));
            all.append(&commit("a", 0, state));
            assert!(!all.is_sure("a", 1), "under way");
            all.confirm(&commit("a", 0, state));
            all.append(&commit("a", 1, state));
            assert!(all.is_sure("a", 1));
            assert!(!all.is_sure("a", 2), "under way, on what is there");
            all.forget(&commit("a", 1, state));
            assert!(!all.is_sure("a", 1), "it has to be read again");
        }
        all.append(&commit("a", 0, None));
        all.confirm(&commit("a", 0, None));
        all.forget(&commit("a", 0, Some("somebody else's")));
        assert!(all.is_sure("a", 1), "its place was taken by what is there");
        let event = commit("a", 0, None);
        let stored = event.stored(&event.streams[0]).remove(0);
        let history: Vec<_> = (1..=EVENTS_MAX as u64 + 1)
            .map(|version| StoredEvent { version, ..stored.clone() })
            .collect();
        all.read_events("a", &history);
        assert_eq!((all.events("a"), all.is_sure("a", history.len() as u64)), (None, true));
        all.read_events("a", &history[..2]);
        all.confirm(&commit("a", 2, None));
        assert!(!all.is_sure("a", 3), "what is remembered is behind");
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
