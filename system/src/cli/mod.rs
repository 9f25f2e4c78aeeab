//! The command line: flags and environment variables become settings, settings become calls into
//! the library, failures become one line each.

mod args;
mod audit;
mod connect;
mod cost;
mod detector;
mod dlq;
mod entry;
mod function;
mod infra;
mod load;
mod log;
mod mail;
mod order;
mod print;
mod projections;
mod replay;
mod run;
mod server;
mod signals;
mod stream;
mod subscribers;
mod telemetry;

pub use cost::{Estimate, estimate};
pub use entry::main_from;
