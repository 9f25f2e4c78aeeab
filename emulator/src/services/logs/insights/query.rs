//! A query as it was read.

use super::command::Command;
use super::parser;

/// Why a text is no query, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct QueryError {
    pub message: String,
    /// Where in the text it begins and ends, in characters.
    pub start: usize,
    pub end: usize,
}

/// A query: its commands, in order.
#[derive(Debug)]
pub struct Query {
    pub(super) commands: Vec<Command>,
}

impl Query {
    /// Reads a query.
    ///
    /// # Errors
    /// [`QueryError`] with the place. Commands of AWS's that are not here are named.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        Ok(Self { commands: parser::commands(text)? })
    }
}
