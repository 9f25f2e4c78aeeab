//! DynamoDB: tables, items, expressions and transactions.

pub mod attribute_value;
pub mod expression;
mod key_value;
pub mod number;
pub mod raw_value;
