//! CloudWatch's error for members that break their model's constraints.
//!
//! Operations on metrics have findings of their own; those on alarms and dashboards report these.

use super::error::CloudWatchError;
use crate::services::shared::constraint::Broken;
pub(super) use crate::services::shared::constraint::Constraints;

impl From<Broken> for CloudWatchError {
    fn from(Broken(text): Broken) -> Self {
        Self::Validation(text)
    }
}
