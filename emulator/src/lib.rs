//! skyrig: a deterministic emulator of AWS's messaging services that every AWS SDK can talk to,
//! offline.
//!
//! [`Cloud`] is a whole AWS as one value: `(now, request)` in, reply and effects out. The feature
//! `edge` puts an HTTP server around it (and is the binary `skyrig`); the feature `sdk` gives AWS
//! SDK clients in the same process a way in without a socket.

pub mod cloud;
pub mod kernel;
pub mod services;
pub mod wire;

pub use cloud::{Cloud, Registry};
pub use kernel::{PolicyMode, Settings};
pub use wire::Timestamp;
