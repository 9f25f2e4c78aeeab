//! Tags of groups: what they may be, and how they are written.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::error::SchedulerError;
use super::group::Group;
use super::state::Scheduler;
use crate::kernel::{Arn, Context};
use crate::services::shared::constraint::Constraints;

/// Most tags of one group.
///
/// Source: "Quotas for Amazon EventBridge Scheduler"; the model takes 200 in one request.
pub(super) const TAGS_MAX: usize = 50;
const TAGS_OF_REQUEST_MAX: usize = 200;
const KEY_CHARACTERS: (usize, usize) = (1, 128);
const VALUE_CHARACTERS: (usize, usize) = (1, 256);

/// One tag.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Tag {
    pub key: Option<String>,
    pub value: Option<String>,
}

impl Constraints {
    /// What the model says of tags.
    pub(in crate::services::scheduler) fn group_tags(&mut self, tags: &[Tag]) {
        self.count("tags", " '[...]'", tags.len(), (0, TAGS_OF_REQUEST_MAX));
        for (number, tag) in (1..).zip(tags.iter().take(TAGS_OF_REQUEST_MAX)) {
            let member = |name: &str| format!("tags.{number}.member.{name}");
            self.required(&member("key"), tag.key.as_ref());
            self.length(&member("key"), tag.key.as_deref(), KEY_CHARACTERS);
            self.required(&member("value"), tag.value.as_ref());
            self.length(&member("value"), tag.value.as_deref(), VALUE_CHARACTERS);
        }
    }
}

/// Tags as a map.
pub(super) fn map(tags: Vec<Tag>) -> BTreeMap<String, String> {
    tags.into_iter()
        .map(|tag| (tag.key.unwrap_or_default(), tag.value.unwrap_or_default()))
        .collect()
}

impl Scheduler {
    /// The group that an ARN names.
    ///
    /// # Errors
    /// `ResourceNotFoundException`; `ValidationException` for what is no group's ARN.
    pub(super) fn tagged(
        &mut self,
        ctx: &Context<'_>,
        text: Option<&str>,
    ) -> Result<&mut Group, SchedulerError> {
        let text = text.unwrap_or_default();
        let arn = text.parse::<Arn>().ok().filter(|arn| &*arn.service == "scheduler");
        let name = arn.as_ref().and_then(|arn| arn.resource.strip_prefix("schedule-group/"));
        let (Some(arn), Some(name)) = (&arn, name) else {
            return Err(SchedulerError::Validation(format!(
                "1 validation error detected: Value '{text}' at 'resourceArn' failed to satisfy \
                 constraint: Member must satisfy regular expression pattern: \
                 ^arn:aws[a-z-]*:scheduler:[a-z0-9\\-]+:\\d{{12}}:schedule-group\\/[0-9a-zA-Z-_.]+$"
            )));
        };
        if arn.scope != *ctx.scope() {
            return Err(SchedulerError::GroupNotFound(name.to_owned()));
        }
        self.group(ctx, name)
    }
}
