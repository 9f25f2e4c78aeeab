//! Amazon DynamoDB: tables, items, expressions and transactions.
//!
//! Knows no other service. Items enter and leave a table through `Table::replace` and nowhere else.

mod activity;
pub mod attribute_value;
mod backup;
mod batch;
mod capacity;
mod collection_metrics;
mod contributor_insights;
mod describe;
mod encryption;
mod error;
mod expression;
mod expressions;
mod global_table;
mod index_definition;
mod index_update;
pub mod item;
mod item_read;
mod item_write;
mod java_text;
mod key_value;
mod kinesis;
mod legacy;
mod map;
mod model;
mod model_inputs;
pub mod number;
mod operation_table;
pub mod operations;
mod paging;
mod partiql;
mod raw_member;
pub mod raw_value;
mod reading;
mod recovery;
mod regions;
mod replica_update;
mod replication;
mod resource_policy;
mod restore;
mod return_values;
mod segment;
mod selection;
mod settings;
pub mod shapes;
mod shown_item;
mod state;
mod store;
mod streaming;
pub mod streams;
mod table_update;
mod tags;
#[cfg(test)]
mod tests;
mod throttling;
mod throughput;
mod time_to_live;
mod transact;
mod transaction;
mod validation;
mod warm_throughput;

pub use error::{DynamoDbError, error_rows};
pub use operation_table::{SERVICE, table};
pub use state::DynamoDb;
