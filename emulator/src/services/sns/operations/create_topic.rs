//! CreateTopic: makes a topic, or finds the one of the same name, attributes and tags.
//!
//! Limits: names of 1 to 256 letters, digits, `-` and `_`; FIFO names end in `.fifo`; 50 tags.
//! Errors: `InvalidParameter`, `TagLimitExceeded`, `TopicLimitExceeded`.
//! Source: API reference "CreateTopic"; recordings of 2024-05-14.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::sns::attributes::{TopicAttributes, data_protection};
use crate::services::sns::error::SnsError;
use crate::services::sns::state::Sns;
use crate::services::sns::tagging::{self, Tag};
use crate::services::sns::topic::Topic;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub name: Option<String>,
    pub attributes: Option<BTreeMap<String, String>>,
    pub tags: Option<Vec<Tag>>,
    pub data_protection_policy: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub topic_arn: Option<String>,
}

/// Longest topic name in characters, `.fifo` included.
const NAME_CHARACTERS_MAX: usize = 256;
/// Most topics of an account and region.
///
/// Source: "Amazon SNS endpoints and quotas".
const TOPICS_MAX: usize = 100_000;

pub fn run(ctx: &mut Context<'_>, sns: &mut Sns, request: Request) -> Result<Response, SnsError> {
    let name = request.name.filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| SnsError::missing("Name"))?;
    let given = request.attributes.unwrap_or_default();
    let is_fifo = check_name(&name, given.get("FifoTopic").map(String::as_str))?;
    let mut attributes = TopicAttributes::new(is_fifo);
    for (name, value) in given.iter().filter(|(name, _)| *name != "FifoTopic") {
        attributes.set(ctx, name, value).map_err(SnsError::among_attributes)?;
    }
    let data_protection_policy = data_protection(ctx, request.data_protection_policy)?;
    let tags = tagging::checked(request.tags.unwrap_or_default())?;
    if let Some(topic) = sns.topics.get(&*name) {
        return same_topic(ctx, topic, &attributes, &tags);
    }
    if sns.topics.len() >= TOPICS_MAX {
        return Err(SnsError::TopicLimitExceeded);
    }
    let name: Arc<str> = name.into();
    let mut topic = Topic::new(ctx, Arc::clone(&name), attributes, tags);
    topic.data_protection_policy = data_protection_policy;
    let topic_arn = Some(topic.arn.to_string());
    sns.topics.insert(name, topic);
    Ok(Response { topic_arn })
}

/// Whatever is given must be the same; tags, if there are any, must be among those of the topic.
/// Recorded on 2025-10-13.
fn same_topic(
    ctx: &Context<'_>,
    topic: &Topic,
    attributes: &TopicAttributes,
    tags: &BTreeMap<String, String>,
) -> Result<Response, SnsError> {
    let current = topic.describe(ctx.now());
    if attributes.given.iter().any(|(name, value)| current.get(name) != Some(value)) {
        let reason = "Attributes Reason: Topic already exists with different attributes";
        return Err(SnsError::parameter(reason));
    }
    if tags.iter().any(|(key, value)| topic.tags.get(key) != Some(value)) {
        let reason = "Tags Reason: Topic already exists with different tags";
        return Err(SnsError::parameter(reason));
    }
    Ok(Response { topic_arn: Some(topic.arn.to_string()) })
}

/// Checks the name; returns whether the topic is FIFO.
fn check_name(name: &str, fifo_attribute: Option<&str>) -> Result<bool, SnsError> {
    let fifo_asked = match fifo_attribute {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => return Err(SnsError::parameter("FifoTopic").among_attributes()),
    };
    let stem = name.strip_suffix(".fifo");
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let text = stem.unwrap_or(name);
    let well_formed =
        !text.is_empty() && name.len() <= NAME_CHARACTERS_MAX && text.chars().all(allowed);
    if fifo_asked && !(well_formed && stem.is_some()) {
        return Err(SnsError::parameter(
            "Fifo Topic names must end with .fifo and must be made up of only uppercase and \
             lowercase ASCII letters, numbers, underscores, and hyphens, and must be between 1 \
             and 256 characters long.",
        ));
    }
    if !well_formed || stem.is_some() != fifo_asked {
        return Err(SnsError::parameter("Topic Name"));
    }
    Ok(fifo_asked)
}
