//! Functions as processes of this machine, driven by invocations made by hand.
//!
//! A test of a language whose interpreter is not there says SKIPPED.

#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod begun;
mod code;
mod node;
mod provided;
mod python;
mod supervisor;
