//! The script language: reading, checking, captures, writing and its JSON Schema.

mod captures;
mod checked;
mod checker;
mod condition;
mod locate;
mod nemesis;
mod parse;
mod schema;
mod span;
mod step;
mod syntax;

pub(crate) use captures::{EACH, NUMBER};
pub(crate) use locate::{Way, locate};
pub(crate) use nemesis::{KILL, PAUSE, RESTART};

pub use captures::Captures;
pub use condition::{Comparisons, Condition, Expectation, Mode};
pub use nemesis::{FAULTS, Match, MustFire, Nemesis};
pub(crate) use parse::syntax;
pub use parse::{ScriptError, ScriptErrors, parse, read};
pub use schema::json_schema;
pub use span::Span;
pub use step::{Per, Rate, Repeat, Start, Step};
pub use syntax::{Act, Invariants, Script};

#[cfg(test)]
mod tests;
