//! The messages of a queue by sequence, in little memory.
//!
//! Sequences only rise, so a message's page is found by arithmetic and a million queued messages
//! cost no index. Knows nothing of what a message is: only when it may be forgotten.
//!
//! Pages are shared by a cloud and its copies until one of them changes a message, so that a copy
//! of a million messages costs some milliseconds.

use std::collections::VecDeque;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::services::sqs::message::Sequence;

/// Messages a page. A page is freed when its last message leaves: larger ones would keep more
/// memory for stragglers, smaller ones more for page pointers.
const PAGE: usize = 16;

/// A map from rising sequences to messages.
#[derive(Clone, Debug)]
pub(super) struct Pages<T> {
    /// The number of the first page: that of sequences `first * PAGE` and up.
    first: u64,
    pages: VecDeque<Option<Arc<Page<T>>>>,
    len: usize,
}

#[derive(Clone, Debug)]
struct Page<T> {
    slots: [Option<T>; PAGE],
    len: usize,
}

impl<T> Default for Pages<T> {
    fn default() -> Self {
        Self { first: 0, pages: VecDeque::new(), len: 0 }
    }
}

fn place(sequence: Sequence) -> (u64, usize) {
    (sequence / PAGE as u64, (sequence % PAGE as u64) as usize)
}

impl<T: Clone> Pages<T> {
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn get(&self, sequence: Sequence) -> Option<&T> {
        let (page, slot) = place(sequence);
        let index = usize::try_from(page.checked_sub(self.first)?).ok()?;
        self.pages.get(index)?.as_ref()?.slots[slot].as_ref()
    }

    pub(super) fn get_mut(&mut self, sequence: Sequence) -> Option<&mut T> {
        let (page, slot) = place(sequence);
        let index = usize::try_from(page.checked_sub(self.first)?).ok()?;
        // Who looks at nothing makes no page its own.
        let page = self.pages.get_mut(index)?.as_mut().filter(|page| page.slots[slot].is_some())?;
        Arc::make_mut(page).slots[slot].as_mut()
    }

    /// Adds a message; `sequence` is higher than all before it.
    pub(super) fn push(&mut self, sequence: Sequence, message: T) {
        let (page, slot) = place(sequence);
        if self.pages.is_empty() {
            self.first = page;
        }
        let index = (page - self.first) as usize;
        while self.pages.len() <= index {
            self.pages.push_back(None);
        }
        let page = self.pages[index]
            .get_or_insert_with(|| Arc::new(Page { slots: [const { None }; PAGE], len: 0 }));
        let page = Arc::make_mut(page);
        page.len += usize::from(page.slots[slot].replace(message).is_none());
        self.len += 1;
    }

    pub(super) fn remove(&mut self, sequence: Sequence) -> Option<T> {
        let (number, slot) = place(sequence);
        let index = usize::try_from(number.checked_sub(self.first)?).ok()?;
        let page = self.pages.get_mut(index)?;
        let held = page.as_mut().filter(|page| page.slots[slot].is_some())?;
        let held = Arc::make_mut(held);
        let message = held.slots[slot].take()?;
        held.len -= 1;
        self.len -= 1;
        if held.len == 0 {
            *page = None;
            self.forget_empty();
        }
        Some(message)
    }

    /// Lets empty pages at the front go, and spare room with them.
    fn forget_empty(&mut self) {
        while self.pages.front().is_some_and(Option::is_none) {
            self.pages.pop_front();
            self.first += 1;
        }
        if self.pages.len() < self.pages.capacity() / 4 {
            self.pages.shrink_to(self.pages.len() * 2);
        }
    }

    /// The first message at `from` or later, with its sequence.
    pub(super) fn next(&self, from: Sequence) -> Option<(Sequence, &T)> {
        let (page, mut slot) = place(from.max(self.first * PAGE as u64));
        let mut index = usize::try_from(page - self.first).ok()?;
        while index < self.pages.len() {
            if let Some(page) = &self.pages[index] {
                let found = (slot..PAGE).find_map(|at| Some((at, page.slots[at].as_ref()?)));
                if let Some((at, message)) = found {
                    let sequence = (self.first + index as u64) * PAGE as u64 + at as u64;
                    return Some((sequence, message));
                }
            }
            (index, slot) = (index + 1, 0);
        }
        None
    }

