//! A queue's attributes: ranges, defaults, and how they read and print.
//!
//! Source: API reference "SetQueueAttributes" and "GetQueueAttributes"; recordings.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::error::SqsError;
use super::permission;
use super::redrive::{RedriveAllowPolicy, RedrivePolicy};
use crate::services::shared::policy::Policy;

/// Largest message and batch, in bytes; also the default of `MaximumMessageSize`.
pub(super) const MESSAGE_BYTES_MAX: u32 = 1_048_576;

/// Longest value of an attribute, in bytes: AWS's limit on policies, ours for every other one.
const VALUE_BYTES_MAX: usize = permission::POLICY_BYTES_MAX;

/// Everything about a queue that clients set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct QueueAttributes {
    pub(super) delay: Duration,
    pub(super) maximum_message_size: u32,
    pub(super) message_retention_period: Duration,
    pub(super) receive_message_wait_time: Duration,
    pub(super) visibility_timeout: Duration,
    pub(super) policy: Option<Policy>,
    pub(super) redrive_policy: Option<RedrivePolicy>,
    pub(super) redrive_allow_policy: Option<RedriveAllowPolicy>,
    pub(super) kms_master_key_id: Option<String>,
    pub(super) kms_data_key_reuse_period_seconds: u32,
    pub(super) sqs_managed_sse_enabled: bool,
    /// Set for FIFO queues only.
    pub(super) fifo: Option<FifoAttributes>,
}

/// What only FIFO queues have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct FifoAttributes {
    pub(super) content_based_deduplication: bool,
    /// De-duplicate per message group instead of per queue.
    pub(super) scope_is_group: bool,
    /// `perMessageGroupId` instead of `perQueue`; it raises a quota that this emulator has not.
    pub(super) limit_is_per_group: bool,
}

impl QueueAttributes {
    pub(super) fn new(fifo: bool) -> Self {
        Self {
            delay: Duration::ZERO,
            maximum_message_size: MESSAGE_BYTES_MAX,
            message_retention_period: Duration::from_secs(345_600),
            receive_message_wait_time: Duration::ZERO,
            visibility_timeout: Duration::from_secs(30),
            policy: None,
            redrive_policy: None,
            redrive_allow_policy: None,
            kms_master_key_id: None,
            kms_data_key_reuse_period_seconds: 300,
            sqs_managed_sse_enabled: true,
            fifo: fifo.then_some(FifoAttributes {
                content_based_deduplication: false,
                scope_is_group: false,
                limit_is_per_group: false,
            }),
        }
    }

    /// Takes new values; all or none.
    ///
    /// # Errors
    /// `InvalidAttributeName` for names that this kind of queue does not have, and
    /// `InvalidAttributeValue`.
    pub(super) fn set(&mut self, values: &BTreeMap<String, String>) -> Result<(), SqsError> {
        check_encryption(values)?;
        let mut changed = self.clone();
        for (name, value) in values {
            changed.set_one(name, value)?;
        }
        changed.check_throughput()?;
        *self = changed;
        Ok(())
    }

    fn set_one(&mut self, name: &str, value: &str) -> Result<(), SqsError> {
        if value.len() > VALUE_BYTES_MAX {
            return Err(match name {
                "Policy" => permission::policy_too_long(),
                _ => SqsError::attribute(name),
            });
        }
        let seconds = |range| number(name, value, range).map(|n| Duration::from_secs(n.into()));
        match name {
            "DelaySeconds" => self.delay = seconds(0..=900)?,
            "MaximumMessageSize" => {
                self.maximum_message_size = number(name, value, 1024..=MESSAGE_BYTES_MAX)?;
            }
            "MessageRetentionPeriod" => self.message_retention_period = seconds(60..=1_209_600)?,
            "ReceiveMessageWaitTimeSeconds" => self.receive_message_wait_time = seconds(0..=20)?,
            "VisibilityTimeout" => self.visibility_timeout = seconds(0..=43_200)?,
            "Policy" => {
                self.policy = parsed(name, value, |text| Policy::parse(text).ok())?;
                self.policy.as_ref().map_or(Ok(()), permission::check_quotas)?;
            }
            "RedrivePolicy" => {
                self.redrive_policy =
                    if value.is_empty() { None } else { Some(RedrivePolicy::parse(value)?) };
            }
            "RedriveAllowPolicy" => {
                self.redrive_allow_policy = parsed(name, value, RedriveAllowPolicy::parse)?;
            }
            "KmsMasterKeyId" => {
                self.kms_master_key_id = (!value.is_empty()).then(|| value.to_owned());
                self.sqs_managed_sse_enabled &= value.is_empty();
            }
            "KmsDataKeyReusePeriodSeconds" => {
                self.kms_data_key_reuse_period_seconds = number(name, value, 60..=86_400)?;
            }
            "SqsManagedSseEnabled" => {
                self.sqs_managed_sse_enabled = boolean(name, value)?;
                if self.sqs_managed_sse_enabled {
                    self.kms_master_key_id = None;
                }
            }
            _ => self.set_fifo(name, value)?,
        }
        Ok(())
    }

