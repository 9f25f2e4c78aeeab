//! Rules that AWS manages: each archive gets its events by one, `Events-Archive-<name>`.
//!
//! They are listed and described like others, and refuse to be changed. The archive itself looks at
//! the events, so these rules stand in no index and have no targets.

use serde_json::json;

use super::archive::REPLAY_NAME;
use super::bus::Bus;
use super::rule::{Rule, RuleState};
use super::state::DEFAULT_BUS;
use crate::kernel::Context;
use crate::services::shared::pattern::EventPattern;

/// Who manages them.
///
/// Source: user guide "Archiving and replaying events" and lists of rules that users show.
const MANAGER: &str = "prod.vhs.events.aws.internal";

/// What the name of an archive's rule begins with.
const PREFIX: &str = "Events-Archive-";

impl Bus {
    /// Makes the archive's rule anew, as its settings are.
    // Unverified: the pattern of an archive with one of its own.
    pub(super) fn put_rule_of_archive(
        &mut self,
        ctx: &mut Context<'_>,
        archive: &str,
        own: Option<&EventPattern>,
    ) {
        let name = format!("{PREFIX}{archive}");
        let arn = match self.name.as_str() {
            DEFAULT_BUS => ctx.arn(format!("rule/{name}")),
            bus => ctx.arn(format!("rule/{bus}/{name}")),
        };
        let rule = Rule {
            lineage: ctx.name(&arn.to_string()),
            arn,
            description: None,
            pattern: pattern(own),
            schedule: None,
            managed_by: Some(MANAGER.to_owned()),
            state: RuleState::Enabled,
            role_arn: None,
            tags: Default::default(),
            targets: Default::default(),
            activity: Default::default(),
            name: name.clone(),
        };
        self.rules.insert(name, rule);
    }

    pub(super) fn delete_rule_of_archive(&mut self, archive: &str) {
        self.rules.remove(&format!("{PREFIX}{archive}"));
    }

    /// Whether the archive still has the rule by which it gets its events.
    pub(super) fn feeds(&self, archive: &str) -> bool {
        self.rules.contains_key(&format!("{PREFIX}{archive}"))
    }

    /// Rules that clients have made.
    pub(super) fn count_own_rules(&self) -> usize {
        self.rules.values().filter(|rule| rule.managed_by.is_none()).count()
    }
}

/// The archive's pattern, and that no replay has put the event.
fn pattern(own: Option<&EventPattern>) -> Option<EventPattern> {
    let own = own.map_or("{}", EventPattern::as_str);
    let own = own.trim_end().strip_suffix('}')?.trim_end();
    let comma = if own.ends_with('{') { "" } else { "," };
    let not_replayed = json!([{"exists": false}]);
    EventPattern::parse(&format!("{own}{comma}\"{REPLAY_NAME}\":{not_replayed}}}")).ok()
}
