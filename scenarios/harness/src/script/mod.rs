//! The script language: reading, checking, captures and its JSON Schema.

mod captures;
mod locate;
mod parse;
mod schema;
mod span;
mod syntax;

pub use captures::Captures;
pub use parse::{ScriptError, ScriptErrors, parse, read};
pub use schema::json_schema;
pub use span::Span;
pub use syntax::{Act, Condition, Expectation, Mode, Script, Start, Step, Wanted};

#[cfg(test)]
mod tests;
