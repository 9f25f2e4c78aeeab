//! Answers to "why not?" and "how full?", computed when somebody asks.

mod story;
#[cfg(test)]
mod tests;
mod text;
mod watching;
mod why;

use super::core::Cloud;
use crate::kernel::{MessageId, Scope};
use crate::services::cloudwatch::{CloudWatch, StateValue};
use crate::services::dynamodb::DynamoDb;
use crate::services::eventbridge::{EventBridge, Verdict};
use crate::services::sqs::{Peeked, QueueDepth, Sqs};

pub use watching::{Due, Revision};
pub use why::{Arrival, Lost, Sender, Why};

impl Cloud {
    /// Why each rule matches an event or not, as the rules are now; empty once every bus has
    /// forgotten the event.
    pub fn explain_event(&self, event: MessageId) -> Vec<Verdict> {
        self.services.all::<EventBridge>().all().flat_map(|events| events.explain(event)).collect()
    }

    /// How many messages each queue of every account and region holds now, by ARN.
    pub fn queue_depths(&self) -> Vec<QueueDepth> {
        self.services.all::<Sqs>().all().flat_map(|sqs| sqs.depths(self.now())).collect()
    }

    /// The oldest messages of a queue, at most `count`, as they lie there now: nothing is taken.
    /// `None` without such a queue in the account and region.
    pub fn peek(&self, scope: &Scope, queue: &str, count: usize) -> Option<Vec<Peeked>> {
        self.services.all::<Sqs>().get(scope)?.peek(queue, count, self.now())
    }

    /// How many items each table of an account and region holds now, by name.
    pub fn table_sizes(&self, scope: &Scope) -> Vec<(String, usize)> {
        let tables = self.services.all::<DynamoDb>().get(scope);
        tables.into_iter().flat_map(DynamoDb::sizes).collect()
    }

    /// The state of an alarm as it was last evaluated, and the reason; `None` without such an
    /// alarm in the account and region.
    pub fn alarm_state(&self, scope: &Scope, alarm: &str) -> Option<(StateValue, &str)> {
        self.services.all::<CloudWatch>().get(scope)?.alarm_state(alarm)
    }
}
