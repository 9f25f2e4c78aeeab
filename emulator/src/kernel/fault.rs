//! Faults as data: what goes wrong, where, when and how often. All drawn from the seed.
//!
//! Knows no service: a rule names services, operations and resources as texts. What an effect means
//! is up to who asks: `cloud` for requests and deliveries, SQS for its messages.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Ids;
use crate::wire::Timestamp;

/// One rule. All that is given must match; what is not given matches everything.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultRule {
    /// What counts and the lineage call it; by default its number, from 1.
    #[serde(default)]
    pub name: String,
    /// `sqs`, `sns`, `events`, `dynamodb`, `cloudwatch` or `sts`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// `SendMessage` and the like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// The name of a queue, topic, bus or table, without the rest of its ARN or URL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    /// The access key id of the caller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caller: Option<String>,
    /// Not for this access key id: whoever only watches meets no faults.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub except_caller: Option<String>,
    /// Which attempt of the SDK at one call, from 1 (its header `amz-sdk-request`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u32>,
    /// How likely the rule fires where it matches, 0 to 1; by default always.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// Begins so many virtual seconds after the rule was set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_seconds: Option<f64>,
    /// Ends so many virtual seconds after the rule was set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_seconds: Option<f64>,
    /// Fires at most so often.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    pub effect: FaultEffect,
}

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum FaultEffect {
    /// The request is refused with the service's own throttling error; nothing happens.
    Throttle,
    /// The request is refused with this error; nothing happens.
    Error {
        code: String,
        #[serde(default = "unavailable")]
        status: u16,
        #[serde(default)]
        message: String,
    },
    /// The operation happens, and the answer never comes: the connection breaks.
    LoseAnswer,
    /// The operation happens, and the answer comes so much later.
    Delay { seconds: f64 },
    /// Each entry of a batch fails with this likelihood (1 when not given), the others succeed.
    FailEntries {
        #[serde(default = "internal_error")]
        code: String,
        #[serde(default = "always")]
        share: f64,
    },
    /// A message sent to a standard queue is delivered twice.
    Duplicate,
    /// A receive takes another message than the oldest from a standard queue.
    Reorder,
    /// A sent message is seen so much later.
    Hide { seconds: f64 },
    /// Each delivery of a topic or a rule fails so many times, and is tried again as AWS does.
    FailDelivery { times: u32 },
    /// Deliveries are refused as if the target's policy were gone.
    RemovePolicy,
}

fn unavailable() -> u16 {
    503
}

fn internal_error() -> String {
    "InternalError".to_owned()
}

fn always() -> f64 {
    1.0
}

impl FaultEffect {
    fn refuses(&self) -> bool {
        matches!(self, Self::Throttle | Self::Error { .. } | Self::RemovePolicy)
    }

    /// The word in rules.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Throttle => "throttle",
            Self::Error { .. } => "error",
            Self::LoseAnswer => "lose-answer",
            Self::Delay { .. } => "delay",
            Self::FailEntries { .. } => "fail-entries",
            Self::Duplicate => "duplicate",
            Self::Reorder => "reorder",
            Self::Hide { .. } => "hide",
            Self::FailDelivery { .. } => "fail-delivery",
            Self::RemovePolicy => "remove-policy",
        }
    }
}

/// A rule that can't be: the text says why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    #[error("the fault {name}: {reason}")]
    Rule { name: String, reason: String },
    #[error("there are {0} fault rules; at most {RULES_MAX} are taken")]
    TooMany(usize),
}

/// Most rules at once: every request asks each of them.
const RULES_MAX: usize = 1000;

/// Where something might go wrong.
#[derive(Clone, Copy, Debug, Default)]
pub struct FaultPoint<'a> {
    pub service: &'a str,
    /// `None` where no request is under way.
    pub operation: Option<&'a str>,
    /// What is concerned; a rule matches any of them.
    pub resources: &'a [&'a str],
    pub caller: Option<&'a str>,
    /// From 1; `None` when the client does not say.
    pub attempt: Option<u32>,
}

/// What happens to the entries of one batch.
#[derive(Clone, Debug, PartialEq)]
pub struct EntryFault {
    pub code: String,
    /// How likely each of them fails.
    pub share: f64,
}

/// A rule that fired.
#[derive(Clone, Debug, PartialEq)]
pub struct Fired {
    pub name: String,
    pub effect: FaultEffect,
}

/// Rules that were checked: each with a name of its own and numbers in range.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<FaultRule>", into = "Vec<FaultRule>")]
pub struct FaultRules(Vec<FaultRule>);

