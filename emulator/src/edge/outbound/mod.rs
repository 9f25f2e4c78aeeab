//! Calls to HTTP servers outside: for SNS's subscriptions and EventBridge's API destinations.
//!
//! An emulator must not be a way to reach other hosts: every address is judged before it is
//! connected to, and nothing else than what was judged is.

mod address;
mod allowed;
mod call;
mod caller;
mod trust;

pub use allowed::{AllowedOutbound, AllowedOutboundError};
pub(super) use caller::Outbound;
pub use caller::OutboundSettings;
pub use trust::CaError;
