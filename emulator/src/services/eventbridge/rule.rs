//! A rule: a pattern, a state and targets.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::target::Target;
use crate::kernel::{Arn, Name};
use crate::services::shared::pattern::EventPattern;

/// Whether a rule looks at events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum RuleState {
    #[default]
    Enabled,
    Disabled,
    EnabledWithAllCloudtrailManagementEvents,
}

impl RuleState {
    const WORDS: [(Self, &str); 3] = [
        (Self::Enabled, "ENABLED"),
        (Self::Disabled, "DISABLED"),
        (
            Self::EnabledWithAllCloudtrailManagementEvents,
            "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
        ),
    ];

    pub(super) fn as_str(self) -> &'static str {
        Self::WORDS.iter().find(|(state, _)| *state == self).map_or("", |(_, word)| word)
    }

    pub(super) fn from_word(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(_, text)| *text == word).map(|(state, _)| *state)
    }
}

/// One rule of a bus.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Rule {
    pub(super) name: String,
    pub(super) arn: Arn,
    pub(super) description: Option<String>,
    pub(super) pattern: EventPattern,
    pub(super) state: RuleState,
    pub(super) role_arn: Option<String>,
    pub(super) tags: BTreeMap<String, String>,
    /// By their ids.
    pub(super) targets: BTreeMap<String, Target>,
    pub(super) lineage: Name,
}
