//! One partition of orders, stock and payments, counted: exact totals, figures by minute, and what
//! is needed to know events again and to join orders with their payments and deliveries.
//!
//! It reads records in whatever order and however often they come. It knows no broker and no
//! table: state goes out as changed rows, which belong into one transaction with the offsets.

mod state;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::event::{Details, Fact};
use super::minute::{Minute, ProductStock, Totals};
use super::order_facts::{Joined, OrderFacts};
use super::rows::{self, Hour, Row};
use super::watermark::Watermarks;
use super::window::{Merge, MinuteNumber};
use crate::contracts::{EventType, Source};
use crate::domain::Timestamp;

/// Rows that one call of [`OrderTask::apply`] changes at most: the head, the order, its minute and
/// the sales of that, the minute of its cohort or delivery, and what is forgotten.
pub const ROWS_PER_FACT_MAX: usize = 5 + FORGOTTEN_PER_FACT;
/// Rows that each event forgets at most; it adds fewer in the long run.
const FORGOTTEN_PER_FACT: usize = 3;
/// Looked at for each row that may be forgotten: most turn out to have been used since.
const LOOKED_AT_PER_FORGOTTEN: usize = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// How much older than the newest event of a topic the next ones may be.
    pub disorder: Duration,
    /// How long after the watermark a minute stays open.
    pub lateness: Duration,
    /// How long an order is kept after its last event, and a minute after its end.
    pub horizon: Duration,
}

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Counted,
    /// Counted as well, into a minute that was closed.
    Late,
    /// Counted before.
    Duplicate,
    /// Refused: nobody can tell any more whether it was counted. It belongs in the dead-letter
    /// topic.
    TooOld,
    /// Of a type that is not known here.
    Unknown,
}

/// What a task knows of itself; the row `head`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    pub totals: Totals,
    pub watermarks: Watermarks<Source>,
    /// What happened before this may be forgotten.
    #[serde(with = "rows::millis")]
    floor: Timestamp,
}

/// The state of a partition.
#[derive(Debug)]
pub struct OrderTask {
    settings: Settings,
    head: Head,
    // The order of a hash map is never seen.
    orders: HashMap<Arc<str>, (Arc<str>, OrderFacts)>,
    minutes: BTreeMap<MinuteNumber, Minute>,
    stock: HashMap<Arc<str>, ProductStock>,
    counted: BTreeMap<(Arc<str>, Hour), BTreeSet<u64>>,
    /// What may be forgotten once the floor is beyond this moment. An order may have been used
    /// since; then it is put back.
    expiries: BTreeSet<(Timestamp, Row)>,
    /// Without the head.
    changed: BTreeSet<Row>,
    is_head_changed: bool,
    names: HashSet<Arc<str>>,
    clock: Option<Timestamp>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            disorder: Duration::from_secs(30),
            lateness: Duration::from_secs(60),
            horizon: Duration::from_secs(4 * 24 * 3600),
        }
    }
}

impl Head {
    /// No event that is older is expected; none before each topic has been heard of.
    pub fn watermark(&self) -> Option<Timestamp> {
        self.watermarks.low()
    }
}

impl OrderTask {
    /// The time up to which events have been heard, of what there is; more of then may come.
    pub fn heard_until(&self) -> Option<Timestamp> {
        self.head.watermarks.low_of_known()
    }

    /// A partition of which nothing has been read.
    pub fn new(settings: Settings) -> Self {
        let floor = Timestamp::from_millis(i64::MIN);
        let watermarks = Watermarks::new(Source::ALL);
        Self {
            settings,
            head: Head { totals: Totals::default(), watermarks, floor },
            orders: HashMap::new(),
            minutes: BTreeMap::new(),
            stock: HashMap::new(),
            counted: BTreeMap::new(),
            expiries: BTreeSet::new(),
            changed: BTreeSet::new(),
            is_head_changed: false,
            names: HashSet::new(),
            clock: None,
        }
    }

    /// Counts an event, unless it was counted before.
    pub fn apply(&mut self, fact: &Fact<'_>) -> Outcome {
        let outcome = self.judge(fact);
        match outcome {
            Outcome::Duplicate => self.head.totals.duplicates += 1,
            Outcome::TooOld => self.head.totals.too_old += 1,
            Outcome::Unknown => self.head.totals.unknown += 1,
            Outcome::Counted | Outcome::Late => {}
        }
        self.is_head_changed = true;
        if let Some(source) = fact.event_type.map(EventType::source) {
            let at = self.clock.map_or(fact.at, |clock| fact.at.min(clock));
            self.head.watermarks.saw(&source, at, self.settings.disorder);
            self.raise_floor();
        }
        self.forget(FORGOTTEN_PER_FACT);
        outcome
    }

