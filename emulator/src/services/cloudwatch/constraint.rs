//! CloudWatch's error for members that break their model's constraints.
//!
//! Operations on metrics have findings of their own; those on alarms and dashboards report these.

use super::error::CloudWatchError;
use crate::services::shared::constraint::Broken;
pub(super) use crate::services::shared::constraint::Constraints;
use crate::services::shared::model::Model;

/// What requests must be.
pub(super) static MODEL: Model =
    Model::new(include_str!("model.json"), |_, broken| CloudWatchError::from(broken).into());

impl From<Broken> for CloudWatchError {
    fn from(Broken(text): Broken) -> Self {
        Self::Validation(text)
    }
}
