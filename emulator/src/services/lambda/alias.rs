//! Aliases: names of versions, which may share out invocations between two.

use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// One alias.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Alias {
    /// `$LATEST` or a number.
    pub(super) version: String,
    pub(super) description: String,
    /// Another version, and the share of invocations that it gets.
    pub(super) other: Option<(String, f64)>,
    pub(super) revision: Arc<str>,
}

impl Alias {
    /// The version of one invocation.
    pub(super) fn draw(&self, draw: impl FnOnce() -> f64) -> String {
        match &self.other {
            Some((version, weight)) if draw() < *weight => version.clone(),
            _ => self.version.clone(),
        }
    }

    /// Whether it leads to a version.
    pub(super) fn leads_to(&self, version: &str) -> bool {
        self.version == version || self.other.as_ref().is_some_and(|other| other.0 == version)
    }
}