    /// The partition of this topic has been read to its end, by the clock at `caught_up_at`. To be
    /// told again and again while the topic is silent, or no minute is closed.
    pub fn advance(&mut self, source: Source, caught_up_at: Timestamp) {
        let before = self.head.watermarks.of(&source);
        self.head.watermarks.idle(&source, caught_up_at, self.settings.disorder);
        if self.head.watermarks.of(&source) != before {
            self.is_head_changed = true;
            self.raise_floor();
        }
    }

    /// What the clock shows, if there is one: an event from the future (somebody's clock is wrong)
    /// moves no watermark beyond it. Without this all events after it would be late.
    pub fn hear_clock(&mut self, now: Timestamp) {
        self.clock = Some(now);
    }

    /// Forgets up to `most` rows, two at least, that are beyond the horizon, and says how many.
    /// Each event forgets some; in silence this does.
    pub fn forget(&mut self, most: usize) -> usize {
        let mut forgotten = 0;
        for _ in 0..most * LOOKED_AT_PER_FORGOTTEN {
            let due = self.expiries.first().is_some_and(|(at, _)| *at < self.head.floor);
            // A minute may have two rows.
            if !due || forgotten + 2 > most {
                break;
            }
            let (_, row) = self.expiries.pop_first().expect("it was just looked at");
            let used = match &row {
                Row::Order(id) => self.orders.get(id).map(|it| it.1.last),
                _ => None,
            };
            if let Some(last) = used.filter(|last| *last >= self.head.floor) {
                self.expiries.insert((last, row));
                continue;
            }
            match &row {
                Row::Order(id) => drop(self.orders.remove(id)),
                Row::Minute(minute) => {
                    let had_sales = self.minutes.remove(minute).is_some_and(|it| it.has_sales());
                    self.changed.extend(had_sales.then_some(Row::Sales(*minute)));
                    forgotten += usize::from(had_sales);
                }
                Row::Counted(product, hour) => {
                    drop(self.counted.remove(&(product.clone(), *hour)));
                }
                Row::Head | Row::Stock(_) | Row::Sales(_) => {}
            }
            self.changed.insert(row);
            forgotten += 1;
        }
        forgotten
    }

    /// Totals and watermarks.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// The minute's figures; none when nothing happened in it, or it is forgotten.
    pub fn minute(&self, minute: MinuteNumber) -> Option<&Minute> {
        self.minutes.get(&minute)
    }

    /// The newest stock of a product that was heard of here.
    pub fn stock(&self, product: &str) -> Option<&ProductStock> {
        self.stock.get(product)
    }

    /// How many rows there are: what memory goes by.
    pub fn rows(&self) -> usize {
        1 + self.orders.len() + self.minutes.len() + self.stock.len() + self.counted.len()
    }

    fn judge(&mut self, fact: &Fact<'_>) -> Outcome {
        if fact.event_type.is_none() {
            return Outcome::Unknown;
        }
        let joined = match self.count_once(fact) {
            Ok(joined) => joined,
            Err(refused) => return refused,
        };
        self.head.totals.counts.count(fact);
        let number = MinuteNumber::of(fact.at);
        let is_late = self.is_closed(number);
        self.head.totals.late += u64::from(is_late);
        if let Some((minute, names)) = self.open(number) {
            minute.count(fact, |name| intern(names, name));
            minute.corrections += u64::from(is_late);
            if matches!(fact.details, Details::Placed { .. }) {
                self.changed.insert(Row::Sales(number));
            }
        } else {
            self.head.totals.beyond += 1;
        }
        if let Some(joined) = joined {
            self.count_joined(joined);
        }
        self.see_stock(fact);
        if is_late { Outcome::Late } else { Outcome::Counted }
    }

