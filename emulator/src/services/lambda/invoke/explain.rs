//! What Lambda knows of why a function did or did not run, found out when somebody asks.

use super::delivery::{named, request};
use crate::kernel::{Arn, Feed, FeedKind, NodeId, short_name};
use crate::services::lambda::state::Lambda;
use crate::services::shared::policy::Decision;
use crate::wire::Timestamp;

impl Lambda {
    /// The ARNs of all functions and their aliases.
    pub fn arns(&self) -> impl Iterator<Item = Arn> {
        self.functions.values().flat_map(|function| {
            let aliases = function.aliases.keys().map(|alias| function.qualified(Some(alias)));
            std::iter::once(function.arn.clone()).chain(aliases)
        })
    }

    /// What is known of a function now, in sentences.
    pub fn describe(&self, arn: &Arn) -> Option<Vec<String>> {
        let (name, _) = named(arn)?;
        let function = self.functions.get(name).filter(|it| it.arn.scope == arn.scope)?;
        let running = self.invocations.running(name);
        let waiting = self.invocations.events.values();
        let waiting = waiting.filter(|event| &*event.asked.function == name).count();
        let mut told = vec![format!("runs: {running} under way; events: {waiting} wait")];
        if let Some(reserved) = function.reserved_concurrency {
            told.push(format!("at most {reserved} may run at once"));
        }
        Some(told)
    }

    /// The functions whose destination, or whose dead-letter queue, is `to`.
    pub fn feeding(&self, to: &Arn) -> Vec<Feed> {
        let mut feeds = Vec::new();
        for function in self.functions.values() {
            let by = function.arn.to_string();
            let mut add = |kind, wants: String| {
                feeds.push(Feed {
                    by: by.clone(),
                    from: by.clone(),
                    to: to.to_string(),
                    source: by.clone(),
                    principal: super::PRINCIPAL.as_str().to_owned(),
                    kind,
                    wants: Some(wants),
                    obstacles: Vec::new(),
                });
            };
            let is_it = |arn: &Option<String>| arn.as_deref() == Some(to.as_str());
            for (qualifier, settings) in &function.event_invoke {
                for (destination, of) in [
                    (&settings.on_success, "events that succeeded"),
                    (&settings.on_failure, "events that failed"),
                ] {
                    if is_it(destination) {
                        add(FeedKind::Destination, format!("records of {of}, of {qualifier}"));
                    }
                }
            }
            if function.all_versions().any(|version| is_it(&version.settings.dead_letter)) {
                add(FeedKind::DeadLetters, "events that failed".to_owned());
            }
        }
        feeds
    }

    /// Why the policy of the function `to` does not let `principal` in on behalf of `source`, if
    /// it does not.
    pub fn refusal(
        &self,
        to: &Arn,
        (principal, source): (&str, &Arn),
        now: Timestamp,
    ) -> Option<String> {
        let found = named(to).and_then(|(name, qualifier)| {
            let function = self.functions.get(name)?;
            qualifier.is_none_or(|it| function.has(it)).then_some((function, qualifier))
        });
        let Some((function, qualifier)) = found else {
            return Some(format!("{to} does not exist"));
        };
        let policy = function.policy(qualifier).cloned().unwrap_or_default();
        match policy.evaluate(&request(to, (principal, source), now)) {
            Decision::Allowed => None,
            Decision::Denied { reason, .. } => Some(reason),
        }
    }

    /// What is still under way, by the entry of the lineage that led to it.
    pub fn pending(&self) -> impl Iterator<Item = (NodeId, String)> {
        let runs = self.invocations.runs.values().map(|run| {
            let told = format!("it runs since {}", run.begun.iso_millis());
            (run.node, told)
        });
        let events = self.invocations.events.values().map(|event| {
            let arn = format!("function {}", event.asked.function);
            let at = event.next().iso_millis();
            (event.asked.cause, format!("the next try of {} is at {at}", short_name(&arn)))
        });
        runs.chain(events)
    }
}