impl FaultRules {
    /// Checks the rules; one without a name is called by its number, from 1.
    ///
    /// # Errors
    /// [`FaultError`] for numbers out of range and names that stand twice.
    pub fn new(rules: Vec<FaultRule>) -> Result<Self, FaultError> {
        if rules.len() > RULES_MAX {
            return Err(FaultError::TooMany(rules.len()));
        }
        let mut checked: Vec<FaultRule> = Vec::with_capacity(rules.len());
        for (number, mut rule) in (1..).zip(rules) {
            if rule.name.is_empty() {
                rule.name = format!("{number}");
            }
            let refuse = |reason: &str| {
                Err(FaultError::Rule { name: rule.name.clone(), reason: reason.to_owned() })
            };
            if checked.iter().any(|other| other.name == rule.name) {
                return refuse("the name stands twice");
            }
            if let Err(reason) = check(&rule) {
                return refuse(reason);
            }
            checked.push(rule);
        }
        Ok(Self(checked))
    }
}

impl TryFrom<Vec<FaultRule>> for FaultRules {
    type Error = FaultError;

    fn try_from(rules: Vec<FaultRule>) -> Result<Self, FaultError> {
        Self::new(rules)
    }
}

impl From<FaultRules> for Vec<FaultRule> {
    fn from(rules: FaultRules) -> Self {
        rules.0
    }
}

/// The rules of a cloud, their counts and their own stream of random numbers: so a rule that never
/// fires changes no message id.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Faults {
    rules: Vec<ActiveRule>,
    random: Ids,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct ActiveRule {
    rule: FaultRule,
    from: Timestamp,
    until: Option<Timestamp>,
    matched: u64,
    fired: u64,
}

/// One rule with its counts, as it is shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FaultReport {
    pub rule: FaultRule,
    /// How often it could have fired.
    pub matched: u64,
    pub fired: u64,
}

/// Keeps the faults' random numbers apart from the ids of the same seed.
const OTHER_STREAM: u64 = 0x5f61_756c_7473_5f21;

impl Faults {
    pub fn from_seed(seed: u64) -> Self {
        Self { rules: Vec::new(), random: Ids::from_seed(seed ^ OTHER_STREAM) }
    }

    /// Replaces all rules; their windows begin now.
    pub fn set(&mut self, rules: FaultRules, now: Timestamp) {
        let at = |seconds: f64| now + Duration::from_secs_f64(seconds);
        let active = rules.0.into_iter().map(|rule| {
            let (from, until) = (at(rule.from_seconds.unwrap_or(0.0)), rule.until_seconds.map(at));
            ActiveRule { rule, from, until, matched: 0, fired: 0 }
        });
        self.rules = active.collect();
    }

    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// The rules with their counts.
    pub fn report(&self) -> Vec<FaultReport> {
        let report = |it: &ActiveRule| FaultReport {
            rule: it.rule.clone(),
            matched: it.matched,
            fired: it.fired,
        };
        self.rules.iter().map(report).collect()
    }

    /// The rules that fire at `point` with an effect that is `wanted`, in their order; none after
    /// one that refuses, since nothing else happens then.
    pub fn fire(
        &mut self,
        now: Timestamp,
        point: &FaultPoint<'_>,
        wanted: impl Fn(&FaultEffect) -> bool,
    ) -> Vec<Fired> {
        let mut fired = Vec::new();
        for active in &mut self.rules {
            if !wanted(&active.rule.effect) || !active.matches(now, point) {
                continue;
            }
            active.matched += 1;
            let chance = active.rule.probability.unwrap_or(1.0);
            if chance < 1.0 && self.random.fraction() >= chance {
                continue;
            }
            active.fired += 1;
            let effect = active.rule.effect.clone();
            let refuses = effect.refuses();
            fired.push(Fired { name: active.rule.name.clone(), effect });
            if refuses {
                break;
            }
        }
        fired
    }

    /// A random number of the faults' own, from 0 to below 1.
    pub fn fraction(&mut self) -> f64 {
        self.random.fraction()
    }
}

impl ActiveRule {
    fn matches(&self, now: Timestamp, point: &FaultPoint<'_>) -> bool {
        let rule = &self.rule;
        let is = |wanted: &Option<String>, given: Option<&str>| {
            wanted.as_deref().is_none_or(|wanted| given == Some(wanted))
        };
        now >= self.from
            && self.until.is_none_or(|until| now < until)
            && rule.times.is_none_or(|times| self.fired < times)
            && is(&rule.service, Some(point.service))
            && is(&rule.operation, point.operation)
            && rule.resource.as_deref().is_none_or(|name| point.resources.contains(&name))
            && is(&rule.caller, point.caller)
            && (rule.except_caller.is_none() || rule.except_caller.as_deref() != point.caller)
            && rule.attempt.is_none_or(|attempt| point.attempt == Some(attempt))
    }
}

