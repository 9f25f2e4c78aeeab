//! Sockets and the wall clock: the HTTP server around a cloud.
//!
//! The only code of this package that does I/O.

mod admin;
mod attachments;
mod body;
mod clock;
mod connection;
mod connections;
mod console;
mod dashboards;
mod developer;
mod explain;
mod functions;
mod http;
mod journal;
mod kept;
mod limits;
mod localstack;
mod outbound;
mod outside;
mod recording;
mod rehearsal;
mod server;
mod snapshots;
mod spelling;
mod stages;
mod status;
#[cfg(test)]
mod tests;
mod tls;
mod visitors;
mod worlds;

pub use ::visitors::{AllowedHost, AllowedOrigin, Visitors};
pub use attachments::Attached;
pub use clock::{ClockError, Mode, WallClock, machine_time};
pub use functions::{
    FunctionError, FunctionPlace, FunctionRunner, FunctionSettings, HELD, Supervise,
};
pub use journal::{DataSettings, JournalError, SyncMode, WhileDown};
pub use outbound::{AllowedOutbound, AllowedOutboundError, CaError, OutboundSettings};
pub use server::{ServeError, Server, ServerSettings};
pub use stages::{ScriptState, Stage, Stages};
pub use tls::{TlsError, TlsSettings};
pub use worlds::WorldSettings;
