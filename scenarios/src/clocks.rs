//! What scripts do to the clocks. Messages and deadlines go by AWS's.

use crate::world::{Done, OrderWorld};
use harness::script::Span;
use harness::{Arguments, WorldError, text};
use serde_json::Value;

impl OrderWorld {
    /// AWS's clock jumps ahead, and nobody else's.
    pub(crate) fn advance_clock(&self, with: &Arguments) -> Done {
        let by = text(with, "by")?.parse::<Span>();
        let Span(by) = by.map_err(|how| WorldError(format!("by: {how}")))?;
        let elsewhere = || WorldError("AWS's clock can be moved in simulations only".into());
        self.emulator.as_ref().ok_or_else(elsewhere)?.advance(by);
        self.timeline.note("aws", format!("the clock jumps ahead by {}", Span(by)));
        Ok(Value::Null)
    }
}
