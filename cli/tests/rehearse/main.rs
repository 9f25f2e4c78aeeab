//! `skyrig rehearse`, as its users run it: with real processes in Python.
//!
//! A test whose interpreter or library is not there says SKIPPED.

#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod examples;
mod init;
mod stage;
mod time;
mod words;
