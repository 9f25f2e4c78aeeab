//! Amazon SNS: topics, their subscriptions, and what is published to them.
//!
//! Knows no other service. Messages enter a topic through `Topic::publish` and nowhere else, and
//! leave through the outbox.

mod activity;
mod archive;
mod attributes;
mod besides;
mod confirmation;
mod delivery;
mod delivery_policy;
mod delivery_status;
mod envelope;
mod error;
mod explain;
mod hooks;
mod json_attribute;
mod map;
mod message;
mod message_attributes;
mod operation_table;
pub mod operations;
mod paging;
mod permission;
mod phones;
mod platforms;
mod policy_text;
mod protocol;
mod recent;
mod shapes;
mod state;
mod subscribing;
mod subscription;
mod subscription_attributes;
mod tagging;
#[cfg(test)]
mod tests;
mod topic;

pub use besides::besides_table;
pub use error::{SnsError, error_rows};
pub use operation_table::{SERVICE, table};
pub use state::Sns;
