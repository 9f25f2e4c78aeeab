//! Dead-letter queues: which queue takes messages that were received too often, and who may name
//! it.
//!
//! Unverified: AWS's words for a count or an ARN that is out of range or malformed.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::error::SqsError;
use crate::kernel::Arn;

/// Most receives that `maxReceiveCount` may allow.
const RECEIVES_MAX: u32 = 1000;

/// `RedrivePolicy`: after `max_receive_count` receives the next one moves the message.
///
/// Source: API reference "SetQueueAttributes"; developer guide "Amazon SQS dead-letter queues".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RedrivePolicy {
    text: String,
    pub(super) dead_letter_target: Arn,
    /// 1 to 1,000.
    pub(super) max_receive_count: u32,
}

impl RedrivePolicy {
    /// Reads the policy's JSON; the count may be a number or decimal text.
    pub(super) fn parse(text: &str) -> Result<Self, SqsError> {
        let invalid = |reason: &str| SqsError::value(text, "RedrivePolicy", reason);
        let policy: Map<String, Value> = serde_json::from_str(text)
            .map_err(|_| invalid("Redrive policy is not a valid JSON map."))?;
        let member = |name: &str| {
            let missing = || {
                invalid(&format!("Redrive policy does not contain mandatory attribute: {name}."))
            };
            policy.get(name).filter(|value| !value.is_null()).ok_or_else(missing)
        };
        let count = member("maxReceiveCount")?;
        let target = member("deadLetterTargetArn")?;
        let max_receive_count = match count {
            Value::Number(number) => number.as_u64(),
            Value::String(digits) => digits.parse().ok(),
            _ => None,
        };
        let max_receive_count = max_receive_count.and_then(|count| u32::try_from(count).ok());
        let max_receive_count = max_receive_count
            .filter(|count| (1..=RECEIVES_MAX).contains(count))
            .ok_or_else(|| {
                let count = count.as_str().map_or_else(|| count.to_string(), str::to_owned);
                invalid(&format!(
                    "Invalid value for maxReceiveCount: {count}, valid values are from 1 to \
                         {RECEIVES_MAX} both inclusive."
                ))
            })?;
        let target = target.as_str().and_then(|target| Arn::from_str(target).ok());
        let dead_letter_target =
            target.ok_or_else(|| invalid("Invalid value for deadLetterTargetArn."))?;
        // AWS shows the policy in its own form, with the count as a number.
        let text = json!({
            "deadLetterTargetArn": dead_letter_target.to_string(),
            "maxReceiveCount": max_receive_count,
        });
        Ok(Self { text: text.to_string(), dead_letter_target, max_receive_count })
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }
}

/// `RedriveAllowPolicy`: which queues may name this one as their dead-letter queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct RedriveAllowPolicy {
    text: String,
    permission: RedrivePermission,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum RedrivePermission {
    AllowAll,
    DenyAll,
    ByQueue(Vec<String>),
}

/// Most queues that `byQueue` may name.
const SOURCE_QUEUES_MAX: usize = 10;

impl RedriveAllowPolicy {
    pub(super) fn parse(text: &str) -> Option<Self> {
        let policy: Value = serde_json::from_str(text).ok()?;
        let sources = policy.get("sourceQueueArns");
        let permission = match (policy.get("redrivePermission")?.as_str()?, sources) {
            ("allowAll", None) => RedrivePermission::AllowAll,
            ("denyAll", None) => RedrivePermission::DenyAll,
            ("byQueue", Some(Value::Array(sources)))
                if (1..=SOURCE_QUEUES_MAX).contains(&sources.len()) =>
            {
                let arns: Option<Vec<_>> =
                    sources.iter().map(|arn| arn.as_str().map(str::to_owned)).collect();
                RedrivePermission::ByQueue(arns?)
            }
            _ => return None,
        };
        Some(Self { text: text.to_owned(), permission })
    }

    pub(super) fn allows(&self, source: &Arn) -> bool {
        match &self.permission {
            RedrivePermission::AllowAll => true,
            RedrivePermission::DenyAll => false,
            RedrivePermission::ByQueue(arns) => arns.contains(&source.to_string()),
        }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }
}
