//! Where a scenario is played: in one simulated process, or by real processes on this machine.

mod detail;
mod faults;
mod http;
pub mod local;
pub mod simulated;

pub use detail::Detail;
pub use faults::OBSERVER;
