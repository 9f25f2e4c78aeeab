//! Figures from events: what a stream processor computes, as pure functions of what it read.
//!
//! `docs/analytics.md` says what each figure means. There is no I/O here, no clock, and no broker.

pub mod board;
pub mod customer_task;
pub mod detector;
pub mod event;
pub mod minute;
mod order_facts;
pub mod order_task;
pub mod pattern;
mod rows;
pub mod scoring;
pub mod sketch;
pub mod synthetic;
#[cfg(test)]
mod testing;
pub mod traffic;
pub mod watermark;
pub mod window;

pub use board::{Board, Figures};
pub use customer_task::{CustomerHead, CustomerSettings, CustomerTask, CustomerTotals};
pub use detector::{AlarmChange, Detector, DetectorSettings, Verdict};
pub use event::{CancelCause, Fact, Undecodable};
pub use minute::{ByCurrency, Counts, Minute, ProductStock, Totals};
pub use order_task::{Head, OrderTask, Outcome, ROWS_PER_FACT_MAX, Settings};
pub use pattern::{Match, Pattern};
pub use rows::{Change, RestoreError};
pub use scoring::{Features, Score, ScoringModel, StockOutBaseline};
pub use window::{Merge, MinuteNumber};
