//! What CloudWatch learns of rules and buses: counts of each minute in which something happened.
//!
//! Nobody watches the clock for this: a minute is published when somebody looks, or when the next
//! one begins to count.
//!
//! Source: user guide "Monitoring Amazon EventBridge".

use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::bus::Bus;
use super::state::{DEFAULT_BUS, EventBridge};
use super::target_kind::is_api_destination;
use crate::kernel::{
    Answered, Arn, Context, Delivery, DeliveryTarget, MetricUnit, Observation, Observed,
    WantedMetrics,
};
use crate::wire::Timestamp;

pub(super) const NAMESPACE: &str = "AWS/Events";
const RULE: &str = "RuleName";
const BUS: &str = "EventBusName";
pub(super) const MINUTE: Duration = Duration::from_secs(60);

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counted {
    MatchedEvents,
    TriggeredRules,
    Invocations,
    InvocationAttempts,
    RetryInvocationAttempts,
    SuccessfulInvocationAttempts,
    FailedInvocations,
    InvocationsSentToDlq,
    InvocationsFailedToBeSentToDlq,
    InvocationsCreated,
}

/// A metric, and by which dimensions there is one.
struct Named {
    name: &'static str,
    by_rule: bool,
    by_bus: bool,
    /// Also one of the whole account, without dimensions.
    whole: bool,
}

const fn named(name: &'static str, by_rule: bool, by_bus: bool, whole: bool) -> Named {
    Named { name, by_rule, by_bus, whole }
}

const METRICS: [Named; 10] = [
    named("MatchedEvents", true, true, false),
    named("TriggeredRules", true, true, true),
    named("Invocations", true, false, true),
    named("InvocationAttempts", true, true, true),
    named("RetryInvocationAttempts", true, true, true),
    named("SuccessfulInvocationAttempts", true, true, true),
    named("FailedInvocations", true, false, false),
    named("InvocationsSentToDlq", true, false, false),
    named("InvocationsFailedToBeSentToDlq", true, false, false),
    named("InvocationsCreated", false, false, true),
];

/// The counts of one minute.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Activity {
    /// When it began; unset while nothing has happened since the last one was published.
    minute: Option<Timestamp>,
    counts: [u32; METRICS.len()],
}

/// Whose counts they are, as CloudWatch names it.
pub(super) enum Dimensions<'a> {
    Bus(&'a str),
    Rule { rule: &'a str, bus: &'a str },
}

impl Activity {
    /// So many happened now.
    pub(super) fn count(
        &mut self,
        ctx: &mut Context<'_>,
        of: &Dimensions<'_>,
        what: Counted,
        times: usize,
    ) {
        self.publish(ctx, of);
        if self.minute.is_none() {
            self.minute = Some(beginning_of_minute(ctx.now()));
            let (key, value) = of.first();
            ctx.begin_metrics(NAMESPACE, (key, &value));
        }
        let count = &mut self.counts[what as usize];
        *count = count.saturating_add(u32::try_from(times).unwrap_or(u32::MAX));
    }

    /// Publishes the minute if it is over.
    fn publish(&mut self, ctx: &mut Context<'_>, of: &Dimensions<'_>) {
        let Some(minute) = self.minute.filter(|minute| *minute + MINUTE <= ctx.now()) else {
            return;
        };
        let dimensions: Vec<_> = std::iter::once(of.first()).chain(of.second()).collect();
        let dimensions: Vec<_> = dimensions.iter().map(|(key, value)| (*key, value)).collect();
        let is_bus = matches!(of, Dimensions::Bus(_));
        for (Named { name, by_rule, by_bus, whole }, count) in METRICS.iter().zip(self.counts) {
            let Some(observed) = Observation::ones(count.into()) else { continue };
            let mut publish = |dimensions: &[_]| {
                let observed = Observed::Samples(observed.clone());
                let unit = MetricUnit::Count;
                ctx.publish_metric_of(NAMESPACE, name, dimensions, minute, unit, observed);
            };
            if if is_bus { *by_bus } else { *by_rule } {
                publish(&dimensions);
            }
            // The figures of all buses add up to the account's.
            if is_bus && *whole {
                publish(&[]);
            }
        }
        *self = Self::default();
    }
}

