//! The names of the roles and which services' events each records.

mod subscriptions;

pub use subscriptions::{Subscription, subscriptions};

use std::fmt;

use crate::contracts::Source;
use crate::domain::saga::Participant;
use crate::failure::Dependency;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub enum Role {
    Api,
    Orders,
    Inventory,
    Payments,
    Fulfilment,
    Notifications,
    Projector,
    Audit,
    Carrier,
    /// Takes events from the bus to the stream.
    Bridge,
    /// Turns the stream into figures.
    Analytics,
}

impl Role {
    pub const ALL: [Self; 11] = [
        Self::Api,
        Self::Orders,
        Self::Inventory,
        Self::Payments,
        Self::Fulfilment,
        Self::Notifications,
        Self::Projector,
        Self::Audit,
        Self::Carrier,
        Self::Bridge,
        Self::Analytics,
    ];

    /// The roles that have a queue.
    pub fn consumers() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|role| !matches!(role, Self::Api | Self::Analytics))
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Orders => "orders",
            Self::Inventory => "inventory",
            Self::Payments => "payments",
            Self::Fulfilment => "fulfilment",
            Self::Notifications => "notifications",
            Self::Projector => "projector",
            Self::Audit => "audit",
            Self::Carrier => "carrier",
            Self::Bridge => "bridge",
            Self::Analytics => "analytics",
        }
    }

    /// The end of its queue's name: what is in the queue where that is no event, else the role.
    pub fn queue(self) -> &'static str {
        match self {
            Self::Carrier => "quote-requests",
            other => other.as_str(),
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }

    /// The part it plays in the saga.
    pub fn participant(self) -> Option<Participant> {
        match self {
            Self::Orders => Some(Participant::Orders),
            Self::Inventory => Some(Participant::Inventory),
            Self::Payments => Some(Participant::Payments),
            Self::Fulfilment => Some(Participant::Fulfilment),
            Self::Api
            | Self::Notifications
            | Self::Projector
            | Self::Audit
            | Self::Carrier
            | Self::Bridge
            | Self::Analytics => None,
        }
    }

    /// What it cannot do its work without.
    pub fn dependencies(self) -> &'static [Dependency] {
        match self {
            Self::Api | Self::Inventory | Self::Projector | Self::Audit => &[Dependency::DynamoDb],
            Self::Payments => &[Dependency::DynamoDb, Dependency::Gateway],
            Self::Orders | Self::Fulfilment => &[Dependency::DynamoDb, Dependency::Sqs],
            Self::Notifications => &[Dependency::DynamoDb, Dependency::Sns],
            Self::Carrier => &[Dependency::Sqs],
            Self::Bridge => &[Dependency::Kafka],
            Self::Analytics => &[Dependency::Kafka, Dependency::DynamoDb],
        }
    }

    /// Whether it reads or writes the stream.
    pub fn needs_stream(self) -> bool {
        self.dependencies().contains(&Dependency::Kafka)
    }

    /// The services whose events it records: a process relays what its roles record.
    pub fn sources(self) -> &'static [Source] {
        match self {
            Self::Api => &[Source::Orders, Source::Inventory],
            Self::Orders | Self::Fulfilment => &[Source::Orders],
            Self::Inventory => &[Source::Inventory],
            Self::Payments => &[Source::Payments],
            Self::Notifications
            | Self::Projector
            | Self::Audit
            | Self::Carrier
            | Self::Bridge
            | Self::Analytics => &[],
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
