//! The emulated services, one folder each, and what they share. No service names another.

pub mod cloudwatch;
pub mod dynamodb;
pub mod eventbridge;
pub mod iam;
pub mod lambda;
pub mod logs;
pub mod pipes;
pub mod scheduler;
pub mod shared;
pub mod sns;
pub mod sqs;
pub mod stepfunctions;
pub mod sts;
