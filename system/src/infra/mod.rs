//! Creates and removes the AWS resources of one system. Both can be repeated at any time.
//!
//! Besides the adapters it is the only place that uses the AWS SDK.

mod apply;
mod archive;
mod bus;
mod destroy;
mod function;
mod machine;
mod machine_definition;
mod monitoring;
mod policy;
mod queues;
pub mod replays;
mod review;
pub mod subscribers;
mod tables;
mod topic;

pub use apply::apply;
pub use destroy::destroy;
