//! What a process remembers of the histories that it has read or written, so that it need not ask
//! for them before each write.
//!
//! It may be behind, as others write too, or ahead, by a commit that is under way or was given up.
//! So it is good for deciding what to write, and for nothing else. What was decided by what is
//! behind is refused by the table, as its version is taken. What was decided by what is ahead is
//! refused only here: the table sees neither that a version is missing nor that it is another's.
//! Therefore it is known where a history ends for sure ([`Histories::is_sure`]), down to the event:
//! two commits may have been decided for the same version, and one of them is written.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::event_store::{Commit, Snapshot, StoredEvent, Tip};

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
    /// Where it ended when it was read, or written for sure.
    sure: Tip,
}

/// A stream is read in one of two ways.
#[derive(Clone, Debug)]
enum What {
    Events(Vec<StoredEvent>),
    Snapshot(Snapshot),
    /// More events than are remembered, or what others have written.
    Unknown,
}

impl Histories {
    pub(super) fn events(&self, stream_id: &str) -> Option<Vec<StoredEvent>> {
        match &self.lock().look(stream_id)?.what {
            What::Events(events) => Some(events.clone()),
            What::Snapshot(_) | What::Unknown => None,
        }
    }

    pub(super) fn snapshot(&self, stream_id: &str) -> Option<Snapshot> {
        match &self.lock().look(stream_id)?.what {
            What::Snapshot(snapshot) => Some(snapshot.clone()),
            What::Events(_) | What::Unknown => None,
        }
    }

    /// Whether the stream ends so for sure: what follows on it leaves no gap and follows on nothing
    /// that was not written.
    pub(super) fn is_sure(&self, stream_id: &str, tip: &Tip) -> bool {
        tip.version == 0 || self.lock().look(stream_id).is_some_and(|known| known.sure == *tip)
    }

    /// As it was read just now.
    pub(super) fn read_events(&self, stream_id: &str, events: &[StoredEvent]) {
        let what = match events.len() <= EVENTS_MAX {
            true => What::Events(events.to_vec()),
            false => What::Unknown,
        };
        let known = events.last().map(|last| Known { what, sure: last.tip() });
        self.lock().replace(stream_id, known);
    }

    pub(super) fn read_snapshot(&self, stream_id: &str, snapshot: Option<&Snapshot>) {
        let known = |snapshot: &Snapshot| Known {
            what: What::Snapshot(snapshot.clone()),
            sure: snapshot.tip.clone(),
        };
        self.lock().replace(stream_id, snapshot.map(known));
    }

    /// What is being written, if it follows on what is known.
    pub(super) fn append(&self, commit: &Commit) {
        let mut all = self.lock();
        for stream in &commit.streams {
            let known = all.look(&stream.stream_id);
            let sure = known.as_ref().map(|known| known.sure.clone()).unwrap_or_default();
            let what = match (&stream.snapshot, known.map(|known| &mut known.what)) {
                (Some(state), _) => What::Snapshot(Snapshot {
                    tip: stream.tip(),
                    recorded_at: commit.recorded_at,
                    state: state.clone(),
                }),
                (None, Some(What::Events(known)))
                    if known.len() < EVENTS_MAX
                        && known.last().is_some_and(|last| last.tip() == stream.after) =>
                {
                    let mut known = std::mem::take(known);
                    known.extend(commit.stored(stream));
                    What::Events(known)
                }
                (None, None) if stream.after.version == 0 => What::Events(commit.stored(stream)),
                (None, _) => What::Unknown,
            };
            all.replace(&stream.stream_id, Some(Known { what, sure }));
        }
    }

    /// What was written. Where something else is remembered, that is forgotten.
    pub(super) fn confirm(&self, commit: &Commit) {
        let mut all = self.lock();
        for stream in &commit.streams {
            let tip = stream.tip();
            let Some(known) = all.look(&stream.stream_id) else { continue };
            if !known.what.may_follow_on(&tip) {
                known.what = What::Unknown;
            }
            known.sure = tip;
        }
    }

