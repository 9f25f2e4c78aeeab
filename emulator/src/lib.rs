//! skyrig: a deterministic emulator of AWS's messaging services that every AWS SDK can talk to,
//! offline.
//!
//! [`Cloud`] is a whole AWS as one value: `(now, request)` in, reply and effects out. The feature
//! `edge` puts an HTTP server around it (which the program in `cli/` serves); the feature `sdk`
//! gives AWS SDK clients in the same process a way in without a socket.

pub mod cloud;
#[cfg(feature = "edge")]
pub mod edge;
#[cfg(any(feature = "edge", feature = "sdk"))]
pub mod host;
pub mod kernel;
#[cfg(feature = "sdk")]
mod sdk;
pub mod services;
pub mod wire;

pub use cloud::{Cloud, Registry, registry};
pub use kernel::{
    FaultEffect, FaultReport, FaultRule, Lifecycle, PolicyMode, Settings, SignatureMode,
    SigningMode,
};
#[cfg(feature = "sdk")]
pub use sdk::{Emulator, EmulatorBuilder, EndpointError, FunctionContext, NoFunction};
pub use wire::Timestamp;
