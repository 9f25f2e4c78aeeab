//! restJson1: the method and path name the operation, and members stand in path, query, headers and
//! body. A request's members are put together to the JSON of one structure, and an answer's are
//! taken apart again, so that an operation and its fault rules see what they see in awsJson.
//!
//! Source: Smithy 2.0, "HTTP bindings" and "AWS restJson1 protocol".

mod read;
mod route;
mod whole;
mod write;

#[cfg(test)]
mod tests;

pub use read::members;
pub use route::{Binding, Kind, Place, Route};
pub use whole::Whole;
pub(in crate::wire) use write::answer;
