//! Items in the order in which Query and Scan meet them: a table's own, or an index's.
//!
//! Partitions lie in the order of their hash, entries in that of their sort keys. Finding a place
//! costs O(log n), whatever comes after it.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use super::super::attribute_value::{Item, item_size};
use super::super::expression::{SortCondition, SortRange};
use super::super::key_value::{Element, KeyPart, KeyValue};
use super::key_schema::PrimaryKey;

/// An item with its size.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct StoredItem {
    pub(crate) item: Item,
    pub(crate) size: usize,
}

/// Where an entry lies within its partition.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SortPosition {
    sort: KeyPart,
    tie: Tie,
}

/// Tells entries of one sort key apart; the outer two exist in searches only.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Tie {
    BeforeAll,
    /// A table has one item for each key.
    Only,
    /// An index may have several. In a box, as most positions are of tables.
    Key(Box<PrimaryKey>),
    AfterAll,
}

/// An entry's partition and where it lies there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Position {
    partition: Partition,
    sort: SortPosition,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Partition {
    hash: u32,
    value: KeyPart,
}

type Entries = BTreeMap<SortPosition, Arc<StoredItem>>;

/// Entries by partition and sort position.
#[derive(Clone, Debug, Default)]
pub(crate) struct View {
    partitions: BTreeMap<Partition, Entries>,
    pub(crate) count: usize,
    pub(crate) bytes: usize,
}

impl StoredItem {
    pub(crate) fn new(mut item: Item) -> Self {
        item.shrink();
        Self { size: item_size(&item), item }
    }
}

impl Position {
    /// Whether it lies in this one of so many segments.
    pub(crate) fn is_in(&self, (segment, segments): (u32, u32)) -> bool {
        self.partition.segment(segments) == segment
    }

    /// Where a table keeps the item of this key.
    pub(crate) fn in_table(key: &PrimaryKey) -> Self {
        let sort = key.sort.clone().map_or(KeyPart::None, KeyPart::One);
        let partition = Partition::of(KeyPart::One(key.partition.clone()));
        Self { partition, sort: SortPosition { sort, tie: Tie::Only } }
    }

    /// Where an index keeps the item with these index keys and this key in the table.
    pub(crate) fn in_index(partition: KeyPart, sort: KeyPart, key: PrimaryKey) -> Self {
        let sort = SortPosition { sort, tie: Tie::Key(Box::new(key)) };
        Self { partition: Partition::of(partition), sort }
    }

    pub(crate) fn partition(&self) -> &KeyPart {
        &self.partition.value
    }

    pub(crate) fn sort(&self) -> &KeyPart {
        &self.sort.sort
    }

    pub(crate) fn into_sort_position(self) -> SortPosition {
        self.sort
    }
}

impl Partition {
    fn of(value: KeyPart) -> Self {
        Self { hash: value.hash(), value }
    }

    fn segment(&self, segments: u32) -> u32 {
        let scaled = (u64::from(self.hash) * u64::from(segments)) >> 32;
        u32::try_from(scaled).expect("the product's upper half is below the number of segments")
    }
}

impl View {
    pub(crate) fn get(&self, position: &Position) -> Option<&Arc<StoredItem>> {
        self.partitions.get(&position.partition)?.get(&position.sort)
    }

    pub(crate) fn insert(&mut self, position: Position, item: Arc<StoredItem>) {
        self.count += 1;
        self.bytes += item.size;
        let entries = self.partitions.entry(position.partition).or_default();
        if let Some(old) = entries.insert(position.sort, item) {
            self.count -= 1;
            self.bytes -= old.size;
        }
    }

    pub(crate) fn remove(&mut self, position: &Position) -> Option<Arc<StoredItem>> {
        let entries = self.partitions.get_mut(&position.partition)?;
        let old = entries.remove(&position.sort)?;
        if entries.is_empty() {
            self.partitions.remove(&position.partition);
        }
        self.count -= 1;
        self.bytes -= old.size;
        Some(old)
    }

