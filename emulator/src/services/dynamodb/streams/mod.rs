//! DynamoDB Streams: what changed in a table, in order, for a day.
//!
//! A service of its own on the wire, but a part of DynamoDB's state: a table writes its stream, and
//! this service only reads. Records enter a stream through `Table::replace`.

mod error;
mod iterator;
mod model_inputs;
mod operation_table;
pub mod operations;
mod record;
mod request;
mod shapes;
mod stream;

pub use error::{StreamsError, error_rows};
pub use operation_table::{SERVICE, table};
pub(crate) use record::{Change, ViewType, image};
pub(crate) use stream::Stream;
