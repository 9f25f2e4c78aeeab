//! The deterministic core: a cloud is a value.
//!
//! `(now, input)` in, effects out, through one door. Knows no socket, thread, file, clock or random
//! source; same seed and same inputs, same bytes out.

mod authentication;
mod call;
mod calling;
#[cfg(test)]
mod conservation;
mod core;
mod delivery;
#[cfg(any(test, feature = "snapshots"))]
mod difference;
mod driver;
mod effect;
mod entry;
mod explain;
mod faults;
mod input;
pub mod journal;
mod metrics;
#[cfg(feature = "edge")]
mod peek;
mod registry;
#[cfg(any(test, feature = "snapshots"))]
mod restore;
#[cfg(any(test, feature = "snapshots"))]
mod saved;
#[cfg(any(test, feature = "snapshots"))]
mod script;
mod services;
#[cfg(any(test, feature = "state-bytes"))]
mod snapshot;
#[cfg(test)]
pub(crate) mod testing;
mod whole;

pub use call::Call;
pub use core::Cloud;
pub use driver::{Driver, Recorded, request};
pub use effect::{AnswerFault, Effect, Effects, Part, Reply};
pub use explain::{Arrival, Due, Lost, Revision, Sender, Why};
pub use input::{HttpRequest, Input};
#[cfg(feature = "edge")]
pub(crate) use peek::Wanted;
#[cfg(any(test, feature = "shapes"))]
pub use registry::OperationShapes;
#[cfg(any(feature = "edge", feature = "sdk"))]
pub(crate) use registry::REJECTED;
#[cfg(feature = "edge")]
pub(crate) use registry::{BODY_BYTES_MAX, DEFAULT_REGION};
pub use registry::{Registry, registry};
#[cfg(any(test, feature = "snapshots"))]
pub use restore::{SnapshotError, Waiting};
#[cfg(any(test, feature = "snapshots"))]
pub use saved::{Saved, SavedError};
#[cfg(any(test, feature = "snapshots"))]
pub use script::{Answer, Answered, Line, Script, ScriptError, Step};
#[cfg(feature = "edge")]
pub(crate) use snapshot::VERSION as STATE_VERSION;
