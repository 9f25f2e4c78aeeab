//! Sockets and the wall clock: the HTTP server around a cloud, and the `skyrig` program.
//!
//! The only code of this package that does I/O.

mod admin;
pub mod cli;
mod clock;
mod credentials;
mod http;
mod localstack;
mod log;
mod server;
mod spelling;
mod visitors;

pub use ::visitors::{AllowedHost, AllowedOrigin, Visitors};
pub use clock::{Mode, WallClock};
pub use server::{ServeError, Server, ServerSettings};
