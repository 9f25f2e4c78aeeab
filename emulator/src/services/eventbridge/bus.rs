//! A bus, and the one door through which events enter it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::activity::{Activity, Counted, Dimensions};
use super::archive::Archive;
use super::event::NewEvent;
use super::rule::{Rule, RuleState};
use super::sending::fire;
use super::shapes::{DeadLetterConfig, LogConfig};
use crate::kernel::{Arn, Context, MessageId, Mismatch, Name, What};
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
    pub(super) activity: Activity,
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
    pub reasons: Vec<Mismatch>,
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
            activity: Activity::default(),
        }
    }

    /// Takes an event in: leaves one delivery for each target of each rule that matches, and keeps
    /// it in the archives that want it.
    pub(super) fn put(&mut self, ctx: &mut Context<'_>, event: &NewEvent) {
        let logged = self.logged(ctx, event);
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
        let (mut fired, mut invoked) = (0, 0);
        let mut fired_rules = Vec::new();
        if let Some(rule) = event.scheduled.as_ref().and_then(|name| self.rules.get_mut(&**name)) {
            invoked += fire(ctx, rule, &self.name, event, put);
            fired += 1;
            fired_rules.extend(logged.as_ref().map(|_| rule.arn.clone()));
        }
        for name in self.index.candidates(&fields) {
            let is_own = event.scheduled.as_deref() == Some(name);
            let rule = self.rules.get_mut(name).expect("the index knows rules of this bus");
            if is_own || hidden(rule) || !rule.matches(&fields) {
                continue;
            }
            invoked += fire(ctx, rule, &self.name, event, put);
            fired += 1;
            fired_rules.extend(logged.as_ref().map(|_| rule.arn.clone()));
        }
        if fired > 0 {
            let of = Dimensions::Bus(&self.name);
            for (what, times) in [
                (Counted::MatchedEvents, 1),
                (Counted::TriggeredRules, fired),
                (Counted::Invocations, invoked),
                (Counted::InvocationAttempts, invoked),
                (Counted::InvocationsCreated, invoked),
            ] {
                self.activity.count(ctx, &of, what, times);
            }
        }
        if let Some(logged) = &logged {
            self.log_matches(ctx, logged, &fired_rules);
        }
        self.remember(event);
    }

    /// Adds a rule or replaces it.
    pub(super) fn put_rule(&mut self, rule: Rule) {
        self.delete_rule(&rule.name);
        if let Some(pattern) = &rule.pattern {
            self.index.insert(&rule.name, pattern);
        }
        self.rules.insert(rule.name.clone(), rule);
    }

    pub(super) fn delete_rule(&mut self, name: &str) {
        let Some(rule) = self.rules.remove(name) else { return };
        if rule.managed_by.is_some() {
            let fed: Vec<_> = self.archives.keys().map(|name| self.feeds(name)).collect();
            self.archives.values_mut().zip(fed).for_each(|(it, is_fed)| it.is_fed = is_fed);
        } else if let Some(pattern) = rule.pattern {
            self.index.remove(name, &pattern);
        }
    }

    /// An event that this bus still remembers, as it came.
    pub(super) fn remembered(&self, event: MessageId) -> Option<&Arc<str>> {
        self.recent.iter().rev().find(|(id, _)| *id == event).map(|(_, envelope)| envelope)
    }

    /// The events that this bus still remembers, oldest first.
    pub(super) fn recent(&self) -> impl DoubleEndedIterator<Item = (MessageId, &str)> {
        self.recent.iter().map(|(id, envelope)| (*id, &**envelope))
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
