//! The outside world: AWS through its SDK, the wall clock and the operating system's randomness.
//!
//! Each adapter is made from an [`aws::Aws`] and resource names. None knows a rule of the shop.

pub mod analytics_table;
mod attributes;
pub mod audit_table;
pub mod aws;
pub mod clock;
pub mod cloudwatch;
pub(crate) mod dead_letter;
pub mod endpoint;
pub mod event_store;
pub mod eventbridge;
pub mod failure_notes;
mod gather;
mod histories;
pub mod https;
pub mod inbox;
#[cfg(feature = "kafka")]
pub mod kafka;
pub mod lambda_event;
pub mod memory_stream;
pub mod order_table;
pub mod outbox_table;
pub mod reach;
pub mod simulated_gateway;
pub mod sns;
pub mod sqs;
mod statements;
pub mod stepfunctions;
pub mod tokens_table;
