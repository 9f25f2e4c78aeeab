//! A topic's attributes: which there are, what values they take, which have no effect here.
//!
//! Source: API reference "CreateTopic" and "SetTopicAttributes"; recordings of 2024-05-14.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::archive;
use super::delivery_policy::TopicPolicy;
use super::error::SnsError;
use super::json_attribute::read;
use super::permission;
use crate::kernel::{Context, SignatureVersion};
use crate::services::shared::policy::Policy;

/// Largest message in bytes when a topic says nothing else.
pub(super) const MESSAGE_BYTES_MAX: usize = 262_144;
const DISPLAY_NAME_CHARACTERS_MAX: usize = 100;
/// Longest value of an attribute, in bytes.
///
/// Source: "Amazon SNS endpoints and quotas": a topic's policy. Ours for every other one.
pub(super) const VALUE_BYTES_MAX: usize = 30_720;

/// Attributes that are stored and shown but change nothing here.
const WITHOUT_EFFECT: [&str; 2] = ["KmsMasterKeyId", "TracingConfig"];
const FEEDBACK_OF: [&str; 5] = ["HTTP", "Firehose", "Lambda", "Application", "SQS"];
const FEEDBACK: [&str; 3] =
    ["SuccessFeedbackRoleArn", "SuccessFeedbackSampleRate", "FailureFeedbackRoleArn"];

/// The attributes of one topic.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct TopicAttributes {
    /// What was set, as it was given.
    pub(super) given: BTreeMap<String, String>,
    pub(super) fifo: bool,
    pub(super) policy: Option<Policy>,
    pub(super) delivery_policy: Option<TopicPolicy>,
    /// How long a FIFO topic keeps what was published to it.
    pub(super) archive_days: Option<u32>,
}

impl TopicAttributes {
    pub(super) fn new(fifo: bool) -> Self {
        Self { fifo, ..Self::default() }
    }

    /// Sets one attribute; an empty value unsets it.
    pub(super) fn set(
        &mut self,
        ctx: &mut Context<'_>,
        name: &str,
        value: &str,
    ) -> Result<(), SnsError> {
        self.check(name, value)?;
        if has_no_effect(name) && !value.is_empty() {
            ctx.not_honoured(&format!("Attributes.{name}"))?;
        }
        let mut shown = value.to_owned();
        match (name, value) {
            ("Policy", "") => self.policy = None,
            ("Policy", text) => {
                let policy = Policy::parse(text);
                let policy = policy.map_err(|_| SnsError::parameter("Policy Error: null"))?;
                permission::check_actions(&policy)?;
                self.policy = Some(policy);
            }
            ("DeliveryPolicy", "") => self.delivery_policy = None,
            ("DeliveryPolicy", text) => {
                let policy = TopicPolicy::parse(text)?;
                shown = policy.text();
                self.delivery_policy = Some(policy);
            }
            ("ArchivePolicy", text) => {
                self.archive_days = archive::days(text)?;
                if self.archive_days.is_none() {
                    shown.clear();
                }
            }
            _ => {}
        }
        if shown.is_empty() && name != "DisplayName" {
            self.given.remove(name);
        } else {
            self.given.insert(name.to_owned(), shown);
        }
        Ok(())
    }

    /// The name that stands before text messages; perhaps empty.
    pub(super) fn display_name(&self) -> &str {
        self.given.get("DisplayName").map_or("", String::as_str)
    }

    /// With which digest what is published is signed.
    pub(super) fn signature_version(&self) -> SignatureVersion {
        match self.given.get("SignatureVersion").map(String::as_str) {
            Some("2") => SignatureVersion::Sha256,
            _ => SignatureVersion::Sha1,
        }
    }

    /// Replaces the policy.
    pub(super) fn set_policy(&mut self, policy: Policy) {
        self.given.insert("Policy".to_owned(), policy.as_str().to_owned());
        self.policy = Some(policy);
    }

    pub(super) fn content_based_deduplication(&self) -> bool {
        self.is_true("ContentBasedDeduplication")
    }

    /// De-duplication ids count within a message group, not the whole topic.
    pub(super) fn deduplicates_by_group(&self) -> bool {
        self.given.get("FifoThroughputScope").is_some_and(|scope| scope == "MessageGroup")
    }

    pub(super) fn message_bytes_max(&self) -> usize {
        let given = self.given.get("MaximumMessageSize");
        given.and_then(|text| text.parse().ok()).unwrap_or(MESSAGE_BYTES_MAX)
    }

    fn is_true(&self, name: &str) -> bool {
        self.given.get(name).is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    fn check(&self, name: &str, value: &str) -> Result<(), SnsError> {
        let invalid = || Err(SnsError::parameter(name));
        match name {
            _ if value.len() > VALUE_BYTES_MAX => Err(too_long(name)),
            "DisplayName" if value.chars().count() > DISPLAY_NAME_CHARACTERS_MAX => invalid(),
            "DisplayName" | "Policy" | "DeliveryPolicy" => Ok(()),
            "TracingConfig" if !matches!(value, "" | "PassThrough" | "Active") => invalid(),
            "SignatureVersion" if matches!(value, "" | "1" | "2") => Ok(()),
            "SignatureVersion" => invalid(),
            _ if name.ends_with("FeedbackSampleRate") && is_feedback(name) => {
                let rate = value.parse::<u32>().is_ok_and(|rate| rate <= 100);
                if rate || value.is_empty() { Ok(()) } else { invalid() }
            }
            "ContentBasedDeduplication" if self.fifo => is_bool(name, value),
            "FifoThroughputScope" if self.fifo => match value {
                "" | "Topic" | "MessageGroup" => Ok(()),
                _ => invalid(),
            },
            "ArchivePolicy" if self.fifo => Ok(()),
            "MaximumMessageSize" => match value.parse::<u32>() {
                _ if value.is_empty() => Ok(()),
                Ok(1_024..=1_048_576) => Ok(()),
                _ => invalid(),
            },
            "ArchivePolicy" => Err(SnsError::parameter("AttributeName")),
            _ if has_no_effect(name) || is_feedback(name) => Ok(()),
            _ => Err(SnsError::parameter("AttributeName")),
        }
    }
}

/// Unverified: AWS's words for it.
pub(super) fn too_long(name: &str) -> SnsError {
    SnsError::parameter(format!("{name}: the value is too long"))
}

fn is_bool(name: &str, value: &str) -> Result<(), SnsError> {
    match value.to_ascii_lowercase().as_str() {
        "true" | "false" => Ok(()),
        _ => Err(SnsError::parameter(name)),
    }
}

fn has_no_effect(name: &str) -> bool {
    WITHOUT_EFFECT.contains(&name)
}

/// Whether an attribute says which deliveries are written down (`delivery_status`).
fn is_feedback(name: &str) -> bool {
    let is_of = |of: &&str| name.strip_prefix(of).is_some_and(|rest| FEEDBACK.contains(&rest));
    FEEDBACK_OF.iter().any(is_of)
}

/// A data protection policy as it is kept; an empty one takes it away.
///
/// # Errors
/// `InvalidParameter` for what is no object in JSON, or too long.
pub(super) fn data_protection(
    ctx: &mut Context<'_>,
    text: Option<String>,
) -> Result<Option<String>, SnsError> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    if text.len() > VALUE_BYTES_MAX {
        return Err(too_long("DataProtectionPolicy"));
    }
    read::<BTreeMap<String, serde::de::IgnoredAny>>("DataProtectionPolicy", &text)?;
    ctx.not_honoured("DataProtectionPolicy")?;
    Ok(Some(text))
}
