//! A bus, and the one door through which events enter it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::archive::Archive;
use super::event::{NewEvent, PRINCIPAL};
use super::input;
use super::rule::{Rule, RuleState};
use super::shapes::{DeadLetterConfig, LogConfig};
use super::target::Target;
use crate::kernel::{Arn, Context, Delivery, MessageId, Name, NodeId, What};
use crate::services::shared::pattern::{Event, PatternIndex};
use crate::services::shared::policy::Policy;
use crate::wire::Timestamp;

/// Bytes of events that a bus keeps to explain later what matched and what did not.
const RECENT_BYTES_MAX: usize = 256 * 1024;

/// An event bus with its rules.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Bus {
    pub(super) name: String,
    pub(super) arn: Arn,
    pub(super) created: Timestamp,
    pub(super) modified: Timestamp,
    pub(super) settings: BusSettings,
    pub(super) policy: Option<Policy>,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) rules: BTreeMap<String, Rule>,
    pub(super) archives: BTreeMap<String, Archive>,
    index: PatternIndex,
    recent: VecDeque<(MessageId, Arc<str>)>,
    recent_bytes: usize,
    pub(super) lineage: Name,
}

/// What CreateEventBus and UpdateEventBus set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct BusSettings {
    pub(super) description: Option<String>,
    pub(super) kms_key_identifier: Option<String>,
    pub(super) dead_letter_config: Option<DeadLetterConfig>,
    pub(super) log_config: Option<LogConfig>,
}

/// What one rule makes of an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    pub rule: String,
    /// Empty if the rule matches.
    pub reasons: Vec<String>,
}

impl Bus {
    pub(super) fn new(ctx: &mut Context<'_>, name: &str, settings: BusSettings) -> Self {
        let arn = ctx.arn(format!("event-bus/{name}"));
        let lineage = ctx.name(&arn.to_string());
        Self {
            name: name.to_owned(),
            arn,
            created: ctx.now(),
            modified: ctx.now(),
            settings,
            policy: None,
            tags: BTreeMap::new(),
            rules: BTreeMap::new(),
            archives: BTreeMap::new(),
            index: PatternIndex::default(),
            recent: VecDeque::new(),
            recent_bytes: 0,
            lineage,
        }
    }

    /// Takes an event in: leaves one delivery for each target of each rule that matches, and keeps
    /// it in the archives that want it.
    pub(super) fn put(&mut self, ctx: &mut Context<'_>, event: &NewEvent) {
        let put = ctx.record(event.cause, What::EventPut, &self.lineage, event.id);
        let value = event.value();
        let fields = Event::new(&value);
        for archive in self.archives.values_mut() {
            archive.offer(ctx.now(), event, &value, &fields);
        }
        let hidden = |rule: &Rule| {
            let only = event.only.as_ref();
            rule.state == RuleState::Disabled || only.is_some_and(|only| !only.contains(&rule.arn))
        };
        for name in self.index.candidates(&fields) {
            let rule = &self.rules[name];
            if hidden(rule) || !rule.pattern.matches_event(&fields) {
                continue;
            }
            let matched = ctx.record(put, What::RuleMatched, &rule.lineage, event.id);
            for target in rule.targets.values() {
                let delivery = delivery(ctx, rule, target, event, matched);
                ctx.deliver(delivery);
            }
        }
        self.remember(event);
    }

    /// Adds a rule or replaces it.
    pub(super) fn put_rule(&mut self, rule: Rule) {
        if let Some(old) = self.rules.get(&rule.name) {
            self.index.remove(&rule.name, &old.pattern);
        }
        self.index.insert(&rule.name, &rule.pattern);
        self.rules.insert(rule.name.clone(), rule);
    }

    pub(super) fn delete_rule(&mut self, name: &str) {
        if let Some(rule) = self.rules.remove(name) {
            self.index.remove(name, &rule.pattern);
        }
    }

    /// What the rules there are now make of an event that this bus still remembers.
    pub(super) fn explain(&self, event: MessageId) -> Option<Vec<Verdict>> {
        let (_, envelope) = self.recent.iter().find(|(id, _)| *id == event)?;
        let value: serde_json::Value = serde_json::from_str(envelope).ok()?;
        let fields = Event::new(&value);
        let verdicts = self.rules.values().map(|rule| {
            let mut reasons = rule.pattern.mismatches(&fields);
            if rule.state == RuleState::Disabled {
                reasons.push("the rule is disabled".to_owned());
            }
            Verdict { rule: rule.arn.to_string(), reasons }
        });
        Some(verdicts.collect())
    }

    fn remember(&mut self, event: &NewEvent) {
        self.recent_bytes += event.envelope.len();
        self.recent.push_back((event.id, Arc::clone(&event.envelope)));
        while self.recent_bytes > RECENT_BYTES_MAX {
            let Some((_, old)) = self.recent.pop_front() else {
                break;
            };
            self.recent_bytes -= old.len();
        }
    }
}

fn delivery(
    ctx: &Context<'_>,
    rule: &Rule,
    target: &Target,
    event: &NewEvent,
    cause: NodeId,
) -> Delivery {
    let group = target.wire.sqs_parameters.as_ref().and_then(|sqs| sqs.message_group_id.clone());
    let body = input::body(ctx, rule, &target.wire, &event.envelope);
    Delivery {
        message_group_id: group,
        dead_letter: target.dead_letter.clone(),
        dead_letter_body: Some(Arc::clone(&event.envelope)),
        dead_letter_account: true,
        hops: event.hops,
        ..Delivery::new((rule.arn.clone(), PRINCIPAL), target.arn.clone(), body, cause)
            .tried_again(target.retries())
    }
}
