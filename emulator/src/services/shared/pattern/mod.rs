//! The pattern language of EventBridge's rules and SNS's filter policies: one engine for both.
//!
//! Knows JSON values and AWS's words for bad patterns; no bus, rule, topic or subscription.

mod address;
mod compile;
mod complexity;
mod condition;
mod error;
mod event;
mod event_pattern;
mod filter_policy;
mod index;
mod matcher;
mod tokens;

#[cfg(test)]
mod tests;

pub use error::PatternError;
pub use event::Event;
pub use event_pattern::{Anchor, EventPattern};
pub use filter_policy::{FilterPolicy, FilterPolicyError, FilterPolicyScope, attribute_value};
pub use index::PatternIndex;
pub use tokens::check_json;
