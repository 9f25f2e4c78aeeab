//! Tags of alarms, dashboards and what is held: what they may be, and whose they are.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::constraint::Constraints;
use super::error::CloudWatchError;
use super::state::CloudWatch;
use crate::kernel::{Arn, Context};
use crate::wire::Gather as _;

/// Most tags of one resource.
const TAGS_MAX: usize = 50;
const KEY_MAX: usize = 128;
const VALUE_MAX: usize = 256;

/// One tag.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Tag {
    pub key: Option<String>,
    pub value: Option<String>,
}

/// The tags as a map, if each is good by itself.
pub(super) fn checked(
    mut constraints: Constraints,
    tags: Option<Vec<Tag>>,
) -> Result<BTreeMap<String, String>, CloudWatchError> {
    let tags = tags.unwrap_or_default();
    for (number, Tag { key, value }) in (1..).zip(&tags) {
        let member = |name: &str| format!("tags.{number}.member.{name}");
        constraints.required(&member("key"), key.as_ref());
        constraints.length(&member("key"), key.as_deref(), (1, KEY_MAX));
        constraints.required(&member("value"), value.as_ref());
        constraints.length(&member("value"), value.as_deref(), (0, VALUE_MAX));
    }
    constraints.done()?;
    let tags = tags.into_iter().filter_map(|Tag { key, value }| Some((key?, value?)));
    let tags = tags.into_map();
    check_number(&tags)?;
    Ok(tags)
}

/// Unverified: the kind of error and its text.
pub(super) fn check_number(tags: &BTreeMap<String, String>) -> Result<(), CloudWatchError> {
    if tags.len() <= TAGS_MAX {
        return Ok(());
    }
    let text = format!("A resource cannot have more than {TAGS_MAX} tags.");
    Err(CloudWatchError::InvalidParameterValue(text))
}

impl CloudWatch {
    /// The tags of the resource `arn`, if it exists.
    pub(super) fn tags(
        &mut self,
        ctx: &mut Context<'_>,
        arn: &str,
    ) -> Result<&mut BTreeMap<String, String>, CloudWatchError> {
        // Unverified: the text.
        let invalid = || CloudWatchError::InvalidParameterValue(format!("Invalid ARN: {arn}"));
        let arn: Arn = arn.parse().map_err(|_| invalid())?;
        let not_found = |kind| CloudWatchError::ResourceNotFound(kind, arn.to_string());
        if &*arn.service != "cloudwatch" || arn.account() != ctx.account() {
            return Err(invalid());
        }
        if let Some(name) = arn.resource.strip_prefix("alarm:") {
            let tags = self.alarms.tags_of(name).filter(|_| arn.region() == ctx.region());
            return tags.ok_or_else(|| not_found("alarm"));
        }
        if let Some(name) = arn.resource.strip_prefix("alarm-mute-rule:") {
            let rule = self.alarms.mute_rules.by_name.get_mut(name);
            let rule = rule.filter(|_| arn.region() == ctx.region());
            return rule.map(|it| &mut it.tags).ok_or_else(|| not_found("alarm-mute-rule"));
        }
        if let Some(tags) = self.held.tags(&arn.resource) {
            let is_here = arn.region() == ctx.region();
            return tags.filter(|_| is_here).ok_or_else(|| not_found("resource"));
        }
        let Some(name) = arn.resource.strip_prefix("dashboard/") else {
            return Err(invalid());
        };
        ctx.belongs_to_home();
        let dashboard = self.dashboards.by_name.get_mut(name);
        dashboard.map(|it| &mut it.tags).ok_or_else(|| not_found("dashboard"))
    }
}
