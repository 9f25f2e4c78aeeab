//! What only some forms of the system have: with FIFO queues, led by a state machine, or with a
//! function that notifies.

use super::Names;
use crate::role::Role;

/// Of which kind the queues of [`Role::wants_order`] are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum QueueKind {
    #[default]
    Standard,
    /// Messages about one order come one after the other, in the order in which they were sent.
    Fifo,
}

/// How the function that notifies is made.
#[derive(Clone, Debug, Default)]
pub struct FunctionSettings {
    /// A zip archive with `bootstrap`; `None` leaves a function that is there its code.
    pub zip: Option<Vec<u8>>,
    /// The IAM role as which it acts; `None` is one with the function's name, which is
    /// made.
    pub role: Option<String>,
}

/// What this region is of the two that a system has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    pub part: Part,
    /// The other region, such as `eu-west-1`.
    pub other: String,
}

/// What a region of two does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Its roles work.
    Active,
    /// It has all that roles need, and none runs.
    Standby,
}

impl Names {
    #[must_use]
    pub fn with_queues(self, queues: QueueKind) -> Self {
        Self { queues, ..self }
    }

    pub(super) fn fifo(&self, role: Role) -> &'static str {
        if self.queues == QueueKind::Fifo && role.wants_order() { ".fifo" } else { "" }
    }

    /// Where the bus and the role itself send to: neither EventBridge gives each message a group
    /// of its own, nor does a FIFO queue delay single ones. `None` where that is the queue itself.
    pub fn intake(&self, role: Role) -> Option<String> {
        (!self.fifo(role).is_empty()).then(|| self.with(&format!("{}-intake", role.queue())))
    }

    /// The rule that sends events on to another region, and the IAM role as which it does.
    pub fn copies_to(&self, region: &str) -> String {
        self.with(&format!("copies-to-{region}"))
    }

    /// Whether that is such a rule's name.
    pub fn is_copying(&self, rule: &str) -> bool {
        rule.starts_with(&self.copies_to(""))
    }

    /// Of tasks that the state machine waits for.
    pub fn tokens_table(&self) -> String {
        self.with("task-tokens")
    }

    /// The state machine that leads orders through their saga.
    pub fn machine(&self) -> String {
        self.with("order-saga")
    }

    /// The Lambda function that notifies.
    pub fn function(&self) -> String {
        self.with("notify")
    }
}
