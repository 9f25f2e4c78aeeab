//! What a client publishes, checked: the rules of a message, alone or in a batch.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::attributes::TopicAttributes;
use super::error::SnsError;
use super::message_attributes::{self, MessageAttributes};
use crate::kernel::NodeId;
use crate::wire::Gather as _;

const SUBJECT_CHARACTERS_MAX: usize = 100;
/// Longest group and de-duplication id, in characters.
const ID_CHARACTERS_MAX: usize = 128;

/// One message as it was sent.
pub(super) struct Outgoing {
    pub(super) message: Option<String>,
    pub(super) message_structure: Option<String>,
    pub(super) subject: Option<String>,
    pub(super) attributes: Option<MessageAttributes>,
    pub(super) group_id: Option<String>,
    pub(super) deduplication_id: Option<String>,
}

/// A message that a topic takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct NewMessage {
    pub(super) text: Text,
    pub(super) subject: Option<String>,
    pub(super) attributes: MessageAttributes,
    pub(super) group_id: Option<String>,
    pub(super) deduplication_id: Option<String>,
    /// The X-Ray trace that it belongs to.
    pub(super) trace_header: Option<Box<str>>,
    /// What led to it.
    pub(super) cause: NodeId,
    /// Services passed on the way here.
    pub(super) hops: u8,
}

/// One text for all, or one for each protocol.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Text {
    Same(String),
    /// `default` is always there.
    PerProtocol(BTreeMap<String, String>),
}

impl Text {
    /// What subscriptions of `protocol` get.
    pub(super) fn of(&self, protocol: &str) -> &str {
        match self {
            Self::Same(text) => text,
            Self::PerProtocol(texts) => {
                texts.get(protocol).or_else(|| texts.get("default")).map_or("", String::as_str)
            }
        }
    }
}

impl NewMessage {
    /// Bytes of its texts and attributes.
    pub(super) fn bytes(&self) -> usize {
        let text = match &self.text {
            Text::Same(text) => text.len(),
            Text::PerProtocol(texts) => texts.iter().map(|(name, it)| name.len() + it.len()).sum(),
        };
        let subject = self.subject.as_ref().map_or(0, String::len);
        text + subject + message_attributes::size(&self.attributes)
    }
}

impl Outgoing {
    /// Bytes of the message and its attributes.
    pub(super) fn size(&self) -> usize {
        self.message.as_ref().map_or(0, String::len)
            + self.attributes.as_ref().map_or(0, message_attributes::size)
    }

    /// Checks the message against the topic's rules. `path` is empty, or where the entry stands
    /// in a batch, with a dot at its end.
    pub(super) fn validate(
        self,
        topic: &TopicAttributes,
        path: &str,
        cause: NodeId,
    ) -> Result<NewMessage, SnsError> {
        self.validated((topic, None), path, cause)
    }

    /// The same to a device, by its platform: a text for that is enough.
    ///
    /// Source: developer guide "Publishing Amazon SNS notifications with platform-specific
    /// payloads". Unverified: the words where both are missing.
    pub(super) fn validate_for(
        self,
        platform: &str,
        cause: NodeId,
    ) -> Result<NewMessage, SnsError> {
        self.validated((&TopicAttributes::default(), Some(platform)), "", cause)
    }

    fn validated(
        self,
        (topic, platform): (&TopicAttributes, Option<&str>),
        path: &str,
        cause: NodeId,
    ) -> Result<NewMessage, SnsError> {
        let size = self.size();
        let Some(message) = self.message else {
            return Err(SnsError::MissingMember(format!("{path}message")));
        };
        let attributes = self.attributes.unwrap_or_default();
        message_attributes::validate(&attributes, &format!("{path}messageAttributes"))?;
        if message.is_empty() {
            return Err(SnsError::parameter("Empty message"));
        }
        if size > topic.message_bytes_max() {
            return Err(SnsError::parameter("Message too long"));
        }
        if self.subject.as_deref().is_some_and(|subject| !is_subject(subject)) {
            return Err(SnsError::parameter("Subject"));
        }
        check_id("MessageGroupId", self.group_id.as_deref())?;
        check_id("MessageDeduplicationId", self.deduplication_id.as_deref())?;
        let text = text(message, self.message_structure.as_deref(), platform)?;
        check_order(topic, self.group_id.as_deref(), self.deduplication_id.as_deref())?;
        Ok(NewMessage {
            text,
            subject: self.subject,
            attributes,
            group_id: self.group_id,
            deduplication_id: self.deduplication_id,
            trace_header: None,
            cause,
            hops: 0,
        })
    }
}

fn is_subject(subject: &str) -> bool {
    let printable = |c: char| !c.is_control();
    !subject.is_empty()
        && subject.chars().count() <= SUBJECT_CHARACTERS_MAX
        && subject.chars().all(printable)
}

fn check_id(name: &str, id: Option<&str>) -> Result<(), SnsError> {
    let valid = |id: &str| {
        (1..=ID_CHARACTERS_MAX).contains(&id.len()) && id.chars().all(|c| c.is_ascii_graphic())
    };
    match id {
        Some(id) if !valid(id) => Err(SnsError::parameter(format!(
            "{name} Reason: {name} can only include alphanumeric and punctuation characters. 1 to \
             {ID_CHARACTERS_MAX} in length"
        ))),
        _ => Ok(()),
    }
}

/// What FIFO topics demand and the others refuse.
fn check_order(
    topic: &TopicAttributes,
    group_id: Option<&str>,
    deduplication_id: Option<&str>,
) -> Result<(), SnsError> {
    if !topic.fifo {
        return match deduplication_id {
            Some(_) => Err(SnsError::parameter(
                "MessageDeduplicationId Reason: The request includes MessageDeduplicationId \
                 parameter that is not valid for this topic type",
            )),
            None => Ok(()),
        };
    }
    if group_id.is_none() {
        return Err(SnsError::parameter(
            "The MessageGroupId parameter is required for FIFO topics",
        ));
    }
    if deduplication_id.is_none() && !topic.content_based_deduplication() {
        return Err(SnsError::parameter(
            "The topic should either have ContentBasedDeduplication enabled or \
             MessageDeduplicationId provided explicitly",
        ));
    }
    Ok(())
}

fn text(
    message: String,
    structure: Option<&str>,
    platform: Option<&str>,
) -> Result<Text, SnsError> {
    match structure {
        None | Some("") => Ok(Text::Same(message)),
        Some("json") => {
            let failed = "Message Structure - JSON message body failed to parse";
            let members: BTreeMap<String, serde_json::Value> =
                serde_json::from_str(&message).map_err(|_| SnsError::parameter(failed))?;
            // Members that are no text count as absent.
            let texts: BTreeMap<_, _> = members
                .into_iter()
                .filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())))
                .into_map();
            let is_there = |name: &str| texts.contains_key(name);
            match platform {
                _ if is_there("default") => {}
                Some(platform) if is_there(platform) => {}
                Some(platform) => {
                    return Err(SnsError::parameter(format!(
                        "Message Structure - JSON must contain an entry for 'default' or \
                         '{platform}'"
                    )));
                }
                None => {
                    let missing = "Message Structure - No default entry in JSON message body";
                    return Err(SnsError::parameter(missing));
                }
            }
            Ok(Text::PerProtocol(texts))
        }
        Some(_) => Err(SnsError::parameter("MessageStructure")),
    }
}
