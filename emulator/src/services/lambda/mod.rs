//! AWS Lambda: functions with their versions and aliases, and who may do what with them.
//!
//! Knows what a function is, not how its code is run: that is asked of the world outside
//! (`kernel::Invocation`). Nothing of a function that is not called has a timer.

mod address;
mod alias;
mod code;
mod code_signing;
mod concurrency;
mod configuration;
mod constraint;
mod creation;
mod environment;
mod error;
mod event_invoke;
mod function;
mod function_url;
mod hooks;
mod invoke;
mod layer;
mod map;
pub mod mapping;
mod operation_table;
pub mod operations;
pub mod package;
mod page;
mod permission;
mod runtime;
mod runtime_management;
mod settings;
pub mod shapes;
mod state;
mod tagging;
#[cfg(test)]
mod tests;
mod url;
mod version;

pub use error::{LambdaError, error_rows};
pub use operation_table::{SERVICE, table};
pub use state::Lambda;
pub use url::table as url_table;
