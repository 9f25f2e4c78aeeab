//! The services of the system. Each has its own queue, its own dead-letter queue and the rules
//! that route events to it; all but the API are consumers.

pub mod api;
mod consumer;
mod fulfilment;
mod handler;
mod incoming;
mod notifications;
mod participants;
mod projector;
mod role;
mod subscriptions;

pub(crate) use consumer::Consumer;
pub(crate) use handler::Handler;
pub use notifications::inbox_key;
pub use role::Role;
pub use subscriptions::{Subscription, subscriptions};
