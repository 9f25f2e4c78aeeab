//! The figures that are kept: of one minute of event time, and for ever. All of them can be
//! merged, in any order, so that the tasks of a topic can be read as one.
//!
//! They are counts and sums; what is derived of them, such as a rate, is in `board`.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};
use utoipa::openapi::{RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use super::event::{Details, Fact};
use super::sketch::Sketch;
use super::window::Merge;
use crate::contracts::EventType;
use crate::domain::schema::map_schema;
use crate::domain::{Currency, Money};

/// Most products that one minute of a task counts by name; further ones go under [`OTHERS`]. It
/// keeps a minute's row below DynamoDB's 400 KB.
pub const PRODUCTS_MAX: usize = 2_000;
/// No product: the sum of those that found no place.
pub const OTHERS: &str = "*";

/// Sums in minor units.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ByCurrency(pub BTreeMap<Currency, u64>);

/// What happened: in a minute, or ever.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Counts {
    pub events: u64,
    /// Orders, by what happened to them.
    pub placed: u64,
    pub confirmed: u64,
    pub shipped: u64,
    pub delivered: u64,
    pub cancelled: u64,
    /// Payments that were taken, declined and given back.
    pub payments: u64,
    pub payment_failures: u64,
    pub payment_refunds: u64,
    /// Money that was taken.
    pub revenue: ByCurrency,
    /// Money that was given back.
    pub refunds: ByCurrency,
}

/// What a task has counted since the beginning.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct Totals {
    /// Exactly those of the event store: no copies, and nothing that was refused.
    pub counts: Counts,
    /// Events that came after their minute was closed.
    pub late: u64,
    /// Of `late`: those whose minute is no longer kept, so that no minute counts them.
    pub beyond: u64,
    pub duplicates: u64,
    /// Refused.
    pub too_old: u64,
    /// Of a type that is not known here.
    pub unknown: u64,
}

/// What happened within one minute, and what became of the orders that were placed in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Minute {
    pub counts: Counts,
    /// Events that came when the minute was closed.
    pub corrections: u64,
    /// What was ordered, whether it was paid later or not; a row of its own.
    #[serde(skip)]
    pub products: BTreeMap<Arc<str>, Sales>,
    /// Milliseconds from placing to delivery, of the orders that were delivered in this minute.
    pub fulfilment: Sketch,
    pub cohort: Cohort,
}

/// A pair in JSON: there are many.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(from = "(u64, ByCurrency)")]
pub struct Sales {
    /// Pieces.
    pub units: u64,
    pub revenue: ByCurrency,
}

/// What became, at any time later, of the orders that were placed in a minute.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cohort {
    pub paid: u64,
    pub cancelled: u64,
    pub delivered: u64,
}

/// The newest stock of a product that was heard of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProductStock {
    /// Position in the stock's history: the higher one is the newer one.
    pub sequence: u64,
    pub on_hand: u64,
    pub reserved: u64,
    pub available: u64,
}

impl ToSchema for ByCurrency {}

impl PartialSchema for ByCurrency {
    fn schema() -> RefOr<Schema> {
        map_schema(Type::Integer)
    }
}

impl ByCurrency {
    pub fn add(&mut self, amount: Money) {
        self.add_minor_units(amount.currency, amount.minor_units);
    }

    /// Zero when there is none.
    pub fn of(&self, currency: Currency) -> u64 {
        self.0.get(&currency).copied().unwrap_or(0)
    }

    fn add_minor_units(&mut self, currency: Currency, minor_units: u64) {
        let sum = self.0.entry(currency).or_default();
        // Two thousand times the largest amount there can be.
        *sum = sum.saturating_add(minor_units);
    }
}

impl Merge for ByCurrency {
    fn merge(&mut self, other: &Self) {
        for (currency, minor_units) in &other.0 {
            self.add_minor_units(*currency, *minor_units);
        }
    }
}

