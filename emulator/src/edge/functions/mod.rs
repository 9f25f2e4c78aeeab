//! Lambda functions as processes of this machine, without containers.
//!
//! A process is begun for a version of a function (`environment`), asks for events at a listener
//! of its own (`runtime_api`, `exchange`), and ends with skyrig (`supervisor`). This is no sandbox:
//! the code runs as the user who runs skyrig.

mod attachments;
mod environment;
mod exchange;
mod extensions;
mod home;
mod languages;
mod memory;
mod output;
mod pool;
mod process;
mod runner;
mod runtime_api;
mod supervisor;
mod unpack;
mod variables;

pub use attachments::HELD;
pub use runner::{FunctionError, FunctionPlace, FunctionRunner, FunctionSettings};
pub use supervisor::Supervise;
