//! One file an operation: what it reads, what it answers, what it does.

pub mod get_caller_identity;
