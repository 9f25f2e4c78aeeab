//! PartiQL: statements that select, insert, update and delete.
//!
//! A statement's text becomes a tree whose conditions and updates are those of expressions; what it
//! does goes the ways of the other operations.
//! Source: Developer Guide, "PartiQL reference for DynamoDB". Unverified: the words behind
//! "Statement wasn't well formed", where no user has reported them.

mod access;
mod condition;
mod parser;
mod run;
mod statement;
#[cfg(test)]
mod tests;
mod tokens;
mod value;
mod write;

pub(super) use run::{Page, keyed, select, write};
pub(super) use statement::{Statement, parse};
pub(super) use write::planned;
