//! Deadlines in virtual time, in order.
//!
//! A timer is a promise to look, not an event that was decided: whoever set it checks, when it
//! fires, what is due by then. So nothing is ever cancelled, and a stale timer does nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Answered, CallError, Delivery, ReturnAddress, Scope, ServiceName};
use crate::wire::Timestamp;

/// Who is woken when a timer fires.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum TimerEvent {
    /// A service's own deadline; `key` means what the service says (SQS: a queue's name).
    Service { service: ServiceName, scope: Scope, key: Arc<str> },
    /// A delivery that failed is tried again.
    Delivery(Box<Delivery>),
    /// An answer that a fault rule made late reaches the service that called.
    Answer(Box<LateAnswer>),
}

/// The answer to an internal call, on its way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LateAnswer {
    pub to: ReturnAddress,
    pub answer: Result<Answered, CallError>,
}

/// The ordered deadlines of one cloud. Two of the same time fire in the order they were set.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Timers {
    #[serde(with = "pairs")]
    due: BTreeMap<(Timestamp, u64), TimerEvent>,
    next: u64,
}

impl Timers {
    pub fn set(&mut self, at: Timestamp, event: TimerEvent) {
        self.due.insert((at, self.next), event);
        self.next += 1;
    }

    /// When the earliest timer fires.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        self.due.first_key_value().map(|((at, _), _)| *at)
    }

    /// The deliveries that are tried later, in order.
    pub(crate) fn deliveries(&self) -> impl Iterator<Item = (Timestamp, &Delivery)> {
        self.due.iter().filter_map(|((at, _), event)| match event {
            TimerEvent::Delivery(delivery) => Some((*at, &**delivery)),
            _ => None,
        })
    }

    /// What is due next, in order.
    pub(crate) fn upcoming(&self) -> impl Iterator<Item = (Timestamp, &TimerEvent)> {
        self.due.iter().map(|((at, _), event)| (*at, event))
    }

    /// Takes the earliest timer that is due at `now`.
    pub fn take_due(&mut self, now: Timestamp) -> Option<(Timestamp, TimerEvent)> {
        let entry = self.due.first_entry().filter(|entry| entry.key().0 <= now)?;
        let ((at, _), event) = entry.remove_entry();
        Some((at, event))
    }
}

/// Maps whose keys are not text, as lists of pairs, so that state can be written as JSON too.
pub(crate) mod pairs {
    use std::collections::BTreeMap;

    use std::marker::PhantomData;

    use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};
    use serde::ser::{Serialize, Serializer};

    pub(crate) fn serialize<K: Serialize, V: Serialize, S: Serializer>(
        map: &BTreeMap<K, V>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(map)
    }

    pub(crate) fn deserialize<'de, K, V, D>(deserializer: D) -> Result<BTreeMap<K, V>, D::Error>
    where
        K: Deserialize<'de> + Ord,
        V: Deserialize<'de>,
        D: Deserializer<'de>,
    {
        deserializer.deserialize_seq(Pairs(PhantomData))
    }

    struct Pairs<K, V>(PhantomData<fn() -> (K, V)>);

    impl<'de, K: Deserialize<'de> + Ord, V: Deserialize<'de>> Visitor<'de> for Pairs<K, V> {
        type Value = BTreeMap<K, V>;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a list of pairs")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut pairs: A) -> Result<Self::Value, A::Error> {
            let mut map = BTreeMap::new();
            while let Some((key, value)) = pairs.next_element()? {
                map.insert(key, value);
            }
            Ok(map)
        }
    }
}
