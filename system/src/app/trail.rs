//! The audit trail of an order or a product: what the bus told of it, in the order of time, and
//! whether something is missing.
//!
//! Sequences say what is missing: every event of a history is told, so they count from one. What
//! comes after the last that was heard nobody can miss yet; `audit` compares with the histories.

use std::collections::{BTreeMap, BTreeSet};

use super::context::App;
use crate::adapters::audit_table::AuditEntry;
use crate::domain::{OrderId, ProductId, Timestamp};
use crate::failure::Failure;

/// What a trail is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    Order(OrderId),
    Product(ProductId),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trail {
    subject: Subject,
    /// In the order of time; what happened within one millisecond, by stream.
    pub entries: Vec<AuditEntry>,
}

/// Events of a stream that are missing, the first and the last included.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct Gap {
    pub stream: String,
    pub from: u64,
    pub to: u64,
}

/// Which part of a trail is wanted. Both times are included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrailFilter {
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
    pub event_type: Option<String>,
    /// Goes on after this place.
    pub after: Option<TrailCursor>,
}

/// A place in a trail.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TrailCursor {
    happened_at: Timestamp,
    stream: String,
    sequence: u64,
}

impl Subject {
    /// Of the trail's table.
    pub fn key(&self) -> String {
        match self {
            Self::Order(order_id) => format!("order#{order_id}"),
            Self::Product(product_id) => format!("product#{product_id}"),
        }
    }

    /// The streams that belong to it alone; the first one is there before any other.
    fn streams(&self) -> Vec<String> {
        match self {
            Self::Order(id) => {
                ["order", "reservation", "payment"].map(|kind| format!("{kind}#{id}")).to_vec()
            }
            Self::Product(id) => vec![format!("stock#{id}")],
        }
    }
}

/// The keys under which an event is recorded: its order, and the product whose stock it changed.
/// Empty when it is about neither.
pub fn subjects(stream: &str, order_id: Option<&OrderId>) -> Vec<String> {
    let order = order_id.map(|id| Subject::Order(id.clone()).key());
    let product = stream.strip_prefix("stock#").map(|id| format!("product#{id}"));
    product.into_iter().chain(order).collect()
}

/// Reads the whole trail of a subject.
pub async fn read(app: &App, subject: Subject) -> Result<Trail, Failure> {
    let entries = app.audit_table.load(&subject.key()).await?;
    Ok(Trail::new(subject, entries))
}

impl Trail {
    pub fn new(subject: Subject, mut entries: Vec<AuditEntry>) -> Self {
        entries.sort_by_key(TrailCursor::of);
        Self { subject, entries }
    }

    /// What is missing, by stream. Of an order's trail only the histories that are its own count:
    /// a product's other events have trails of their own.
    pub fn gaps(&self) -> Vec<Gap> {
        let mut found: BTreeMap<&str, BTreeSet<u64>> = BTreeMap::new();
        for entry in &self.entries {
            found.entry(&entry.stream).or_default().insert(entry.sequence);
        }
        let streams = self.subject.streams();
        let mut gaps = Vec::new();
        for (index, stream) in streams.iter().enumerate() {
            let Some(sequences) = found.get(stream.as_str()) else {
                if index == 0 && !self.entries.is_empty() {
                    gaps.push(Gap { stream: stream.clone(), from: 1, to: 1 });
                }
                continue;
            };
            let mut next = 1;
            for sequence in sequences {
                if *sequence > next {
                    gaps.push(Gap { stream: stream.clone(), from: next, to: sequence - 1 });
                }
                next = sequence + 1;
            }
        }
        gaps
    }

    /// At most `limit` of the wanted events, and where to go on if there are more.
    pub fn page(
        &self,
        wanted: &TrailFilter,
        limit: usize,
    ) -> (Vec<&AuditEntry>, Option<TrailCursor>) {
        let fits = |entry: &&AuditEntry| {
            wanted.from.is_none_or(|from| from <= entry.happened_at)
                && wanted.to.is_none_or(|to| entry.happened_at <= to)
                && wanted.event_type.as_ref().is_none_or(|it| *it == entry.event_type)
                && wanted.after.as_ref().is_none_or(|place| *place < TrailCursor::of(entry))
        };
        let mut page: Vec<_> = self.entries.iter().filter(fits).take(limit + 1).collect();
        let more = page.len() > limit;
        page.truncate(limit);
        let next = page.last().filter(|_| more).map(|entry| TrailCursor::of(entry));
        (page, next)
    }
}

