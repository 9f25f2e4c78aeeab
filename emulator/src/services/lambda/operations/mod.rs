//! One file an operation: what it reads, what it answers, what it does.

pub mod create_function;
pub mod delete_function;
pub mod get_function;
pub mod get_function_configuration;
pub mod invoke;
pub mod invoke_async;
pub mod list_functions;
