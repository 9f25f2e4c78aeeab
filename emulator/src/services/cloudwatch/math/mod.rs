//! Metric math: queries of metrics, expressions on them, `SEARCH` and Metrics Insights.
//!
//! [`evaluate`] is the way in, for GetMetricData, alarms and pictures alike. It knows metrics and
//! times; who asks and what becomes of the answer, it does not know.

mod arrays;
mod band;
mod calls;
mod error;
mod evaluation;
mod functions;
mod insights;
mod labels;
mod lexer;
mod parser;
mod queries;
mod reading_calls;
mod reading_metrics;
mod search;
mod search_tokens;
mod syntax;
#[cfg(test)]
mod tests;
mod value;
mod window;

pub(super) use evaluation::{Evaluated, Message, evaluate};
pub(super) use queries::{check_queries, selected, wanted};
pub(super) use window::{Asked, Window, minutes_ahead};
