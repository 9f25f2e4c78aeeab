//! ListLogGroups: groups by a pattern of their names.
//!
//! Limits: pages of 1,000, 50 where nobody says it.
//! Errors: `InvalidParameterException`.
//! Source: API reference "ListLogGroups".

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::constraint::Constraints;
use crate::services::logs::error::LogsError;
use crate::services::logs::operations::create_log_group::CLASSES;
use crate::services::logs::paging::Page;
use crate::services::logs::shapes::{DataSourceFilter, LogGroupSummary, TagFilter};
use crate::services::logs::state::Logs;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub account_identifiers: Option<Vec<String>>,
    pub data_sources: Option<Vec<DataSourceFilter>>,
    pub field_index_names: Option<Vec<String>>,
    pub include_linked_accounts: Option<bool>,
    pub limit: Option<i32>,
    pub log_group_class: Option<String>,
    pub log_group_name_pattern: Option<String>,
    pub log_group_tags: Option<Vec<TagFilter>>,
    pub next_token: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub log_groups: Option<Vec<LogGroupSummary>>,
    pub next_token: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    let mut check = Constraints::default();
    let class = request.log_group_class.as_deref();
    check.one_of("logGroupClass", class, &CLASSES);
    let pattern = request.log_group_name_pattern.as_deref();
    check.length("logGroupNamePattern", pattern, (3, 129));
    check.done()?;
    for (member, used) in [
        ("accountIdentifiers", request.account_identifiers.is_some()),
        ("dataSources", request.data_sources.is_some()),
        ("fieldIndexNames", request.field_index_names.is_some()),
        ("includeLinkedAccounts", request.include_linked_accounts == Some(true)),
    ] {
        if used {
            ctx.not_honoured(member)?;
        }
    }
    let limit = Some(request.limit.unwrap_or(50));
    let token = request.next_token.as_deref();
    let page = Page::up_to(ctx, token, ("limit", limit), 1000)?;
    let tags = request.log_group_tags.unwrap_or_default();
    let groups = logs.groups.values().filter(|group| {
        class.is_none_or(|class| group.class == class)
            && pattern.is_none_or(|pattern| is_like(&group.name, pattern))
            && tags.iter().all(|wanted| has_tag(&group.tags, wanted))
    });
    let groups = groups.map(|group| {
        let summary = LogGroupSummary {
            log_group_arn: Some(group.arn.to_string()),
            log_group_class: Some(group.class.clone()),
            log_group_name: Some(group.name.to_string()),
        };
        (group.name.to_string(), summary)
    });
    let (groups, next_token) = page.cut(ctx, groups);
    Ok(Response { log_groups: Some(groups), next_token })
}

/// Up to five parts of names, parted by `|`; `^` begins one that a name has to begin with.
fn is_like(name: &str, pattern: &str) -> bool {
    pattern.split('|').any(|part| match part.strip_prefix('^') {
        Some(beginning) => name.starts_with(beginning),
        None => name.contains(part),
    })
}

/// One of the values, in which `*` at either end stands for any text and `!` says that it must not
/// be so.
fn has_tag(tags: &BTreeMap<String, String>, wanted: &TagFilter) -> bool {
    let Some(value) = tags.get(wanted.key.as_deref().unwrap_or_default()) else { return false };
    let values = wanted.values.as_deref().unwrap_or_default();
    let is = |wanted: &String| match wanted.strip_prefix('!') {
        Some(wanted) => !like(wanted, value),
        None => like(wanted, value),
    };
    values.is_empty() || values.iter().any(is)
}

fn like(wanted: &str, value: &str) -> bool {
    match (wanted.strip_prefix('*'), wanted.strip_suffix('*')) {
        (Some(_), Some(_)) => value.contains(wanted.trim_matches('*')),
        (Some(end), None) => value.ends_with(end),
        (None, Some(beginning)) => value.starts_with(beginning),
        (None, None) => value == wanted,
    }
}