    /// What may not have been written, and whatever was decided by it. What is sure stays.
    pub(super) fn forget(&self, commit: &Commit) {
        let mut all = self.lock();
        for stream in &commit.streams {
            let Some(known) = all.look(&stream.stream_id) else { continue };
            if known.what.tip().is_some_and(|tip| tip != known.sure) {
                known.what = What::Unknown;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Remembered> {
        // Nothing inside can be half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl What {
    /// Missing where the events are not remembered.
    fn tip(&self) -> Option<Tip> {
        match self {
            Self::Events(events) => events.last().map(StoredEvent::tip),
            Self::Snapshot(snapshot) => Some(snapshot.tip.clone()),
            Self::Unknown => None,
        }
    }

    /// Whether it has that event; of a snapshot beyond it nobody can tell.
    fn may_follow_on(&self, tip: &Tip) -> bool {
        match self {
            Self::Events(events) => events.iter().any(|event| event.tip() == *tip),
            Self::Snapshot(snapshot) => snapshot.tip.version > tip.version || snapshot.tip == *tip,
            Self::Unknown => true,
        }
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

    fn tip(version: u64, event: &str) -> Tip {
        Tip { version, event_id: (version > 0).then(|| event.to_owned()) }
    }

    fn commit(stream_id: &str, version: u64, snapshot: Option<&str>) -> Commit {
        named(stream_id, tip(version, &format!("e{version}")), snapshot, None)
    }

    /// The event at version 3 is `e3` unless it is said.
    fn named(stream_id: &str, after: Tip, snapshot: Option<&str>, event: Option<&str>) -> Commit {
        let event_id = event.map_or_else(|| format!("e{}", after.version + 1), str::to_owned);
        let event = NewEvent { event_id, event_type: "t", schema: 1, data: String::new() };
        let (stream_id, snapshot) = (stream_id.to_owned(), snapshot.map(str::to_owned));
        Commit {
            streams: vec![StreamAppend { stream_id, after, events: vec![event], snapshot }],
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
        let known = all.snapshot("c").map(|it| (it.tip.version, it.state));
        assert_eq!(known, Some((4, "state".into())));
        all.forget(&commit("c", 4, None));
        assert_eq!(all.snapshot("c"), None);
    }

    #[test]
    fn only_what_was_read_or_written_is_sure() {
        let all = Histories::default();
        let sure = |version: u64| all.is_sure("a", &tip(version, &format!("e{version}")));
        assert!(sure(0), "it need not be there");
        assert!(!sure(1), "nobody has looked");
        for state in [None, Some("state")] {
            all.lock().replace("a", None);
            all.append(&commit("a", 0, state));
            assert!(!sure(1), "under way");
            all.confirm(&commit("a", 0, state));
            all.append(&commit("a", 1, state));
            assert!(sure(1));
            assert!(!sure(2), "under way, on what is there");
            all.forget(&commit("a", 1, state));
            assert!(sure(1), "it is still there");
            assert_eq!((all.events("a"), all.snapshot("a")), (None, None), "to be read again");
        }
        all.append(&commit("a", 0, None));
        all.confirm(&commit("a", 0, None));
        all.forget(&commit("a", 0, Some("somebody else's")));
        assert!(sure(1), "its place was taken by what is there");
        let event = commit("a", 0, None);
        let stored = event.stored(&event.streams[0]).remove(0);
        let stored =
            |version| StoredEvent { version, event_id: format!("e{version}"), ..stored.clone() };
        let history: Vec<_> = (1..=EVENTS_MAX as u64 + 1).map(stored).collect();
        all.read_events("a", &history);
        assert_eq!((all.events("a"), sure(history.len() as u64)), (None, true));
        all.read_events("a", &history[..2]);
        all.confirm(&commit("a", 2, None));
        assert_eq!((all.events("a"), sure(3)), (None, true), "what is remembered was behind");
    }

    /// Two are decided for the same version; what was decided by the one that is not written is
    /// worth nothing, although there is such a version.
    #[test]
    fn an_event_of_the_same_version_is_not_the_same() {
        for state in [None, Some("state")] {
            let all = Histories::default();
            let first = commit("a", 0, state);
            all.append(&first);
            all.confirm(&first);
            let [one, other] =
                ["one", "other"].map(|event| named("a", tip(1, "e1"), state, Some(event)));
            all.append(&one);
            all.append(&named("a", tip(2, "one"), state, Some("by one")));
            all.confirm(&other);
            assert!(!all.is_sure("a", &tip(2, "one")));
            all.forget(&one);
            let known = (all.events("a").is_some(), all.snapshot("a").is_some());
            assert_eq!(known, (false, false), "nothing of it is remembered");
        }
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
