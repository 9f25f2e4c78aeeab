//! What EventBridge knows of why an event did or did not get somewhere, found out when somebody
//! asks.

use std::sync::Arc;

use super::bus::{Bus, Verdict};
use super::event::PRINCIPAL;
use super::input;
use super::rule::{Rule, RuleState};
use super::state::EventBridge;
use crate::kernel::{Arn, Feed, FeedKind, MessageId, Mismatch, Search, TargetInput};
use crate::services::shared::pattern::Event;
use crate::services::shared::policy::{Decision, PolicyRequest};
use crate::wire::Timestamp;

impl EventBridge {
    /// Why each rule did or did not match an event, for every bus that still remembers it.
    pub fn explain(&self, event: MessageId) -> Vec<Verdict> {
        self.buses.values().filter_map(|bus| bus.explain(event, |_| true)).flatten().collect()
    }

    /// The same for the rules that `bus` has; `None` if it has forgotten the event.
    pub fn explain_on(&self, bus: &str, event: MessageId) -> Option<Vec<Verdict>> {
        self.bus_by_arn(bus)?.explain(event, |_| true)
    }

    /// The same for one rule.
    pub fn explain_rule(&self, bus: &str, rule: &str, event: MessageId) -> Option<Vec<Mismatch>> {
        let verdicts = self.bus_by_arn(bus)?.explain(event, |it| it.arn.as_str() == rule)?;
        verdicts.into_iter().next().map(|verdict| verdict.reasons)
    }

    /// What a rule, as it is now, makes of an event for those targets that get something else.
    pub fn inputs(&self, rule: &str, event: MessageId, now: Timestamp) -> Vec<TargetInput> {
        let found = self.buses.values().find_map(|bus| {
            let rule = bus.rules.values().find(|it| it.arn.as_str() == rule)?;
            Some((rule, bus.remembered(event)?))
        });
        found.map_or(Vec::new(), |(rule, envelope)| inputs(rule, envelope, now))
    }

    /// The rules whose target, or whose target's dead-letter queue, is `to`.
    pub fn feeding<'a>(&'a self, to: &'a Arn) -> impl Iterator<Item = Feed> + 'a {
        let rules = self.buses.values().flat_map(|bus| bus.rules.values().map(move |it| (bus, it)));
        rules.filter(|(_, rule)| rule.managed_by.is_none()).flat_map(move |(bus, rule)| {
            let mut kinds = Vec::new();
            let targets = || rule.targets.values();
            if targets().any(|target| target.arn == *to) {
                kinds.push(FeedKind::Rule);
            }
            if targets().any(|target| target.dead_letter.as_ref() == Some(to)) {
                kinds.push(FeedKind::DeadLetters);
            }
            kinds.into_iter().map(move |kind| feed(bus, rule, to, kind))
        })
    }

    /// Why the policy of the bus `to` does not let events of `source` in, if it does not.
    pub fn refusal(&self, to: &Arn, source: &Arn, now: Timestamp) -> Option<String> {
        let Some(bus) = self.bus_by_arn(to.as_str()) else {
            return Some(format!("{to} does not exist"));
        };
        if source.account() == to.account() {
            return None;
        }
        let request = PolicyRequest {
            principal: source.account(),
            session: None,
            action: "events:PutEvents",
            resource: to.as_str(),
            source_arn: Some(source.as_str()),
            source_account: Some(source.account()),
            source_owner: None,
            own_keys: &[],
            now,
        };
        match bus.policy.clone().unwrap_or_default().evaluate(&request) {
            Decision::Allowed => None,
            Decision::Denied { reason, .. } => Some(reason),
        }
    }

    /// Looks for a text in the events that buses still remember, the latest of each first.
    pub fn search(&self, search: &mut Search<'_>) {
        for bus in self.buses.values() {
            let _enough = bus.recent().rev().all(|(id, envelope)| search.look(id, &[envelope]));
        }
    }

    /// The ARNs of all buses.
    pub fn arns(&self) -> impl Iterator<Item = &Arn> {
        self.buses.values().map(|bus| &bus.arn)
    }

    fn bus_by_arn(&self, arn: &str) -> Option<&Bus> {
        self.buses.values().find(|bus| bus.arn.as_str() == arn)
    }
}

impl Bus {
    /// What rules as they are now make of an event that this bus still remembers.
    fn explain(&self, event: MessageId, wanted: impl Fn(&Rule) -> bool) -> Option<Vec<Verdict>> {
        let value: serde_json::Value = serde_json::from_str(self.remembered(event)?).ok()?;
        let fields = Event::new(&value);
        let own = self.rules.values().filter(|rule| rule.managed_by.is_none() && wanted(rule));
        let verdicts = own.map(|rule| {
            let mut reasons = rule.mismatches(&fields);
            if rule.state == RuleState::Disabled {
                reasons.push(Mismatch::because("the rule is disabled"));
            }
            Verdict { rule: rule.arn.to_string(), reasons }
        });
        Some(verdicts.collect())
    }
}

fn inputs(rule: &Rule, envelope: &Arc<str>, now: Timestamp) -> Vec<TargetInput> {
    let other = rule.targets.values().filter(|target| {
        let wire = &target.wire;
        wire.input.is_some() || wire.input_path.is_some() || wire.input_transformer.is_some()
    });
    let input = |target: &super::target::Target| {
        let made = input::body(now, rule, &target.wire, envelope);
        let (body, error) = match made {
            Ok(body) => (Some(body.to_string()), None),
            Err(reason) => (None, Some(reason.to_owned())),
        };
        TargetInput { target: target.arn.to_string(), body, error }
    };
    other.map(input).collect()
}

fn feed(bus: &Bus, rule: &Rule, to: &Arn, kind: FeedKind) -> Feed {
    let mut obstacles = Vec::new();
    if rule.state == RuleState::Disabled {
        obstacles.push("the rule is disabled".to_owned());
    }
    Feed {
        by: rule.arn.to_string(),
        from: bus.arn.to_string(),
        to: to.to_string(),
        source: rule.arn.to_string(),
        principal: PRINCIPAL.as_str().to_owned(),
        kind,
        wants: rule.pattern_text().or_else(|| rule.schedule_text()),
        obstacles,
    }
}
