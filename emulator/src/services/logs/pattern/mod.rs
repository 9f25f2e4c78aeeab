//! Filter patterns: which log events a metric filter, a subscription filter or a search is about.
//!
//! Three languages, told apart by the first letter: words, `[fields parted by blanks]` and
//! `{ conditions on JSON }`. Knows messages and nothing of groups, streams or filters.
//!
//! Source: user guide "Filter pattern syntax for metric filters, subscription filters, filter log
//! events, and Live Tail".

mod cursor;
mod event;
mod fields;
mod filter_pattern;
mod json;
mod regex;
mod selector;
#[cfg(test)]
mod tests;
mod value;
mod words;

pub(super) use event::Event;
pub use filter_pattern::{FilterPattern, FilterPatternError};
