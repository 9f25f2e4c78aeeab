//! Scripted scenarios: a story in YAML, played against a system in virtual or real time.
//!
//! The harness reads a script, plays its steps against a [`World`] and judges its expectations.
//! It knows nothing of what the system does; the system plugs in its own actions and
//! observations by name.

pub mod aws;
pub mod catalog;
pub mod check;
pub mod clock;
pub mod explain;
pub mod explore;
pub mod faults;
pub mod junit;
mod markup;
pub mod page;
pub mod print;
pub mod processes;
#[cfg(feature = "simulated")]
pub mod record;
pub mod rehearse;
pub mod report;
pub mod runner;
pub mod script;
pub mod stage;
mod symptom;
pub mod timeline;
pub mod world;

pub use catalog::{Argument, Catalog, Kind, Signature};
pub use clock::Clock;
pub use faults::Faults;
pub use processes::{Disturbance, Processes};
pub use report::Run;
pub use script::Script;
pub use symptom::Symptom;
pub use timeline::Timeline;
pub use world::{Arguments, World, WorldError, text};
