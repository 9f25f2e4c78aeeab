//! One file an operation: what it reads, what it answers, what it does.

pub mod describe_stream;
pub mod get_records;
pub mod get_shard_iterator;
pub mod list_streams;
