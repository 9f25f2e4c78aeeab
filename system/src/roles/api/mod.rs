//! The HTTP API: requests become commands, answers are JSON. Whether the router stands behind a
//! socket or is called directly is up to whoever has it.

mod audit;
mod dead_letters;
mod error;
mod figures;
mod gateway;
mod guard;
mod input;
mod live;
mod openapi;
mod orders;
mod page;
mod problems;
mod router;
mod shed;
mod shipping;
mod stock;
mod subscribers;
mod visitors;

pub use guard::{Guard, InvalidToken, Token};
pub use router::{BODY_BYTES_MAX, CORRELATION_HEADER, IDEMPOTENCY_HEADER, Rehearsal, router};
