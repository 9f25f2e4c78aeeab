//! The emulator inside the caller's own process, for AWS SDK clients, without a socket.
//!
//! Time is tokio's: on a runtime with paused time (`#[tokio::test(start_paused = true)]`) long
//! polls, retries and back-off are virtual, otherwise they are real.

mod clock;
mod connector;
mod emulator;
mod endpoints;
mod functions;
mod outside;

pub use emulator::{Emulator, EmulatorBuilder};
pub use endpoints::EndpointError;
pub use functions::{FunctionContext, NoFunction};
