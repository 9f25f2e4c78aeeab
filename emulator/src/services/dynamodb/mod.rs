//! Amazon DynamoDB: tables, items, expressions and transactions.
//!
//! Knows no other service. Items enter and leave a table through `Table::replace` and nowhere else.

mod activity;
pub mod attribute_value;
mod capacity;
mod collection_metrics;
mod describe;
mod error;
mod expression;
mod expressions;
mod index_definition;
mod item_read;
mod item_write;
mod key_value;
pub mod number;
mod operation_table;
pub mod operations;
mod paging;
pub mod raw_value;
mod return_values;
mod segment;
mod selection;
mod settings;
pub mod shapes;
mod state;
mod store;
mod streaming;
pub mod streams;
#[cfg(test)]
mod tests;
mod transaction;

pub use error::{DynamoDbError, error_rows};
pub use operation_table::{SERVICE, table};
pub use state::DynamoDb;
