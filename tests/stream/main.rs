//! The contract of the port `Stream`: one list of cases for the log in memory, librdkafka's mock
//! cluster in this process, and any broker that the environment names.

#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod contract;
mod kafka;
mod memory;
mod reader;
mod restart;
mod world;
