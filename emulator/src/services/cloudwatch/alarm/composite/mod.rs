//! Composite alarms: the rule that combines other alarms, how changes spread, and what holds their
//! actions back.

mod grammar;
mod rule;
mod spreading;
mod suppression;

pub(super) use rule::AlarmRule;
pub(super) use suppression::{Held, HeldBy, Hold};
