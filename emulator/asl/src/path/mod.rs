//! JSONPath as Step Functions has it: the Java library's dialect (Jayway), over the state's input,
//! the context object (`$$`) and variables (`$name`).

mod cursor;
mod evaluate;
mod filter;
mod parse;
mod place;

use std::fmt;

pub(crate) use cursor::Cursor;
pub use evaluate::{Found, Problem};
use filter::Filter;

/// Where a path begins.
#[derive(Clone, Debug, PartialEq)]
pub enum Root {
    /// `$`: the input of the state, or what has become of it.
    Input,
    /// `$$`: the context object.
    Context,
    /// `$name`.
    Variable(String),
}

/// A path that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    text: String,
    root: Root,
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq)]
enum Step {
    /// `.name`, `['name']`
    Member(String),
    /// `['a','b']`
    Members(Vec<String>),
    /// `[0]`, `[-1]`
    Index(i64),
    /// `[0,2]`
    Indices(Vec<i64>),
    /// `[1:3]`
    Slice(Option<i64>, Option<i64>),
    /// `.*`, `[*]`
    Every,
    /// `..`: the values of every depth, to which the next step applies.
    Descend,
    /// `[?(...)]`
    Matching(Filter),
    /// `.length()`
    Length,
}

/// A text that is no path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    pub message: String,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Malformed {}

impl Path {
    /// The path as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    #[must_use]
    pub fn root(&self) -> &Root {
        &self.root
    }

    /// Whether it names one place at most, as a reference path must.
    #[must_use]
    pub fn is_definite(&self) -> bool {
        let one = |step: &Step| matches!(step, Step::Member(_) | Step::Index(_) | Step::Length);
        self.steps.iter().all(one)
    }

    /// Whether it names a place that can be written to: names and indices only.
    #[must_use]
    pub fn is_reference(&self) -> bool {
        let named = |step: &Step| matches!(step, Step::Member(_) | Step::Index(_));
        self.steps.iter().all(named)
    }

    /// Whether it is the root itself.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.steps.is_empty()
    }
}
