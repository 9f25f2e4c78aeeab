//! The deterministic core: a cloud is a value.
//!
//! `(now, input)` in, a reply and effects out. Knows no socket, thread, file, clock or random
//! source; same seed and same inputs, same bytes out.

mod call;
mod core;
mod delivery;
mod explain;
mod faults;
mod metrics;
mod registry;
mod retry;
mod services;
mod snapshot;
#[cfg(test)]
pub(crate) mod testing;

pub use call::{Call, Handled, ReplyFormat};
pub use core::Cloud;
pub use faults::Fate;
#[cfg(feature = "edge")]
pub(crate) use registry::BODY_BYTES_MAX;
pub use registry::{OperationShapes, Registry};
pub use snapshot::SnapshotError;
