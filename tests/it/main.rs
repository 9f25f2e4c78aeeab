//! What keeps the project honest, in one binary.

#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod alarms;
mod answers;
mod brief;
mod constraints;
mod core_replay;
mod coverage;
mod error_rows;
mod events;
mod model;
mod model_conformance;
mod operation_facts;
mod repository;
mod routes;
mod safeguards;
mod sdk;
mod tidy;
mod wire_snapshots;
mod world;
