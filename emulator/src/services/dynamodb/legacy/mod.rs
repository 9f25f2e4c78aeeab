//! The parameters from before expressions: read into the same trees as expressions.
//!
//! Source: Developer Guide, "Legacy conditional parameters"; texts from users' reports.

mod condition;
mod key_condition;
mod mixing;
#[cfg(test)]
mod tests;
mod update;

pub(super) use condition::{Operator, conditions, expected};
pub(super) use key_condition::key_conditions;
pub(super) use mixing::{Mixing, attributes_to_get};
pub(super) use update::attribute_updates;