/// Longest time that a rule may name: a hundred years.
const SECONDS_MAX: f64 = 3_155_760_000.0;

fn check(rule: &FaultRule) -> Result<(), &'static str> {
    let seconds = |value: f64| (0.0..=SECONDS_MAX).contains(&value);
    let share = |value: f64| (0.0..=1.0).contains(&value);
    if !rule.probability.is_none_or(share) {
        return Err("probability must be between 0 and 1");
    }
    if !rule.from_seconds.is_none_or(seconds) || !rule.until_seconds.is_none_or(seconds) {
        return Err("from_seconds and until_seconds must be between 0 and a hundred years");
    }
    match rule.effect {
        FaultEffect::Delay { seconds: value } | FaultEffect::Hide { seconds: value }
            if !seconds(value) =>
        {
            Err("seconds must be between 0 and a hundred years")
        }
        FaultEffect::FailEntries { share: value, .. } if !share(value) => {
            Err("share must be between 0 and 1")
        }
        FaultEffect::Error { status, .. } if !(400..=599).contains(&status) => {
            Err("status must be between 400 and 599")
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn faults(rules: serde_json::Value) -> Result<Faults, FaultError> {
        let mut faults = Faults::from_seed(1);
        let rules = FaultRules::new(serde_json::from_value(rules).unwrap())?;
        faults.set(rules, Timestamp::default());
        Ok(faults)
    }

    fn point() -> FaultPoint<'static> {
        FaultPoint {
            service: "sqs",
            operation: Some("SendMessage"),
            resources: &["q"],
            caller: Some("AKID"),
            attempt: Some(1),
        }
    }

    /// How often the rule fires at one point in a hundred tries, a second apart.
    fn count(rule: serde_json::Value, point: FaultPoint<'_>) -> usize {
        let mut faults = faults(json!([rule])).unwrap();
        let at = |second: u64| Timestamp::default() + Duration::from_secs(second);
        (0..100).map(|second| faults.fire(at(second), &point, |_| true).len()).sum()
    }

    #[test]
    fn the_number_of_rules_has_a_bound() {
        let rule: FaultRule = serde_json::from_value(json!({"effect": "throttle"})).unwrap();
        assert!(FaultRules::new(vec![rule.clone(); 1000]).is_ok());
        let refused = FaultRules::new(vec![rule; 40_000]).unwrap_err();
        assert_eq!(refused.to_string(), "there are 40000 fault rules; at most 1000 are taken");
    }

    #[test]
    fn all_that_is_given_must_match() {
        let check = |more: serde_json::Value, expected: usize| {
            let mut rule = json!({"effect": "throttle"});
            rule.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            assert_eq!(count(rule, point()), expected, "{more}");
        };
        check(json!({}), 100);
        check(json!({"service": "sqs", "operation": "SendMessage", "resource": "q"}), 100);
        check(json!({"caller": "AKID", "attempt": 1}), 100);
        check(json!({"service": "sns"}), 0);
        check(json!({"operation": "ReceiveMessage"}), 0);
        check(json!({"resource": "other"}), 0);
        check(json!({"caller": "other"}), 0);
        check(json!({"except_caller": "AKID"}), 0);
        check(json!({"except_caller": "other"}), 100);
        check(json!({"attempt": 2}), 0);
        check(json!({"times": 7}), 7);
        check(json!({"from_seconds": 10, "until_seconds": 30}), 20);
        check(json!({"probability": 0}), 0);
    }

    #[test]
    fn probability_is_drawn_from_the_seed() {
        let rule = || json!({"effect": "lose-answer", "probability": 0.3});
        let first = count(rule(), point());
        assert!((15..45).contains(&first), "{first}");
        assert_eq!(count(rule(), point()), first);
    }

    #[test]
    fn bad_rules_are_refused() {
        let check = |rules: serde_json::Value, reason: &str| {
            let error = faults(rules).unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
        };
        check(json!([{"effect": "throttle", "probability": 2}]), "probability must be");
        check(json!([{"effect": {"delay": {"seconds": -1}}}]), "seconds must be");
        check(json!([{"effect": {"error": {"code": "X", "status": 200}}}]), "status must be");
        let twice = json!([
            {"name": "a", "effect": "throttle"}, {"name": "a", "effect": "duplicate"}
        ]);
        check(twice, "the fault a: the name stands twice");
    }
}
