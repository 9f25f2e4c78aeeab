//! What every action needs: the stores, the clock, identifiers and the gateway.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::feed::Feed;
use super::health::Health;
use super::records::Appended;
use crate::adapters::audit_table::AuditTable;
use crate::adapters::aws::Aws;
use crate::adapters::event_store::EventStore;
use crate::adapters::inbox::Inbox;
use crate::adapters::order_table::OrderTable;
use crate::adapters::outbox_table::OutboxTable;
use crate::adapters::simulated_gateway::SimulatedGateway;
use crate::adapters::stepfunctions::StepFunctions;
use crate::adapters::tokens_table::TokensTable;
use crate::config::{Config, Names, Timing};
use crate::failure::{Dependency, Failure};
use crate::metrics::Metrics;
use crate::outbox::Outgoing;
use crate::ports::{Clock, Ids, PaymentGateway, Stream};
use crate::quotes::{Parts, QuoteDesk};
use crate::resilience::Breakers;
use crate::telemetry::Telemetry;

/// Requests that the API works on at once; each may hold a body of 64 KiB and a few AWS calls.
const REQUESTS_MAX: usize = 256;

/// What the runner chooses.
#[derive(Clone)]
pub struct Deps {
    pub clock: Arc<dyn Clock>,
    pub ids: Arc<dyn Ids>,
    /// `None`: the simulated gateway.
    pub gateway: Option<Arc<dyn PaymentGateway>>,
    /// For the roles `bridge` and `analytics`.
    pub stream: Option<Arc<dyn Stream>>,
}

/// One system's actions; cheap to share.
pub struct App {
    pub(crate) aws: Aws,
    pub(crate) names: Names,
    pub(crate) timing: Timing,
    /// Of each topic of the stream.
    pub(crate) partitions: u32,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) ids: Arc<dyn Ids>,
    pub(crate) gateway: Arc<dyn PaymentGateway>,
    stream: Option<Arc<dyn Stream>>,
    pub(crate) simulated_gateway: SimulatedGateway,
    pub(crate) store: EventStore,
    pub(crate) order_table: OrderTable,
    pub(crate) audit_table: AuditTable,
    pub(crate) outbox: OutboxTable,
    pub(crate) inbox: Inbox,
    pub(crate) stepfunctions: StepFunctions,
    pub(crate) tokens: TokensTable,
    pub(crate) outgoing: Outgoing,
    pub(crate) appended: Appended,
    pub(crate) quotes: Arc<QuoteDesk>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) telemetry: Telemetry,
    pub(crate) breakers: Breakers,
    /// What the roles of this process cannot do their work without.
    pub(crate) dependencies: Vec<Dependency>,
    pub(crate) health: Health,
    /// For who watches live.
    pub(crate) feed: Feed,
    /// One for each request that the API may work on at once.
    pub(crate) requests: Semaphore,
}

impl App {
    /// Makes the clients; calls nothing.
    pub fn new(config: &Config, aws: &Aws, deps: Deps) -> Self {
        let names = config.names.clone();
        let simulated_gateway = SimulatedGateway::new(aws, &names);
        let gateway = deps.gateway.unwrap_or_else(|| Arc::new(simulated_gateway.clone()) as Arc<_>);
        let metrics = Arc::new(Metrics::new(names.prefix()).telling(config.telemetry.clone()));
        let quotes = QuoteDesk::new(Parts {
            aws: aws.clone(),
            names: names.clone(),
            timing: config.timing.clone(),
            clock: Arc::clone(&deps.clock),
            ids: Arc::clone(&deps.ids),
            metrics: Arc::clone(&metrics),
        });
        Self {
            aws: aws.clone(),
            timing: config.timing.clone(),
            partitions: config.partitions,
            clock: deps.clock,
            ids: deps.ids,
            gateway,
            stream: deps.stream,
            simulated_gateway,
            store: EventStore::new(aws, &names),
            order_table: OrderTable::new(aws, &names),
            audit_table: AuditTable::new(aws, &names),
            outbox: OutboxTable::new(aws, &names),
            inbox: Inbox::new(aws, &names),
            stepfunctions: StepFunctions::new(aws),
            tokens: TokensTable::new(aws, &names),
            outgoing: Outgoing::default(),
            appended: Appended::default(),
            quotes: Arc::new(quotes),
            metrics,
            telemetry: config.telemetry.clone(),
            dependencies: config.dependencies(),
            health: Health::default(),
            feed: Feed::default(),
            requests: Semaphore::new(REQUESTS_MAX),
            breakers: Breakers::new(config.timing.breaker.clone()),
            names,
        }
    }

    /// # Errors
    /// When the system was given none.
    pub(crate) fn stream(&self) -> Result<&dyn Stream, Failure> {
        let none = || Failure::Retry("there is no stream: see --kafka".into());
        self.stream.as_deref().ok_or_else(none)
    }

    /// Any bits, for jitter.
    pub(crate) fn random(&self) -> u64 {
        self.ids.next_bits() as u64
    }
}
