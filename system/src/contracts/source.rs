//! Who tells of events: the services that keep histories. One row each.

use serde::{Deserialize, Serialize};

use super::stream::Topic;

/// The service that an event comes from. It has a partition of the outbox of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    Orders,
    Inventory,
    Payments,
}

/// What every `Source` of the system begins with.
pub const SOURCE_PREFIX: &str = "ecommerce.";

struct Row {
    /// In the outbox, in rules' names and in logs.
    name: &'static str,
    /// EventBridge `Source`.
    on_bus: &'static str,
    topic: Topic,
}

impl Source {
    pub const ALL: [Self; 3] = [Self::Orders, Self::Inventory, Self::Payments];

    const fn row(self) -> Row {
        let (name, on_bus, topic) = match self {
            Self::Orders => ("orders", "ecommerce.orders", Topic::Orders),
            Self::Inventory => ("inventory", "ecommerce.inventory", Topic::Inventory),
            Self::Payments => ("payments", "ecommerce.payments", Topic::Payments),
        };
        Row { name, on_bus, topic }
    }

    pub const fn as_str(self) -> &'static str {
        self.row().name
    }

    /// EventBridge `Source`.
    pub const fn on_bus(self) -> &'static str {
        self.row().on_bus
    }

    /// The topic of the stream that its events go to.
    pub const fn topic(self) -> Topic {
        self.row().topic
    }

    /// The service with this EventBridge `Source`.
    pub fn parse_bus(source: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.on_bus() == source)
    }
}
