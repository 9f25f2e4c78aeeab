//! An event as patterns see it: leaf values under dotted paths.
//!
//! `{"a": {"b": 1}}` and `{"a.b": 1}` are the same here, as on AWS. A leaf inside arrays remembers
//! which element of which array it belongs to. Nothing is taken apart before a pattern asks for a
//! path: what an event holds that nobody looks at costs nothing.

use std::collections::BTreeSet;
use std::ops::Bound;

use serde_json::Value;

use crate::wire::Gather as _;

/// An event, ready to be asked.
#[derive(Clone, Copy, Debug)]
pub struct Event<'v>(&'v Value);

/// A value that is neither object nor array, and which array elements it lies in.
#[derive(Debug)]
pub(super) struct Leaf<'v> {
    pub(super) value: &'v Value,
    pub(super) within: ArrayElements<'v>,
}

/// An element of an array. Arrays are told apart by where they are, not by what they hold.
#[derive(Clone, Copy, Debug)]
struct Element<'v> {
    array: &'v [Value],
    position: u32,
    /// Bytes of the path from the event to the array.
    depth: usize,
}

/// An element as it is compared.
type Key = (*const Value, u32, usize);

impl Element<'_> {
    fn key(&self) -> Key {
        (self.array.as_ptr(), self.position, self.depth)
    }
}

/// The elements that a leaf lies in, from the outside in.
#[derive(Clone, Debug, Default)]
pub(super) struct ArrayElements<'v>(Vec<Element<'v>>);

impl<'v> Event<'v> {
    pub fn new(value: &'v Value) -> Self {
        Self(value)
    }

    /// The leaves at `path`. Empty objects and arrays leave none.
    pub(super) fn leaves(&self, path: &str) -> Vec<Leaf<'v>> {
        let mut walk = Walk { path, within: Vec::new(), found: Vec::new() };
        walk.enter(self.0, 0);
        walk.found
    }
}

/// A walk along one path. As deep as the event is nested, which its reader has bounded.
struct Walk<'p, 'v> {
    path: &'p str,
    within: Vec<Element<'v>>,
    found: Vec<Leaf<'v>>,
}

impl<'v> Walk<'_, 'v> {
    /// `at` is where in the path the rest of it begins; behind its end nothing is left.
    fn enter(&mut self, value: &'v Value, at: usize) {
        match value {
            Value::Object(members) => {
                let Some(rest) = self.path.get(at..) else { return };
                // A name may have points in it.
                let ends = rest.match_indices('.').map(|(end, _)| end).chain([rest.len()]);
                for end in ends {
                    if let Some(value) = members.get(&rest[..end]) {
                        self.enter(value, at + end + 1);
                    }
                }
            }
            Value::Array(array) => {
                for (position, element) in (0..).zip(array) {
                    // A plain value goes with every element of its own array, as on AWS.
                    let is_plain = !matches!(element, Value::Object(_) | Value::Array(_));
                    if is_plain {
                        self.enter(element, at);
                        continue;
                    }
                    self.within.push(Element { array, position, depth: at });
                    self.enter(element, at);
                    self.within.pop();
                }
            }
            leaf if at > self.path.len() => {
                let within = ArrayElements(self.within.clone());
                self.found.push(Leaf { value: leaf, within });
            }
            _ => {}
        }
    }
}

type Chain = Vec<Key>;

/// The elements that leaves found so far lie in, as far as the next paths ask for them: all
/// combinations that are still possible.
///
/// Paths come name by name in order, so those through one array follow each other, and an array is
/// forgotten when no path is left that leads through it. So there are never more combinations than
/// an event has leaves.
pub(super) struct Combinations(BTreeSet<Chain>);

impl Combinations {
    pub(super) fn new() -> Self {
        Self([Chain::new()].into_iter().into_set())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those that go with one of the leaves found at `path`; `next` is the path that follows.
    pub(super) fn with<'v>(
        &self,
        path: &str,
        leaves: impl Iterator<Item = ArrayElements<'v>>,
        next: Option<&str>,
    ) -> Self {
        let shared = shared_bytes(path, next);
        let kept = |chain: &Chain| -> Chain {
            chain.iter().take_while(|(.., depth)| *depth <= shared).copied().collect()
        };
        let chains = leaves.map(|leaf| leaf.0.iter().map(Element::key).collect::<Chain>());
        let mut both = Vec::new();
        for chain in chains.into_set() {
            if (0..=chain.len()).any(|length| self.0.contains(&chain[..length])) {
                both.push(kept(&chain));
            }
            // What lies in more arrays than the leaf does.
            let longer = (Bound::Excluded(&chain), Bound::Unbounded);
            let longer = self.0.range::<Chain, _>(longer);
            both.extend(longer.take_while(|other| other.starts_with(&chain)).map(kept));
        }
        Self(both.into_iter().into_set())
    }
}

/// How many bytes of `path`, with the point or the end behind each name, also lead to `next`.
fn shared_bytes(path: &str, next: Option<&str>) -> usize {
    let Some(next) = next else { return 0 };
    let names = path.split('.').zip(next.split('.'));
    names.take_while(|(name, other)| name == other).map(|(name, _)| name.len() + 1).sum()
}
