//! Invocations: runs that somebody waits for, events that nobody waits for, and what is told of
//! both in logs, metrics and to destinations.
//!
//! Who runs the code is not known here: a run is asked of the world outside, and its end is an
//! answer. Only events that have to be tried again have timers.

mod activity;
mod asked;
mod delivery;
mod ending;
mod event;
mod explain;
mod log;
mod record;
mod run;
mod sending;
mod state;
#[cfg(test)]
mod tests;

pub(super) use asked::{
    Asked, EVENT_BYTES_MAX, PAYLOAD_BYTES_MAX, Refusal, client_context, is_json,
};
pub(super) use event::EVENT;
pub(super) use run::{RUN, Waits};
pub(super) use sending::SENDING;
pub(super) use state::Invocations;

use crate::kernel::Principal;

/// Lambda as policies name it.
pub(super) const PRINCIPAL: Principal = Principal::of("lambda.amazonaws.com");
