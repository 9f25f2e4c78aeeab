//! DescribeLogGroups: groups by the beginning or a part of their names.
//!
//! Limits: pages of 50.
//! Errors: `InvalidParameterException`.
//! Source: API reference "DescribeLogGroups"; recordings of 2026-02-05.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::constraint::{Constraints, GROUP_NAME, GROUP_PATTERN};
use crate::services::logs::error::LogsError;
use crate::services::logs::operations::create_log_group::CLASSES;
use crate::services::logs::paging::Page;
use crate::services::logs::shapes::LogGroup;
use crate::services::logs::state::Logs;
use crate::services::logs::state::of_identifier;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub account_identifiers: Option<Vec<String>>,
    pub include_linked_accounts: Option<bool>,
    pub limit: Option<i32>,
    pub log_group_class: Option<String>,
    pub log_group_identifiers: Option<Vec<String>>,
    pub log_group_name_pattern: Option<String>,
    pub log_group_name_prefix: Option<String>,
    pub next_token: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub log_groups: Option<Vec<LogGroup>>,
    pub next_token: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    let mut check = Constraints::default();
    let (prefix, part) =
        (request.log_group_name_prefix.as_deref(), request.log_group_name_pattern.as_deref());
    GROUP_NAME.check(&mut check, "logGroupNamePrefix", prefix);
    GROUP_PATTERN.check(&mut check, "logGroupNamePattern", part);
    let class = request.log_group_class.as_deref();
    check.one_of("logGroupClass", class, &CLASSES);
    check.done()?;
    if prefix.is_some() && part.is_some() {
        return Err(LogsError::parameter(
            "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
        ));
    }
    for (member, used) in [
        ("accountIdentifiers", request.account_identifiers.is_some()),
        ("includeLinkedAccounts", request.include_linked_accounts == Some(true)),
    ] {
        if used {
            ctx.not_honoured(member)?;
        }
    }
    let wanted = request.log_group_identifiers.as_deref();
    let wanted = wanted.map(|all| all.iter().map(|it| of_identifier(ctx, it)).collect());
    let wanted: Option<Vec<&str>> = wanted.transpose()?;
    let page = Page::of(ctx, request.next_token.as_deref(), request.limit)?;
    let now = ctx.now().millis();
    for group in logs.groups.values_mut() {
        logs.bytes -= group.settle(now);
    }
    // A part is looked for in any case.
    let part = part.map(str::to_lowercase);
    let groups = logs.groups.values().filter(|group| {
        prefix.is_none_or(|prefix| group.name.starts_with(prefix))
            && part.as_ref().is_none_or(|part| group.name.to_lowercase().contains(part))
            && class.is_none_or(|class| group.class == class)
            && wanted.as_ref().is_none_or(|all| all.contains(&&*group.name))
    });
    let groups = groups.map(|group| (group.name.to_string(), group.described()));
    let (groups, next_token) = page.cut(ctx, groups);
    Ok(Response { log_groups: Some(groups), next_token })
}
