//! Events of several streams in the order of their times.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use super::group::LogGroup;
use super::position::Position;
use super::stream::StoredEvent;

/// Bytes of events in one answer.
///
/// Source: API references "GetLogEvents" and "FilterLogEvents".
pub(super) const PAGE_BYTES_MAX: usize = 1_048_576;
/// Events in one answer.
pub(super) const PAGE_EVENTS_MAX: usize = 10_000;

/// An event, and the stream that it is of.
pub(super) type Found<'g> = (Position, &'g Arc<str>, &'g StoredEvent);

impl LogGroup {
    /// The events of some streams between two places, from the first on or from the last back.
    ///
    /// Costs the logarithm of the number of streams an event.
    pub(super) fn merged<'g>(
        &'g self,
        wanted: impl Fn(&str) -> bool,
        (from, to): (Position, Position),
        ascending: bool,
    ) -> Box<dyn Iterator<Item = Found<'g>> + 'g> {
        let streams: Vec<_> = self.streams.iter().filter(|(name, _)| wanted(name)).collect();
        let mut sources: Vec<_> = streams
            .into_iter()
            .map(|(name, stream)| {
                let mut range = stream.range(from, to);
                let next = move || if ascending { range.next() } else { range.next_back() };
                (name, Box::new(std::iter::from_fn(next)) as Source<'g>)
            })
            .collect();
        let order = move |position: Position| Key { position, ascending };
        let mut heap = BinaryHeap::new();
        for (number, (_, source)) in sources.iter_mut().enumerate() {
            if let Some((position, event)) = source.next() {
                heap.push(Reverse((order(position), number, Held(event))));
            }
        }
        Box::new(std::iter::from_fn(move || {
            let Reverse((key, number, Held(event))) = heap.pop()?;
            let (name, source) = &mut sources[number];
            if let Some((position, event)) = source.next() {
                heap.push(Reverse((order(position), number, Held(event))));
            }
            Some((key.position, *name, event))
        }))
    }
}

type Source<'g> = Box<dyn Iterator<Item = (Position, &'g StoredEvent)> + 'g>;

/// A place that comes first where it is the earlier, or the later one.
#[derive(PartialEq, Eq)]
struct Key {
    position: Position,
    ascending: bool,
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let order = self.position.cmp(&other.position);
        if self.ascending { order } else { order.reverse() }
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// An event, which has no say in the order.
struct Held<'g>(&'g StoredEvent);

impl PartialEq for Held<'_> {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Held<'_> {}

impl Ord for Held<'_> {
    fn cmp(&self, _: &Self) -> std::cmp::Ordering {
        std::cmp::Ordering::Equal
    }
}

impl PartialOrd for Held<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
