//! Delivery policies: how HTTP endpoints are tried again, how often they are called, and the type
//! of what they get.
//!
//! A topic's policy counts for its subscriptions unless they have their own.
//! Source: developer guide "Amazon SNS message delivery retries"; recordings of 2024-10-03.
//! Unverified: the words of refusals; what AWS lets be left out (here everything, which then has
//! its default).

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::error::SnsError;
use super::json_attribute::read;
use crate::kernel::{Pause, RetryPhase, RetrySchedule};

/// Source: developer guide "Amazon SNS message delivery retries".
const RETRIES_MAX: u32 = 100;
const DELAY_SECONDS_MAX: u32 = 3600;
/// Longest time of all retries; AWS's hard limit.
const AGE_SECONDS_MAX: u32 = 3600;
const CONTENT_TYPE: &str = "text/plain; charset=UTF-8";
const CONTENT_TYPE_BYTES_MAX: usize = 256;
/// What a server may be sent, beside parameters such as a character set.
///
/// Source: developer guide "Creating an HTTP/S delivery policy", `headerContentType`.
const CONTENT_TYPES: [&str; 12] = [
    "application/atom+xml",
    "application/json",
    "application/octet-stream",
    "application/soap+xml",
    "application/x-www-form-urlencoded",
    "application/xhtml+xml",
    "application/xml",
    "text/css",
    "text/csv",
    "text/html",
    "text/plain",
    "text/xml",
];

/// How the pauses of the back-off phase grow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Backoff {
    #[default]
    Linear,
    Arithmetic,
    Geometric,
    Exponential,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(super) struct HealthyRetryPolicy {
    min_delay_target: u32,
    max_delay_target: u32,
    num_retries: u32,
    num_max_delay_retries: u32,
    num_no_delay_retries: u32,
    num_min_delay_retries: u32,
    backoff_function: Backoff,
}

