//! What the system does with a command or an event: load, decide, commit; ask the gateway; write
//! a notification. It knows no queue and no HTTP.

pub mod audit;
mod context;
mod draft;
pub mod feed;
pub mod figures;
pub mod health;
pub mod inventory;
pub mod mailbox;
pub mod notifications;
pub mod orders;
pub mod payments;
pub mod projections;
pub mod records;
pub mod refused;
pub mod saga;
pub mod shipping;
pub mod stored;
pub mod subscribers;
pub mod trail;

pub use context::{App, Deps};
pub use draft::{Cause, CommandError};
