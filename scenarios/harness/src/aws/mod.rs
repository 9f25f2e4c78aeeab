//! Words for AWS itself: what scripts of any system can have done to its queues, topics, tables and
//! machines, and what they can see of them.
//!
//! They ask the emulator's own pages, in JSON, so no AWS SDK is needed and fault rules pass them
//! by. A world puts them beside its own words: [`ACTIONS`] and [`OBSERVATIONS`] for its catalog,
//! [`act`] and [`observe`] to do what they say.

mod actions;
mod conserved;
mod door;
mod items;
mod messages;
mod observations;
mod runs;
mod tables;
mod watching;
mod words;

pub use conserved::Queues;
pub(crate) use conserved::lost;
pub use door::{Aws, Depth, UnderWay};
pub use words::{ACTIONS, OBSERVATIONS, act, is_action, is_observation, observe};
