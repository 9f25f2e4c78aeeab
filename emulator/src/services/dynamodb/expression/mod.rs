//! The expression language: conditions, key conditions, projections and updates.
//!
//! Text in, checked trees out, and what they do to an item. Knows nothing of tables, except that a
//! key condition is matched against a key's attribute names and types.

mod condition;
mod condition_parser;
mod error;
mod evaluate;
mod function;
mod key_condition;
mod path;
mod placeholders;
mod projection;
mod reserved_words;
#[cfg(test)]
mod tests;
mod tokens;
mod update;
mod update_apply;
mod update_parser;

pub(crate) use condition::{Comparator, Condition, Operand};
pub(crate) use condition_parser::parse_condition;
pub(crate) use error::{ExpressionError, ExpressionKind, UpdateError};
pub(crate) use evaluate::holds;
pub(crate) use key_condition::{
    KEY_ATTRIBUTES_MAX, KeyCondition, KeyConditionError, KeyTests, SortCondition, SortRange,
    parse_key_condition,
};
pub(crate) use path::{DocumentPath, PathElement, check_apart};
pub(crate) use placeholders::Placeholders;
pub(crate) use projection::{Projection, parse_projection};
pub(crate) use update::{Action as UpdateAction, SetOperand, SetValue, Update};
pub(crate) use update_apply::apply;
pub(crate) use update_parser::parse_update;