    /// Marks the event as counted, and joins it with the order's others.
    fn count_once(&mut self, fact: &Fact<'_>) -> Result<Option<Joined>, Outcome> {
        let floor = self.head.floor;
        let product = match &fact.details {
            Details::Stock { product_id, .. } | Details::LowStock { product_id } => {
                Some(intern(&mut self.names, product_id))
            }
            _ => None,
        };
        let Some(order_id) = fact.order_id.as_deref() else {
            let product = product.expect("every event without an order is about a product's stock");
            return self.count_stock_once(fact, product).map(|()| None);
        };
        if let Some((id, order)) = self.orders.get_mut(order_id) {
            if fact.at < order.floor {
                return Err(Outcome::TooOld);
            }
            if !order.count(fact, product) {
                return Err(Outcome::Duplicate);
            }
            let joined = order.join(fact);
            let row = Row::Order(id.clone());
            self.changed.insert(row);
            return Ok(joined);
        }
        if fact.at < floor {
            return Err(Outcome::TooOld);
        }
        let id: Arc<str> = order_id.into();
        let mut order = OrderFacts::new(floor, fact.at);
        order.count(fact, product);
        let joined = order.join(fact);
        self.orders.insert(id.clone(), (id.clone(), order));
        self.expiries.insert((fact.at, Row::Order(id.clone())));
        self.changed.insert(Row::Order(id));
        Ok(joined)
    }

    /// Stock that staff counted or received has no order to remember it.
    fn count_stock_once(&mut self, fact: &Fact<'_>, product: Arc<str>) -> Result<(), Outcome> {
        let place = (product, Hour::of(fact.at));
        if let Some(counted) = self.counted.get_mut(&place) {
            if !counted.insert(fact.sequence) {
                return Err(Outcome::Duplicate);
            }
        } else {
            if fact.at < self.head.floor {
                return Err(Outcome::TooOld);
            }
            self.counted.insert(place.clone(), BTreeSet::from([fact.sequence]));
            let row = Row::Counted(place.0.clone(), place.1);
            self.expiries.insert((place.1.last(), row));
        }
        self.changed.insert(Row::Counted(place.0, place.1));
        Ok(())
    }

    fn count_joined(&mut self, joined: Joined) {
        if let Some((cohort, _)) = self.open(MinuteNumber::of(joined.placed_at)) {
            cohort.cohort.paid += u64::from(joined.paid);
            cohort.cohort.cancelled += u64::from(joined.cancelled);
            cohort.cohort.delivered += u64::from(joined.delivered_at.is_some());
        }
        let Some(delivered_at) = joined.delivered_at else {
            return;
        };
        if let Some((minute, _)) = self.open(MinuteNumber::of(delivered_at)) {
            let took = delivered_at.since(joined.placed_at).as_millis();
            minute.fulfilment.add(u64::try_from(took).unwrap_or(u64::MAX));
        }
    }

    fn see_stock(&mut self, fact: &Fact<'_>) {
        let Details::Stock { product_id, on_hand, reserved, available } = &fact.details else {
            return;
        };
        let product = intern(&mut self.names, product_id);
        let (on_hand, reserved, available) = (*on_hand, *reserved, *available);
        let newest = ProductStock { sequence: fact.sequence, on_hand, reserved, available };
        self.stock.entry(product.clone()).or_default().merge(&newest);
        self.changed.insert(Row::Stock(product));
    }

    /// The minute, to be changed; none when it is beyond the horizon.
    fn open(&mut self, number: MinuteNumber) -> Option<(&mut Minute, &mut HashSet<Arc<str>>)> {
        if number.end() <= self.head.floor {
            return None;
        }
        let expiries = &mut self.expiries;
        let minute = self.minutes.entry(number).or_insert_with(|| {
            expiries.insert((last_of(number), Row::Minute(number)));
            Minute::default()
        });
        self.changed.insert(Row::Minute(number));
        Some((minute, &mut self.names))
    }

    fn is_closed(&self, minute: MinuteNumber) -> bool {
        let closes_at = minute.end() + self.settings.lateness;
        self.head.watermark().is_some_and(|watermark| watermark >= closes_at)
    }

    fn raise_floor(&mut self) {
        if let Some(watermark) = self.head.watermark() {
            self.head.floor = self.head.floor.max(watermark - self.settings.horizon);
        }
    }
}

/// The last moment in a minute.
fn last_of(minute: MinuteNumber) -> Timestamp {
    minute.end() - Duration::from_millis(1)
}

/// One copy of a name; there are as many as products.
fn intern(names: &mut HashSet<Arc<str>>, name: &str) -> Arc<str> {
    if let Some(known) = names.get(name) {
        return known.clone();
    }
    let new: Arc<str> = name.into();
    names.insert(new.clone());
    new
}

#[cfg(test)]
mod tests;