    /// The sequence of the last message.
    pub(super) fn last(&self) -> Option<Sequence> {
        let (index, page) = self
            .pages
            .iter()
            .enumerate()
            .rev()
            .find_map(|(at, page)| Some((at, page.as_ref()?)))?;
        let slot = page.slots.iter().rposition(Option::is_some)?;
        Some((self.first + index as u64) * PAGE as u64 + slot as u64)
    }

    /// Every message in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = (Sequence, &T)> {
        self.iter_from(0)
    }

    /// Every message, the last first.
    pub(super) fn latest_first(&self) -> impl Iterator<Item = &T> {
        let pages = self.pages.iter().rev().flatten();
        pages.flat_map(|page| page.slots.iter().rev().flatten())
    }

    /// Every message from `from` on, in order.
    pub(super) fn iter_from(&self, mut from: Sequence) -> impl Iterator<Item = (Sequence, &T)> {
        std::iter::from_fn(move || {
            let (sequence, message) = self.next(from)?;
            from = sequence + 1;
            Some((sequence, message))
        })
    }
}

impl<T: Serialize + Clone> Serialize for Pages<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let pairs: Vec<_> = self.iter().collect();
        pairs.serialize(serializer)
    }
}

impl<'de, T: Deserialize<'de> + Clone> Deserialize<'de> for Pages<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut pages = Self::default();
        for (sequence, message) in Vec::<(Sequence, T)>::deserialize(deserializer)? {
            pages.push(sequence, message);
        }
        Ok(pages)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn pages_behave_like_a_map(
            steps in proptest::collection::vec((any::<bool>(), 0..400_u64), 0..800)
        ) {
            let (mut pages, mut map, mut next) = (Pages::default(), BTreeMap::new(), 1);
            for (push, number) in steps {
                if push {
                    next += number % 5 * 7;
                    pages.push(next, number);
                    map.insert(next, number);
                    next += 1;
                } else {
                    prop_assert_eq!(pages.remove(number), map.remove(&number));
                }
                prop_assert_eq!(pages.len(), map.len());
                prop_assert_eq!(pages.get(number), map.get(&number));
                let after = map.range(number..).next().map(|(at, value)| (*at, value));
                prop_assert_eq!(pages.next(number), after);
                prop_assert_eq!(pages.last(), map.keys().next_back().copied());
            }
            prop_assert!(pages.latest_first().eq(map.values().rev()));
            let text = serde_json::to_string(&pages).unwrap();
            let again: Pages<u64> = serde_json::from_str(&text).unwrap();
            prop_assert!(again.iter().eq(map.iter().map(|(at, value)| (*at, value))));
        }
    }

    #[test]
    fn a_copy_keeps_what_it_had() {
        let mut pages = Pages::default();
        (1..=100).for_each(|sequence| pages.push(sequence, sequence));
        let copy = pages.clone();
        pages.remove(7);
        *pages.get_mut(8).unwrap() = 0;
        pages.push(101, 101);
        assert_eq!(pages.get_mut(7), None);
        assert!(copy.iter().map(|(_, value)| *value).eq(1..=100));
        assert_eq!((pages.len(), pages.get(8), copy.len()), (100, Some(&0), 100));
        let shared = |page: u64| {
            let page = page as usize;
            let (ours, theirs) = (pages.pages[page].as_ref(), copy.pages[page].as_ref());
            Arc::ptr_eq(ours.unwrap(), theirs.unwrap())
        };
        assert_eq!([0, 1, 5, 6].map(shared), [false, true, true, false]);
    }

    #[test]
    fn an_emptied_map_keeps_no_pages() {
        let mut pages = Pages::default();
        (1..=100_000).for_each(|sequence| pages.push(sequence, ()));
        (1..=100_000).rev().for_each(|sequence| assert!(pages.remove(sequence).is_some()));
        assert_eq!((pages.len(), pages.pages.len()), (0, 0));
        assert!(pages.pages.capacity() < 100);
    }
}
