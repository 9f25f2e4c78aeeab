//! The services of the system. Each has its own queue, its own dead-letter queue and the rules
//! that route events to it; all but the API are consumers.

mod analytics;
pub mod api;
mod audit;
mod batch;
mod bridge;
mod carrier;
mod consumer;
mod coordinated;
mod error_handler;
mod function;
mod handler;
mod incoming;
mod notifications;
mod participants;
mod projector;
mod sequencer;
mod timers;

pub(crate) use analytics::{Keeper, Processor, topics, topics_read};
pub use analytics::{WEEK as LEARNED_WEEK, learn};
pub(crate) use consumer::Consumer;
pub(crate) use error_handler::ErrorHandler;
pub(crate) use function::work_on_event;
pub(crate) use handler::Handler;
pub use incoming::readable;
pub use notifications::inbox_key;
pub(crate) use sequencer::Sequencer;