pub(super) fn beginning_of_minute(now: Timestamp) -> Timestamp {
    Timestamp::from_millis(now.millis() - now.millis().rem_euclid(MINUTE.as_millis() as i64))
}

impl Dimensions<'_> {
    fn first(&self) -> (&'static str, Arc<str>) {
        match self {
            Self::Bus(bus) => (BUS, (*bus).into()),
            Self::Rule { rule, .. } => (RULE, (*rule).into()),
        }
    }

    /// A rule of another bus than the default one has its bus too.
    fn second(&self) -> Option<(&'static str, Arc<str>)> {
        match self {
            Self::Rule { bus, .. } if *bus != DEFAULT_BUS => Some((BUS, (*bus).into())),
            _ => None,
        }
    }
}

impl Bus {
    fn publish_metrics(&mut self, ctx: &mut Context<'_>) {
        self.activity.publish(ctx, &Dimensions::Bus(&self.name));
        for rule in self.rules.values_mut() {
            let of = Dimensions::Rule { rule: &rule.name, bus: &self.name };
            rule.activity.publish(ctx, &of);
        }
    }
}

impl EventBridge {
    /// Publishes what is due, if anybody looks at metrics of rules, of buses or of the
    /// account.
    pub(super) fn publish_activity(&mut self, ctx: &mut Context<'_>, wanted: &WantedMetrics) {
        let is_wanted = |dimension| {
            wanted.resources(NAMESPACE, dimension).is_none_or(|names| !names.is_empty())
        };
        let whole = wanted.whole(NAMESPACE);
        if whole {
            self.puts.publish(ctx);
        }
        if whole || is_wanted(RULE) || is_wanted(BUS) {
            self.buses(ctx).values_mut().for_each(|bus| bus.publish_metrics(ctx));
        }
    }

    /// A delivery of a rule that failed before is tried again.
    pub(super) fn count_retry(&mut self, ctx: &mut Context<'_>, delivery: &Delivery) {
        self.count_at_rule(ctx, delivery, |count| {
            count(Counted::InvocationAttempts);
            count(Counted::RetryInvocationAttempts);
        });
    }

    /// A delivery of a rule was taken. One that waits for its turn at an API destination is not:
    /// that has taken it when its server has answered. Says whether it
    /// was taken.
    pub(super) fn count_success(
        &mut self,
        ctx: &mut Context<'_>,
        delivery: &Delivery,
        answer: &Answered,
    ) -> bool {
        let waits = match &delivery.to {
            DeliveryTarget::Resource(to) => {
                is_api_destination(to) && !matches!(answer, Answered::Http(_))
            }
            DeliveryTarget::Http(_) => false,
        };
        if !waits {
            self.count_at_rule(ctx, delivery, |count| count(Counted::SuccessfulInvocationAttempts));
        }
        !waits
    }

    /// A delivery of a rule was given up, and goes to its dead-letter queue if it has one.
    pub(super) fn count_failure(&mut self, ctx: &mut Context<'_>, delivery: &Delivery) {
        self.count_at_rule(ctx, delivery, |count| {
            if delivery.given_up {
                return count(Counted::InvocationsFailedToBeSentToDlq);
            }
            count(Counted::FailedInvocations);
            if delivery.dead_letter.is_some() {
                count(Counted::InvocationsSentToDlq);
            }
        });
    }

    /// Counts something at the rule that a delivery is from, and at its bus.
    fn count_at_rule(
        &mut self,
        ctx: &mut Context<'_>,
        delivery: &Delivery,
        happened: impl FnOnce(&mut dyn FnMut(Counted)),
    ) {
        let Some((bus, name)) = rule_of(&delivery.from) else { return };
        let Ok(bus) = self.bus(ctx, Some(bus)) else { return };
        let Some(rule) = bus.rules.get_mut(name) else { return };
        let of = Dimensions::Rule { rule: name, bus: &bus.name };
        let of_bus = Dimensions::Bus(&bus.name);
        happened(&mut |what| {
            rule.activity.count(ctx, &of, what, 1);
            bus.activity.count(ctx, &of_bus, what, 1);
        });
    }
}

/// The bus and the name of the rule with this ARN.
pub(super) fn rule_of(arn: &Arn) -> Option<(&str, &str)> {
    let path = arn.resource.strip_prefix("rule/")?;
    Some(path.rsplit_once('/').unwrap_or((DEFAULT_BUS, path)))
}