impl TrailCursor {
    fn of(entry: &AuditEntry) -> Self {
        let AuditEntry { happened_at, stream, sequence, .. } = entry;
        Self { happened_at: *happened_at, stream: stream.clone(), sequence: *sequence }
    }

    /// A text that needs no escaping in a URL.
    pub fn to_token(&self) -> String {
        let stream = self.stream.replace('#', ":");
        format!("{}~{}~{stream}", self.happened_at.as_millis(), self.sequence)
    }

    /// `None` for what `to_token` did not write.
    pub fn parse(token: &str) -> Option<Self> {
        let mut parts = token.splitn(3, '~');
        let happened_at = Timestamp::from_millis(parts.next()?.parse().ok()?);
        let sequence = parts.next()?.parse().ok()?;
        Some(Self { happened_at, stream: parts.next()?.replace(':', "#"), sequence })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Streams with a sequence and a time each.
    fn trail(events: &[(&str, u64, i64)]) -> Trail {
        let entry = |(stream, sequence, at): &(&str, u64, i64)| AuditEntry {
            event_id: format!("{stream}/{sequence}"),
            event_type: stream.split('#').next().unwrap_or_default().to_owned(),
            source: String::new(),
            stream: (*stream).to_owned(),
            sequence: *sequence,
            happened_at: Timestamp::from_millis(*at),
            recorded_at: Timestamp::from_millis(*at),
            correlation_id: String::new(),
            causation_id: String::new(),
            detail: "{}".to_owned(),
        };
        let order_id = OrderId::parse("o").expect("an order id");
        Trail::new(Subject::Order(order_id), events.iter().map(entry).collect())
    }

    fn check(events: &[(&str, u64, i64)], expected: &[(&str, u64, u64)]) {
        let gaps = trail(events).gaps();
        let gaps: Vec<_> = gaps.iter().map(|gap| (gap.stream.as_str(), gap.from, gap.to)).collect();
        assert_eq!(gaps, expected, "{events:?}");
    }

    #[test]
    fn what_is_missing_is_named() {
        check(&[], &[]);
        check(&[("order#o", 1, 0), ("order#o", 2, 0), ("stock#p", 7, 0)], &[]);
        check(&[("order#o", 2, 0), ("order#o", 5, 0)], &[("order#o", 1, 1), ("order#o", 3, 4)]);
        check(&[("payment#o", 2, 0)], &[("order#o", 1, 1), ("payment#o", 1, 1)]);
    }

    #[test]
    fn pages_follow_each_other_in_the_order_of_time() {
        let trail = trail(&[
            ("payment#o", 1, 30),
            ("order#o", 1, 10),
            ("order#o", 2, 30),
            ("order#o", 3, 30),
            ("stock#p", 9, 20),
        ]);
        let mut wanted =
            TrailFilter { from: Some(Timestamp::from_millis(20)), ..TrailFilter::default() };
        let mut seen = Vec::new();
        loop {
            let (page, next) = trail.page(&wanted, 2);
            seen.push(page.iter().map(|entry| entry.event_id.clone()).collect::<Vec<_>>());
            let Some(next) = next else { break };
            wanted.after = TrailCursor::parse(&next.to_token());
            assert_eq!(wanted.after, Some(next));
        }
        let expected = [vec!["stock#p/9", "order#o/2"], vec!["order#o/3", "payment#o/1"]];
        assert_eq!(seen, expected);
        let wanted =
            TrailFilter { event_type: Some("payment".to_owned()), ..TrailFilter::default() };
        assert_eq!(trail.page(&wanted, 9).0.len(), 1);
        assert_eq!(TrailCursor::parse("x"), None);
    }

    #[test]
    fn stock_is_recorded_under_its_product_and_its_order() {
        let order_id = OrderId::parse("o").expect("an order id");
        assert_eq!(subjects("stock#p", Some(&order_id)), ["product#p", "order#o"]);
        assert_eq!(subjects("stock#p", None), ["product#p"]);
        assert_eq!(subjects("payment#o", Some(&order_id)), ["order#o"]);
        assert!(subjects("", None).is_empty());
    }
}
