//! Answers to "why not?", computed when somebody asks.

use super::core::Cloud;
use crate::kernel::MessageId;
use crate::services::eventbridge::Verdict;

impl Cloud {
    /// Why each rule matches an event or not, as the rules are now; empty once every bus has
    /// forgotten the event.
    pub fn explain_event(&self, event: MessageId) -> Vec<Verdict> {
        self.services.events.all().flat_map(|events| events.explain(event)).collect()
    }
}
