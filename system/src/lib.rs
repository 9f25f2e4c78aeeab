//! An event-driven order system on the AWS SDKs.
//!
//! Orders, stock and payments are event-sourced in DynamoDB; an outbox carries their events to
//! EventBridge, rules route them to one SQS queue a role, and a saga leads each order to delivery
//! or back to where it began. The library reads no clock, no random source and (its command line
//! apart) no environment: [`Deps`] brings them in, and [`System::start`] runs any subset of the
//! roles with them.

pub mod adapters;
pub mod analytics;
pub mod app;
pub mod cli;
pub mod config;
pub mod contracts;
pub mod dead_letters;
pub mod domain;
mod failure;
mod gate;
pub mod infra;
pub mod metrics;
pub mod outbox;
pub mod ports;
mod quotes;
pub mod resilience;
pub mod role;
pub mod roles;
mod system;
mod tasks;
pub mod telemetry;
pub mod trace;

pub use adapters::aws::Aws;
pub use app::{App, Deps};
pub use config::{Config, FunctionSettings, Names, Timing, TimingProfile};
pub use failure::{Dependency, Failure};
pub use gate::Gate;
pub use role::{Role, Saga};
pub use system::{Function, Running, System};
pub use telemetry::{Collector, Telemetry};
