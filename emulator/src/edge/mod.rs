//! Sockets and the wall clock: the HTTP server around a cloud, and the `skyrig` program.
//!
//! The only code of this package that does I/O.

mod admin;
mod asking;
mod attaching;
mod attachments;
mod body;
pub mod cli;
mod client;
mod clock;
mod connection;
mod connections;
mod credentials;
mod dashboards;
mod explain;
mod functions;
mod http;
mod journal;
mod kept;
mod limits;
mod localstack;
mod log;
mod metrics;
mod outbound;
mod outside;
mod server;
mod signals;
mod spelling;
mod tail;
#[cfg(test)]
mod tests;
mod tls;
mod visitors;

pub use ::visitors::{AllowedHost, AllowedOrigin, Visitors};
pub use clock::{ClockError, Mode, WallClock};
pub use functions::{FunctionError, FunctionPlace, FunctionRunner, FunctionSettings};
pub use journal::{DataSettings, JournalError, SyncMode, WhileDown};
pub use outbound::{AllowedOutbound, AllowedOutboundError, CaError, OutboundSettings};
pub use server::{ServeError, Server, ServerSettings};
pub use tls::{TlsError, TlsSettings};
