//! Reads the evidence through the system's own adapters, its HTTP API and its operator functions,
//! and sees whether anything is under way.

use super::evidence::{Board, Evidence, Letter, Shelf};
use super::figures::is_to_be_counted;
use super::mail::is_to_be_told;
use super::orders::under_way;
use super::trails::{by_customer, is_to_be_recorded};
use crate::world::{ALL_LETTERS, OrderWorld, failed};
use harness::WorldError;
use orderflow::adapters::clock::SystemClock;
use orderflow::adapters::event_store::EventStore;
use orderflow::adapters::inbox::Inbox;
use orderflow::adapters::outbox_table::OutboxTable;
use orderflow::adapters::simulated_gateway::SimulatedGateway;
use orderflow::app::{App, audit, figures};
use orderflow::contracts::Source;
use orderflow::domain::{OrderId, Timestamp};
use orderflow::ports::SeededIds;
use orderflow::{Aws, Config, Deps, Names, Role, TimingProfile, dead_letters};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

/// The system's way to its own records. It asks for neither the time nor an identifier.
pub(crate) fn reader(aws: &Aws, names: &Names) -> App {
    let config = Config::new(names.clone(), TimingProfile::Standard);
    let deps = Deps {
        clock: Arc::new(SystemClock),
        ids: Arc::new(SeededIds::new(0)),
        gateway: None,
        stream: None,
    };
    App::new(&config, aws, deps)
}

impl OrderWorld {
    /// True if no role has a message, nothing waits to be published, and no order has something
    /// still to be done for it.
    pub(crate) async fn is_at_rest(&self) -> Result<bool, WorldError> {
        for role in Role::consumers() {
            if self.in_hand(role).await? > 0 {
                return Ok(false);
            }
        }
        let outbox = OutboxTable::new(&self.aws, &self.names);
        for source in Source::ALL {
            let pending = outbox.pending(source.as_str(), None, 1).await.map_err(failed)?;
            if !pending.is_empty() {
                return Ok(false);
            }
        }
        let mut evidence = self.records().await?;
        let is_done = under_way(&evidence).is_empty()
            && !is_to_be_recorded(&evidence)
            && !is_to_be_counted(&evidence);
        if is_done {
            evidence.told = self.told().await?;
        }
        Ok(is_done && !is_to_be_told(&evidence))
    }

    /// Everything that an invariant looks at.
    pub(crate) async fn read_evidence(&mut self) -> Result<Evidence, WorldError> {
        let mut evidence = self.records().await?;
        let store = EventStore::new(&self.aws, &self.names);
        for stream in evidence.streams.keys() {
            let trail = store.load(stream).await.map_err(failed)?;
            evidence.trails.insert(stream.clone(), trail);
        }
        for (product, shelf) in &mut evidence.shelves {
            let shown = self.get(&format!("/stock/{product}")).await?;
            let figure = |name: &str| {
                let figure = shown[name].as_u64();
                figure.ok_or_else(|| WorldError(format!("the stock of {product} has no {name}")))
            };
            let (on_hand, reserved) = (figure("on_hand")?, figure("reserved")?);
            *shelf = Shelf { on_hand, reserved, ..std::mem::take(shelf) };
        }
        for customer in by_customer(&evidence).into_keys() {
            let orders = self.orders_of(&customer).await?;
            evidence.by_customer.insert(customer, orders);
        }
        let gateway = SimulatedGateway::new(&self.aws, &self.names);
        for (id, case) in &mut evidence.cases {
            let id = OrderId::parse(id).map_err(|error| WorldError(error.to_string()))?;
            case.booked = gateway.account(&id).await.map_err(failed)?;
        }
        self.mail.fetch(&self.aws, &self.names).await.map_err(WorldError)?;
        evidence.mail = self.mail.letters().to_vec();
        evidence.told = self.told().await?;
        evidence.accepted.clone_from(&self.orders);
        evidence.outages.clone_from(&self.outages);
        evidence.redriven.clone_from(&self.redriven);
        evidence.timing.clone_from(&self.timing);
        // What is asked for from here on is for the evidence only.
        evidence.asked = self.asked.borrow().clone();
        let now = self.now();
        evidence.trouble = self.schedule.at(now - self.timeline.elapsed(), now);
        evidence.board = self.board(evidence.trouble.is_none()).await?;
        Ok(evidence)
    }

    /// By the key of the inbox: when it was put on record that somebody was told.
    async fn told(&self) -> Result<BTreeMap<String, Timestamp>, WorldError> {
        let mut told = Inbox::new(&self.aws, &self.names).all().await.map_err(failed)?;
        told.retain(|key, _| key.starts_with("notifications#"));
        Ok(told)
    }

    /// What the analytics shows. `with_metrics`: waits until all was published.
    async fn board(&self, with_metrics: bool) -> Result<Board, WorldError> {
        let view = || figures::view(&self.reader, figures::SHOWN_MAX);
        let mut shown = view().await.map_err(failed)?;
        let found: u64 = shown.visits.patterns.values().sum();
        if with_metrics || found > 0 {
            let (published, told) = (self.timing.metrics_period, self.timing.analytics_tick);
            tokio::time::sleep(published.max(told) + Duration::from_secs(10)).await;
            shown = view().await.map_err(failed)?;
        }
        let sent = match with_metrics {
            true => self.metric("notifications_sent").await?.as_f64(),
            false => None,
        };
        Ok(Board {
            minutes: shown.minutes,
            closed_until: shown.closed_until,
            late: shown.totals.late,
            alerts: shown.alerts,
            patterns: shown.visits.patterns,
            notifications_sent: sent,
        })
    }

    /// The histories, the read side and the dead letters.
    async fn records(&self) -> Result<Evidence, WorldError> {
        let books = audit::read(&self.reader).await.map_err(failed)?;
        let mut evidence = Evidence::of(books.streams).map_err(WorldError)?;
        evidence.rows = books.rows;
        evidence.totals = self.totals().await?;
        evidence.audit = books.trails;
        for role in Role::consumers() {
            evidence.letters.extend(self.letters(role).await?);
        }
        Ok(evidence)
    }

    pub(crate) async fn letters(&self, role: Role) -> Result<Vec<Letter>, WorldError> {
        // Looking at letters takes a second and hides them for a while; counting them does not.
        if self.waiting(self.names.dead_letter_queue(role)).await? == 0 {
            return Ok(Vec::new());
        }
        let found = dead_letters::list(&self.aws, &self.names, role, &ALL_LETTERS);
        let found = found.await.map_err(failed)?.into_iter();
        let letters = found.map(|letter| {
            let (failed_at, reason) = match letter.note {
                Some(note) => (Some(note.failed_at), note.reason),
                None => (None, "unknown".to_owned()),
            };
            let body: Value = serde_json::from_str(&letter.body).unwrap_or_default();
            let text = |value: &Value| value.as_str().map(str::to_owned);
            let about = [&body["detail-type"], &body["task"], &body["timer"]];
            Letter {
                role,
                // An event from the bus names its order within, a timer directly.
                order_id: text(&body["detail"]["order_id"]).or(text(&body["order_id"])),
                event_id: text(&body["detail"]["event_id"]),
                about: about.into_iter().find_map(text).unwrap_or_default(),
                reason,
                failed_at,
            }
        });
        Ok(letters.collect())
    }
}
