//! Commands as they were read.

use regex::Regex;

use super::expression::{Aggregation, Expression, Named};

/// One step of a query.
#[derive(Debug)]
pub(super) enum Command {
    /// Makes fields, and shows them.
    Fields(Vec<Named>),
    /// Makes fields, and shows only them.
    Display(Vec<Named>),
    Filter(Expression),
    Parse(Parse),
    Stats(Stats),
    /// Expressions, and whether each sorts downwards.
    Sort(Vec<(Expression, bool)>),
    Limit(usize),
    Dedup(Vec<String>),
    Unnest(Unnest),
}

/// Makes a row of each element of a list.
#[derive(Debug)]
pub(super) struct Unnest {
    /// The field that has the list, and the one for its elements.
    pub(super) of: String,
    pub(super) into: String,
}

/// Takes fields out of a text.
#[derive(Debug)]
pub(super) struct Parse {
    pub(super) of: Expression,
    pub(super) how: How,
}

#[derive(Debug)]
pub(super) enum How {
    /// Texts with a field between each two.
    Glob { texts: Vec<String>, names: Vec<String> },
    /// A regular expression with named groups.
    Match(Regex),
}

/// Makes one row of each group of rows.
#[derive(Debug)]
pub(super) struct Stats {
    /// What is shown; may use what stands before it.
    pub(super) shown: Vec<Named>,
    pub(super) aggregations: Vec<Aggregation>,
    pub(super) by: Vec<Named>,
}
