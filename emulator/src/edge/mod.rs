//! Sockets and the wall clock: the HTTP server around a cloud, and the `skyrig` program.
//!
//! The only code of this package that does I/O.

mod admin;
mod body;
pub mod cli;
mod clock;
mod connection;
mod connections;
mod credentials;
mod dashboards;
mod http;
mod limits;
mod localstack;
mod log;
mod server;
mod signals;
mod spelling;
#[cfg(test)]
mod tests;
mod visitors;

pub use ::visitors::{AllowedHost, AllowedOrigin, Visitors};
pub use clock::{ClockError, Mode, WallClock};
pub use server::{ServeError, Server, ServerSettings};