impl Serialize for Sales {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        (self.units, &self.revenue).serialize(serializer)
    }
}

impl From<(u64, ByCurrency)> for Sales {
    fn from((units, revenue): (u64, ByCurrency)) -> Self {
        Self { units, revenue }
    }
}

impl Counts {
    pub(super) fn count(&mut self, fact: &Fact<'_>) {
        self.events += 1;
        let Some(event_type) = fact.event_type else {
            return;
        };
        match event_type {
            EventType::OrderPlaced => self.placed += 1,
            EventType::OrderConfirmed => self.confirmed += 1,
            EventType::OrderShipped => self.shipped += 1,
            EventType::OrderDelivered => self.delivered += 1,
            EventType::OrderCancelled => self.cancelled += 1,
            EventType::PaymentProcessed => self.payments += 1,
            EventType::PaymentFailed => self.payment_failures += 1,
            EventType::PaymentRefunded => self.payment_refunds += 1,
            _ => {}
        }
        match (event_type, &fact.details) {
            (EventType::PaymentProcessed, Details::Amount(Some(it))) => self.revenue.add(*it),
            (EventType::PaymentRefunded, Details::Amount(Some(it))) => self.refunds.add(*it),
            _ => {}
        }
    }
}

impl Merge for Counts {
    fn merge(&mut self, other: &Self) {
        self.events += other.events;
        self.placed += other.placed;
        self.confirmed += other.confirmed;
        self.shipped += other.shipped;
        self.delivered += other.delivered;
        self.cancelled += other.cancelled;
        self.payments += other.payments;
        self.payment_failures += other.payment_failures;
        self.payment_refunds += other.payment_refunds;
        self.revenue.merge(&other.revenue);
        self.refunds.merge(&other.refunds);
    }
}

impl Merge for Totals {
    fn merge(&mut self, other: &Self) {
        self.counts.merge(&other.counts);
        self.late += other.late;
        self.beyond += other.beyond;
        self.duplicates += other.duplicates;
        self.too_old += other.too_old;
        self.unknown += other.unknown;
    }
}

impl Minute {
    /// Counts an event of this minute. `intern` shares the names of products.
    pub(super) fn count(&mut self, fact: &Fact<'_>, mut intern: impl FnMut(&str) -> Arc<str>) {
        self.counts.count(fact);
        let Details::Placed { lines, .. } = &fact.details else {
            return;
        };
        for line in lines {
            let sales = self.sales(&line.product_id, &mut intern);
            sales.units = sales.units.saturating_add(line.quantity);
            let minor_units = line.unit_price.minor_units.saturating_mul(line.quantity);
            sales.revenue.add(Money { minor_units, ..line.unit_price });
        }
    }

    pub(super) fn has_sales(&self) -> bool {
        !self.products.is_empty()
    }

    fn sales(&mut self, product: &str, intern: &mut impl FnMut(&str) -> Arc<str>) -> &mut Sales {
        let has_room = self.products.len() < PRODUCTS_MAX || self.products.contains_key(product);
        self.products.entry(intern(if has_room { product } else { OTHERS })).or_default()
    }
}

impl Merge for Minute {
    fn merge(&mut self, other: &Self) {
        self.counts.merge(&other.counts);
        self.corrections += other.corrections;
        for (product, sales) in &other.products {
            let own = self.products.entry(product.clone()).or_default();
            own.units = own.units.saturating_add(sales.units);
            own.revenue.merge(&sales.revenue);
        }
        self.fulfilment.merge(&other.fulfilment);
        self.cohort.paid += other.cohort.paid;
        self.cohort.cancelled += other.cohort.cancelled;
        self.cohort.delivered += other.cohort.delivered;
    }
}

impl Merge for ProductStock {
    /// The newer one of both.
    fn merge(&mut self, other: &Self) {
        if other.sequence > self.sequence {
            *self = other.clone();
        }
    }
}