    fn set_fifo(&mut self, name: &str, value: &str) -> Result<(), SqsError> {
        let Some(fifo) = &mut self.fifo else {
            return Err(SqsError::InvalidAttributeName(name.to_owned()));
        };
        match (name, value) {
            ("FifoQueue", _) if boolean(name, value)? => {}
            ("FifoQueue", _) => {
                let reason = "Modifying queue type is not supported.";
                return Err(SqsError::attribute_because(name, reason));
            }
            ("ContentBasedDeduplication", _) => {
                fifo.content_based_deduplication = boolean(name, value)?;
            }
            ("DeduplicationScope", "queue") => fifo.scope_is_group = false,
            ("DeduplicationScope", "messageGroup") => fifo.scope_is_group = true,
            ("FifoThroughputLimit", "perQueue") => fifo.limit_is_per_group = false,
            ("FifoThroughputLimit", "perMessageGroupId") => fifo.limit_is_per_group = true,
            ("DeduplicationScope" | "FifoThroughputLimit", _) => {
                return Err(SqsError::attribute(name));
            }
            _ => return Err(SqsError::InvalidAttributeName(name.to_owned())),
        }
        Ok(())
    }

    fn check_throughput(&self) -> Result<(), SqsError> {
        match &self.fifo {
            Some(fifo) if fifo.limit_is_per_group && !fifo.scope_is_group => {
                Err(SqsError::attribute_because(
                    "FifoThroughputLimit",
                    "The perMessageGroupId value is allowed only when the value for \
                     DeduplicationScope is messageGroup.",
                ))
            }
            _ => Ok(()),
        }
    }

    /// The attributes as `GetQueueAttributes` prints them; unset ones are absent.
    pub(super) fn describe(&self) -> BTreeMap<&'static str, String> {
        let mut shown = BTreeMap::from([
            ("DelaySeconds", self.delay.as_secs().to_string()),
            ("MaximumMessageSize", self.maximum_message_size.to_string()),
            ("MessageRetentionPeriod", self.message_retention_period.as_secs().to_string()),
            ("ReceiveMessageWaitTimeSeconds", self.receive_message_wait_time.as_secs().to_string()),
            ("VisibilityTimeout", self.visibility_timeout.as_secs().to_string()),
            ("SqsManagedSseEnabled", self.sqs_managed_sse_enabled.to_string()),
        ]);
        let texts = [
            ("Policy", self.policy.as_ref().map(|policy| policy.as_str().to_owned())),
            ("RedrivePolicy", self.redrive_policy.as_ref().map(|policy| policy.text().to_owned())),
            (
                "RedriveAllowPolicy",
                self.redrive_allow_policy.as_ref().map(|policy| policy.text().to_owned()),
            ),
            ("KmsMasterKeyId", self.kms_master_key_id.clone()),
        ];
        shown.extend(texts.into_iter().filter_map(|(name, text)| Some((name, text?))));
        if self.kms_master_key_id.is_some() {
            let seconds = self.kms_data_key_reuse_period_seconds.to_string();
            shown.insert("KmsDataKeyReusePeriodSeconds", seconds);
        }
        if let Some(fifo) = &self.fifo {
            let pick = |second, texts: [&str; 2]| texts[usize::from(second)].to_owned();
            let scope = pick(fifo.scope_is_group, ["queue", "messageGroup"]);
            let limit = pick(fifo.limit_is_per_group, ["perQueue", "perMessageGroupId"]);
            shown.insert("FifoQueue", "true".to_owned());
            let content_based = fifo.content_based_deduplication.to_string();
            shown.insert("ContentBasedDeduplication", content_based);
            shown.insert("DeduplicationScope", scope);
            shown.insert("FifoThroughputLimit", limit);
        }
        shown
    }
}

/// A queue is encrypted with a key of KMS or with SQS's own, not with both.
fn check_encryption(values: &BTreeMap<String, String>) -> Result<(), SqsError> {
    let has_key = values.get("KmsMasterKeyId").is_some_and(|key| !key.is_empty());
    let managed = values.get("SqsManagedSseEnabled").is_some_and(|value| is_true(value));
    if has_key && managed { Err(SqsError::TwoEncryptions) } else { Ok(()) }
}

/// AWS reads truth values in any case: Python prints `True`. Recording of 2024-04-30.
pub(super) fn is_true(value: &str) -> bool {
    value.eq_ignore_ascii_case("true")
}

fn number(name: &str, value: &str, range: std::ops::RangeInclusive<u32>) -> Result<u32, SqsError> {
    let number = value.parse().ok().filter(|number| range.contains(number));
    number.ok_or_else(|| SqsError::attribute(name))
}

fn boolean(name: &str, value: &str) -> Result<bool, SqsError> {
    match value {
        _ if is_true(value) => Ok(true),
        _ if value.eq_ignore_ascii_case("false") => Ok(false),
        _ => Err(SqsError::attribute(name)),
    }
}

/// An empty text unsets the attribute.
fn parsed<T>(
    name: &str,
    value: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, SqsError> {
    if value.is_empty() {
        return Ok(None);
    }
    parse(value).map(Some).ok_or_else(|| SqsError::attribute(name))
}
