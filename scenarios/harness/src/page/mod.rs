//! Runs as one HTML page that needs nothing else: no network, no files beside it.

mod chart;
mod document;
mod sequence;
mod style;
mod trees;

pub use document::document;

#[cfg(test)]
mod tests;
