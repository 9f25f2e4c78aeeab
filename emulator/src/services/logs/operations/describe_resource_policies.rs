//! DescribeResourcePolicies: policies of the account, or of a resource.
//!
//! Limits: pages of 50.
//! Errors: `InvalidParameterException`.
//! Source: API reference "DescribeResourcePolicies"; recordings of 2026-02-06.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::constraint::Constraints;
use crate::services::logs::error::LogsError;
use crate::services::logs::paging::Page;
use crate::services::logs::resource_policy::{ACCOUNT, RESOURCE};
use crate::services::logs::shapes::ResourcePolicy;
use crate::services::logs::state::Logs;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub limit: Option<i32>,
    pub next_token: Option<String>,
    pub policy_scope: Option<String>,
    pub resource_arn: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub next_token: Option<String>,
    pub resource_policies: Option<Vec<ResourcePolicy>>,
}

pub fn run(
    ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    let mut check = Constraints::default();
    let scope = request.policy_scope.as_deref();
    check.one_of("policyScope", scope, &[ACCOUNT, RESOURCE]);
    check.done()?;
    let page = Page::of(ctx, request.next_token.as_deref(), request.limit)?;
    let resource = request.resource_arn.as_deref();
    let of_resources = scope == Some(RESOURCE) || resource.is_some();
    let (scope, held) = match of_resources {
        true => (RESOURCE, &logs.policies.of_resources),
        false => (ACCOUNT, &logs.policies.of_account),
    };
    let resource = resource.map(|arn| arn.strip_suffix(":*").unwrap_or(arn));
    let held = held.iter().filter(|(name, _)| resource.is_none_or(|arn| arn == name.as_str()));
    let held = held.map(|(name, policy)| (name.clone(), policy.listed(scope, name)));
    let (policies, next_token) = page.cut(ctx, held);
    Ok(Response { next_token, resource_policies: Some(policies) })
}
