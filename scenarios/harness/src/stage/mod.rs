//! Where a scenario is played: in one simulated process, or by real processes on this machine.

mod detail;
pub(crate) mod faults;
pub(crate) mod http;
pub mod local;
#[cfg(feature = "simulated")]
pub mod simulated;

pub use detail::Detail;
pub use faults::OBSERVER;
