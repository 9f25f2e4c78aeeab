//! The program's log on standard error. It can neither fail nor hold up a call: who has something
//! to say hands a line over and goes on, and a thread writes it.
//!
//! Lines that nobody takes are dropped and counted. A warning that repeats is counted, and told
//! again once a minute. Knows nothing of what is logged.

mod lines;
mod repeats;
mod settings;
mod writer;

pub(super) use lines::Log;