impl Default for HealthyRetryPolicy {
    fn default() -> Self {
        Self {
            min_delay_target: 20,
            max_delay_target: 20,
            num_retries: 3,
            num_max_delay_retries: 0,
            num_no_delay_retries: 0,
            num_min_delay_retries: 0,
            backoff_function: Backoff::Linear,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ThrottlePolicy {
    max_receives_per_second: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RequestPolicy {
    header_content_type: String,
}

impl Default for RequestPolicy {
    fn default() -> Self {
        Self { header_content_type: CONTENT_TYPE.to_owned() }
    }
}

/// A topic's policy, as it was given.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(super) struct TopicPolicy {
    default_healthy_retry_policy: Option<HealthyRetryPolicy>,
    /// Nobody knows what it does.
    default_sickly_retry_policy: Option<HealthyRetryPolicy>,
    disable_subscription_overrides: bool,
    default_throttle_policy: Option<ThrottlePolicy>,
    default_request_policy: Option<RequestPolicy>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Http {
    http: TopicPolicy,
}

/// A subscription's policy, as it was given; AWS shows what is absent as null.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub(super) struct SubscriptionPolicy {
    healthy_retry_policy: Option<HealthyRetryPolicy>,
    /// Nobody knows what it does.
    sickly_retry_policy: Option<HealthyRetryPolicy>,
    throttle_policy: Option<ThrottlePolicy>,
    request_policy: Option<RequestPolicy>,
    guaranteed: bool,
}

impl TopicPolicy {
    /// Reads the attribute `DeliveryPolicy` of a topic.
    pub(super) fn parse(text: &str) -> Result<Self, SnsError> {
        let Http { http } = read("DeliveryPolicy", text)?;
        let at = "http.defaultHealthyRetryPolicy";
        check(at, http.default_healthy_retry_policy.as_ref())?;
        check_throttle(http.default_throttle_policy.as_ref())?;
        check_request(http.default_request_policy.as_ref())?;
        Ok(http)
    }

    /// As the attribute shows it.
    pub(super) fn text(&self) -> String {
        serde_json::to_string(&Http { http: self.clone() }).expect("a policy has a form in JSON")
    }

    /// `EffectiveDeliveryPolicy` of a topic.
    pub(super) fn effective_text(&self) -> String {
        let own = self.clone();
        let effective = Self {
            default_healthy_retry_policy: Some(
                own.default_healthy_retry_policy.unwrap_or_default(),
            ),
            default_request_policy: Some(own.default_request_policy.unwrap_or_default()),
            ..own
        };
        effective.text()
    }
}

impl SubscriptionPolicy {
    /// Reads the attribute `DeliveryPolicy` of a subscription.
    pub(super) fn parse(text: &str) -> Result<Self, SnsError> {
        let policy: Self = read("DeliveryPolicy", text)?;
        check("healthyRetryPolicy", policy.healthy_retry_policy.as_ref())?;
        check("sicklyRetryPolicy", policy.sickly_retry_policy.as_ref())?;
        check_throttle(policy.throttle_policy.as_ref())?;
        check_request(policy.request_policy.as_ref())?;
        Ok(policy)
    }

    /// As the attribute shows it.
    pub(super) fn text(&self) -> String {
        serde_json::to_string(self).expect("a policy has a form in JSON")
    }

    /// What counts, with a topic's policy and the defaults.
    pub(super) fn effective(own: Option<&Self>, topic: Option<&TopicPolicy>) -> Self {
        let topic = topic.cloned().unwrap_or_default();
        let own = own.filter(|_| !topic.disable_subscription_overrides);
        let own = own.cloned().unwrap_or_default();
        let retries = own.healthy_retry_policy.or(topic.default_healthy_retry_policy);
        let request = own.request_policy.or(topic.default_request_policy);
        Self {
            healthy_retry_policy: Some(retries.unwrap_or_default()),
            throttle_policy: own.throttle_policy.or(topic.default_throttle_policy),
            request_policy: Some(request.unwrap_or_default()),
            ..own
        }
    }

    /// The header `Content-Type` of what is sent.
    pub(super) fn content_type(&self) -> &str {
        self.request_policy.as_ref().map_or(CONTENT_TYPE, |it| &it.header_content_type)
    }

    /// Most messages a second.
    pub(super) fn receives_per_second(&self) -> Option<u32> {
        self.throttle_policy.as_ref().map(|it| it.max_receives_per_second)
    }

    /// When a failed delivery is tried again.
    pub(super) fn schedule(&self) -> RetrySchedule {
        self.healthy_retry_policy.clone().unwrap_or_default().schedule()
    }
}

impl HealthyRetryPolicy {
    /// The four phases, one after the other.
    fn schedule(&self) -> RetrySchedule {
        let fixed = |retries, seconds| RetryPhase { retries, pause: Pause::Seconds(seconds) };
        let outside =
            self.num_no_delay_retries + self.num_min_delay_retries + self.num_max_delay_retries;
        let steps = self.num_retries.saturating_sub(outside);
        let mut phases = vec![
            fixed(self.num_no_delay_retries, 0),
            fixed(self.num_min_delay_retries, self.min_delay_target),
        ];
        phases.extend((0..steps).map(|step| fixed(1, self.backoff(step, steps))));
        phases.push(fixed(self.num_max_delay_retries, self.max_delay_target));
        phases.retain(|phase| phase.retries > 0);
        RetrySchedule {
            phases: Cow::Owned(phases),
            jitter: 0.0,
            attempts_max: u32::MAX,
            age_max: Some(AGE_SECONDS_MAX),
        }
    }

    /// The pause before a retry of the back-off phase, which has so many `steps`.
    // Differs from AWS: the guide shows the four back-off functions of delivery policies as curves
    // between the two delays and gives no formulas
    fn backoff(&self, step: u32, steps: u32) -> u32 {
        let (least, most) = (f64::from(self.min_delay_target), f64::from(self.max_delay_target));
        let share = match steps {
            0 | 1 => 0.0,
            steps => f64::from(step) / f64::from(steps - 1),
        };
        let seconds = match self.backoff_function {
            Backoff::Linear => least + (most - least) * share,
            Backoff::Arithmetic => least + (most - least) * share * (share + 1.0) / 2.0,
            Backoff::Geometric => least * (most / least).powf(share),
            Backoff::Exponential => (least * 2_f64.powi(step.min(31) as i32)).min(most),
        };
        seconds.round() as u32
    }
}

fn invalid(reason: &str) -> SnsError {
    SnsError::parameter(format!("DeliveryPolicy: {reason}"))
}

fn check(at: &str, policy: Option<&HealthyRetryPolicy>) -> Result<(), SnsError> {
    let Some(policy) = policy else { return Ok(()) };
    let fail = |reason: String| Err(invalid(&format!("{at}.{reason}")));
    let parts =
        [policy.num_no_delay_retries, policy.num_min_delay_retries, policy.num_max_delay_retries];
    let parts = parts.into_iter().fold(0, u32::saturating_add);
    if policy.num_retries > RETRIES_MAX {
        return fail(format!("numRetries must be between 0 and {RETRIES_MAX}"));
    }
    if !(1..=DELAY_SECONDS_MAX).contains(&policy.min_delay_target) {
        return fail(format!("minDelayTarget must be between 1 and {DELAY_SECONDS_MAX}"));
    }
    if !(policy.min_delay_target..=DELAY_SECONDS_MAX).contains(&policy.max_delay_target) {
        let range = format!("minDelayTarget and {DELAY_SECONDS_MAX}");
        return fail(format!("maxDelayTarget must be between {range}"));
    }
    if parts > policy.num_retries {
        return fail("numRetries must be at least the sum of the retries of its phases".to_owned());
    }
    Ok(())
}

fn check_throttle(policy: Option<&ThrottlePolicy>) -> Result<(), SnsError> {
    match policy {
        Some(policy) if policy.max_receives_per_second == 0 => {
            Err(invalid("throttlePolicy.maxReceivesPerSecond must be at least 1"))
        }
        _ => Ok(()),
    }
}

fn check_request(policy: Option<&RequestPolicy>) -> Result<(), SnsError> {
    let Some(RequestPolicy { header_content_type: given }) = policy else { return Ok(()) };
    let plain = given.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    let kind = given.split(';').next().unwrap_or_default().trim();
    let known = CONTENT_TYPES.iter().any(|it| it.eq_ignore_ascii_case(kind));
    if given.len() <= CONTENT_TYPE_BYTES_MAX && plain && known {
        return Ok(());
    }
    Err(invalid("requestPolicy.headerContentType is not supported"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pauses(policy: &str) -> Vec<u32> {
        let text = format!(r#"{{"healthyRetryPolicy":{policy}}}"#);
        let schedule = SubscriptionPolicy::parse(&text).unwrap().schedule();
        let of = |phase: &RetryPhase| match phase.pause {
            Pause::Seconds(seconds) => vec![seconds; phase.retries as usize],
            Pause::Doubling { .. } => unreachable!(),
        };
        schedule.phases.iter().flat_map(of).collect()
    }

    #[test]
    fn phases_and_their_pauses() {
        let of = |function: &str| {
            pauses(&format!(
                r#"{{"minDelayTarget":1,"maxDelayTarget":9,"numRetries":8,"numNoDelayRetries":1,
                "numMinDelayRetries":1,"numMaxDelayRetries":1,"backoffFunction":"{function}"}}"#
            ))
        };
        for (function, expected) in [
            ("linear", [0, 1, 1, 3, 5, 7, 9, 9]),
            ("arithmetic", [0, 1, 1, 2, 4, 6, 9, 9]),
            ("geometric", [0, 1, 1, 2, 3, 5, 9, 9]),
            ("exponential", [0, 1, 1, 2, 4, 8, 9, 9]),
        ] {
            assert_eq!(of(function), expected, "{function}");
        }
        assert_eq!(pauses("{}"), [20, 20, 20]);
        assert_eq!(pauses(r#"{"numRetries":0}"#), [0; 0]);
    }

    #[test]
    fn policies_are_checked() {
        for policy in [
            r#"{"numRetries":101}"#,
            r#"{"minDelayTarget":0}"#,
            r#"{"minDelayTarget":21}"#,
            r#"{"maxDelayTarget":3601}"#,
            r#"{"numRetries":2,"numNoDelayRetries":1,"numMinDelayRetries":2}"#,
            r#"{"numNoDelayRetries":4294967295,"numMinDelayRetries":4294967295}"#,
            r#"{"backoffFunction":"steep"}"#,
            r#"{"numRetries":-1}"#,
        ] {
            let topic = format!(r#"{{"http":{{"defaultHealthyRetryPolicy":{policy}}}}}"#);
            assert!(TopicPolicy::parse(&topic).is_err(), "{policy}");
            let subscription = format!(r#"{{"healthyRetryPolicy":{policy}}}"#);
            assert!(SubscriptionPolicy::parse(&subscription).is_err(), "{policy}");
        }
        for policy in [
            r#"{"throttlePolicy":{"maxReceivesPerSecond":0}}"#,
            r#"{"requestPolicy":{"headerContentType":"a\nb/c"}}"#,
            "{",
            "[]",
        ] {
            assert!(SubscriptionPolicy::parse(policy).is_err(), "{policy}");
        }
    }
}
