//! Which roles there are, and what is known of each without running it: its queue, what the bus
//! sends there, what it needs. It does not know what a role does.

mod saga;
mod subscriptions;
mod table;

use std::fmt;

pub use saga::Saga;
#[cfg(test)]
pub(crate) use subscriptions::reaches;
pub use subscriptions::{Rule, Subscription, subscriptions, subscriptions_in};

use crate::contracts::Source;
use crate::domain::saga::Participant;
use crate::failure::Dependency;
use table::{ROWS, Row};

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

/// What a role works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// Of customers and staff, over HTTP.
    Requests,
    /// A queue of its own. This is the end of its name: what is in the queue where that is no
    /// event, else the role.
    Queue(&'static str),
    Stream,
}

impl Role {
    pub const ALL: [Self; ROWS.len()] = {
        let mut all = [Self::Api; ROWS.len()];
        let mut at = 0;
        while at < all.len() {
            all[at] = ROWS[at].role;
            at += 1;
        }
        all
    };

    const fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }

    /// The roles that have a queue.
    pub fn consumers() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|role| matches!(role.input(), Input::Queue(_)))
    }

    pub const fn as_str(self) -> &'static str {
        self.row().name
    }

    /// What it is there for, in one sentence.
    pub const fn about(self) -> &'static str {
        self.row().about
    }

    pub fn input(self) -> Input {
        self.row().input
    }

    /// The end of its queue's name, if it has one; else the role.
    pub fn queue(self) -> &'static str {
        match self.input() {
            Input::Queue(queue) => queue,
            Input::Requests | Input::Stream => self.as_str(),
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }

    /// The part it plays in the saga.
    pub fn participant(self) -> Option<Participant> {
        self.row().participant
    }

    /// What it cannot do its work without.
    pub fn dependencies(self) -> &'static [Dependency] {
        self.row().dependencies
    }

    /// Whether it reads or writes the stream.
    pub fn needs_stream(self) -> bool {
        self.dependencies().contains(&Dependency::Kafka)
    }

    /// The services whose events it records: a process relays what its roles record.
    pub fn sources(self) -> &'static [Source] {
        self.row().sources
    }

    /// Whether its queue is a FIFO queue where the system has some: it works on one order after
    /// the other, and each message asks for something that must not be done twice.
    pub fn wants_order(self) -> bool {
        matches!(self, Self::Orders | Self::Payments)
    }

    /// Whether what is delayed in its queue are deadlines, most of which will find that everything
    /// was done in time.
    pub fn keeps_deadlines(self) -> bool {
        self.row().keeps_deadlines
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    #[test]
    fn every_role_is_complete() {
        for role in Role::value_variants() {
            let row = ROWS.iter().find(|row| row.role == *role);
            let row = row.unwrap_or_else(|| panic!("{role:?} has no row in ROWS"));
            let on_the_command_line = role.to_possible_value().expect("none is hidden");
            assert_eq!(on_the_command_line.get_name(), row.name, "{role:?}");
            assert!(row.about.ends_with('.'), "{role:?} is not described by a sentence");
            let listens = !row.rules.is_empty();
            assert!(!listens || matches!(row.input, Input::Queue(_)), "{role:?} has no queue");
        }
    }
}
