//! A rule: a pattern or a schedule or both, a state and targets.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::activity::Activity;
use super::error::EventsError;
use super::schedule::RuleSchedule;
use super::target::Target;
use crate::kernel::{Arn, Mismatch, Name};
use crate::services::shared::pattern::{Event, EventPattern};

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
    pub(super) pattern: Option<EventPattern>,
    pub(super) schedule: Option<RuleSchedule>,
    /// The service of AWS's that manages it.
    pub(super) managed_by: Option<String>,
    pub(super) state: RuleState,
    pub(super) role_arn: Option<String>,
    pub(super) tags: BTreeMap<String, String>,
    /// By their ids.
    pub(super) targets: BTreeMap<String, Target>,
    pub(super) lineage: Name,
    pub(super) activity: Activity,
}

impl Rule {
    /// Whether the pattern, if there is one, matches an event.
    pub(super) fn matches(&self, event: &Event<'_>) -> bool {
        self.pattern.as_ref().is_some_and(|pattern| pattern.matches_event(event))
    }

    /// Why the pattern does not match; empty if it does.
    pub(super) fn mismatches(&self, event: &Event<'_>) -> Vec<Mismatch> {
        match &self.pattern {
            Some(pattern) => pattern.mismatches(event),
            None => vec![Mismatch::because("the rule has a schedule and no event pattern")],
        }
    }

    /// The pattern as it was given.
    pub(super) fn pattern_text(&self) -> Option<String> {
        self.pattern.as_ref().map(|pattern| pattern.as_str().to_owned())
    }

    /// The schedule expression as it was given.
    pub(super) fn schedule_text(&self) -> Option<String> {
        self.schedule.as_ref().map(|schedule| schedule.expression.as_str().to_owned())
    }

    /// Whether a client may change the rule: not one that a service manages, unless it insists.
    ///
    /// # Errors
    /// `ManagedRuleException`.
    pub(super) fn check_not_managed(&self, force: Option<bool>) -> Result<(), EventsError> {
        match &self.managed_by {
            Some(by) if force != Some(true) => {
                Err(EventsError::ManagedRule { rule: self.name.clone(), by: by.clone() })
            }
            _ => Ok(()),
        }
    }
}
