//! skyrig: a deterministic emulator of AWS's messaging services.

pub mod services;
pub mod wire;