    /// A partition's entries whose sort keys meet `condition`, in order, after `after`.
    pub(crate) fn query<'v>(
        &'v self,
        partition: &KeyPart,
        condition: Option<&SortRange>,
        direction: Direction,
        after: Option<SortPosition>,
    ) -> Box<dyn Iterator<Item = &'v Arc<StoredItem>> + 'v> {
        let Some(entries) = self.partitions.get(&Partition::of(partition.clone())) else {
            return Box::new(std::iter::empty());
        };
        let (mut low, mut high) = condition.map_or((Bound::Unbounded, Bound::Unbounded), bounds);
        match (after, direction) {
            (None, _) => {}
            (Some(place), Direction::Forward) => low = Bound::Excluded(place),
            (Some(place), Direction::Backward) => high = Bound::Excluded(place),
        }
        if is_empty(&low, &high) {
            return Box::new(std::iter::empty());
        }
        let range = entries.range((low, high)).map(|(_, item)| item);
        match direction {
            Direction::Forward => Box::new(range),
            Direction::Backward => Box::new(range.rev()),
        }
    }

    /// All entries of one of `segments` segments, after `after`.
    pub(crate) fn scan(
        &self,
        (segment, segments): (u32, u32),
        after: Option<Position>,
    ) -> impl Iterator<Item = &Arc<StoredItem>> {
        let from = match &after {
            Some(position) => Bound::Included(position.partition.clone()),
            None => Bound::Unbounded,
        };
        let partitions = self.partitions.range((from, Bound::Unbounded));
        let partitions =
            partitions.filter(move |(partition, _)| partition.segment(segments) == segment);
        partitions.flat_map(move |(partition, entries)| {
            let low = match &after {
                Some(position) if position.partition == *partition => {
                    Bound::Excluded(position.sort.clone())
                }
                _ => Bound::Unbounded,
            };
            entries.range((low, Bound::Unbounded)).map(|(_, item)| item)
        })
    }

    /// Every item.
    pub(crate) fn items(&self) -> impl Iterator<Item = &Arc<StoredItem>> {
        self.partitions.values().flat_map(BTreeMap::values)
    }
}

/// In which order a query reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Forward,
    Backward,
}

fn bounds(range: &SortRange) -> (Bound<SortPosition>, Bound<SortPosition>) {
    // Behind the attributes that equal something: the value, and what else.
    let place = |value: Option<&KeyValue>, end: bool, tie: Tie| {
        let elements = range.equal.iter().chain(value).cloned().map(Element::Value);
        let sort = match (range.of_several, value) {
            (true, _) => KeyPart::Several(elements.chain(end.then_some(Element::End)).collect()),
            (false, Some(value)) => KeyPart::One(value.clone()),
            (false, None) => return Bound::Unbounded,
        };
        Bound::Included(SortPosition { sort, tie })
    };
    let before = |value: &KeyValue| place(Some(value), false, Tie::BeforeAll);
    let after = |value: &KeyValue| place(Some(value), true, Tie::AfterAll);
    let first = || place(None, false, Tie::BeforeAll);
    let last = || place(None, true, Tie::AfterAll);
    match &range.last {
        SortCondition::Equal(value) => (before(value), after(value)),
        SortCondition::Less(value) => (first(), before(value)),
        SortCondition::LessOrEqual(value) => (first(), after(value)),
        SortCondition::Greater(value) => (after(value), last()),
        SortCondition::GreaterOrEqual(value) => (before(value), last()),
        SortCondition::Between(low, high) => (before(low), after(high)),
        SortCondition::BeginsWith(prefix) => {
            (before(prefix), prefix.prefix_end().as_ref().map_or_else(last, before))
        }
    }
}

/// `BTreeMap::range` panics on such bounds.
fn is_empty(low: &Bound<SortPosition>, high: &Bound<SortPosition>) -> bool {
    match (low, high) {
        (
            Bound::Included(low) | Bound::Excluded(low),
            Bound::Included(high) | Bound::Excluded(high),
        ) => low >= high,
        _ => false,
    }
}
