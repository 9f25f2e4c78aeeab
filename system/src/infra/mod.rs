//! Makes, compares and removes the AWS resources of one system, all from one description of them.
//! All of it can be repeated at any time.
//!
//! Besides the adapters it is the only place that uses the AWS SDK.

mod alarms;
mod apply;
mod archive;
mod bus;
mod composites;
mod description;
mod destroy;
mod diff;
mod function;
mod iam_roles;
mod live;
mod machine;
mod machine_definition;
mod mappings;
mod monitoring;
mod permissions;
mod policy;
mod queues;
mod regions;
pub mod replays;
mod resource;
mod review;
mod rules;
pub mod subscribers;
mod tables;
mod template;
mod topic;

pub use apply::{Applied, Done, apply};
pub use description::describe;
pub use destroy::destroy;
pub use diff::{Difference, What, diff};
pub use permissions::{Principal, Statement, permissions, policy_document};
pub use policy::Transport;
pub use regions::replicate;
pub use resource::{Kind, Resource, Tags};
pub use template::template;
