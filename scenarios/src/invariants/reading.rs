//! Reads the evidence through the system's own adapters, its HTTP API and its operator functions,
//! and sees whether anything is under way.

use super::evidence::{Evidence, Letter, Shelf};
use super::figures::is_to_be_counted;
use super::orders::under_way;
use super::trails::{by_customer, is_to_be_recorded};
use crate::world::{ALL_LETTERS, OrderWorld, failed};
use harness::WorldError;
use orderflow::adapters::clock::SystemClock;
use orderflow::adapters::event_store::EventStore;
use orderflow::adapters::inbox::Inbox;
use orderflow::adapters::outbox_table::OutboxTable;
use orderflow::adapters::simulated_gateway::SimulatedGateway;
use orderflow::app::{App, audit};
use orderflow::contracts::Source;
use orderflow::domain::OrderId;
use orderflow::ports::SeededIds;
use orderflow::{Aws, Config, Deps, Names, Role, TimingProfile, dead_letters};
use serde_json::Value;
use std::sync::Arc;

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
        let evidence = self.records().await?;
        Ok(under_way(&evidence).is_empty()
            && !is_to_be_recorded(&evidence)
            && !is_to_be_counted(&evidence))
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
            case.booked = gateway.status(&id).await.map_err(failed)?;
        }
        self.mail.fetch(&self.aws, &self.names).await.map_err(WorldError)?;
        evidence.mail = self.mail.letters().to_vec();
        evidence.told = Inbox::new(&self.aws, &self.names).all().await.map_err(failed)?;
        evidence.told.retain(|key, _| key.starts_with("notifications#"));
        evidence.accepted.clone_from(&self.orders);
        evidence.broken.clone_from(&self.ever_broken);
        Ok(evidence)
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

    async fn letters(&self, role: Role) -> Result<Vec<Letter>, WorldError> {
        // Looking at letters takes a second and hides them for a while; counting them does not.
        if self.waiting(self.names.dead_letter_queue(role)).await? == 0 {
            return Ok(Vec::new());
        }
        let found = dead_letters::list(&self.aws, &self.names, role, &ALL_LETTERS);
        let found = found.await.map_err(failed)?.into_iter();
        let letters = found.map(|letter| Letter {
            role,
            order_id: order_of(&letter.body),
            reason: letter.note.map_or_else(|| "unknown".to_owned(), |note| note.reason),
        });
        Ok(letters.collect())
    }
}

/// An event from the bus names its order within, a timer directly.
fn order_of(body: &str) -> Option<String> {
    let body: Value = serde_json::from_str(body).ok()?;
    let id = body["detail"]["order_id"].as_str().or(body["order_id"].as_str());
    id.map(str::to_owned)
}
