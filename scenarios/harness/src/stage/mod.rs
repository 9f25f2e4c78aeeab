//! Where a scenario is played: in one simulated process, or by real processes on this machine.

mod faults;
mod http;
pub mod local;
pub mod simulated;

pub use faults::OBSERVER;
