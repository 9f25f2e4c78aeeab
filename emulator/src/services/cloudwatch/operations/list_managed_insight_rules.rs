//! ListManagedInsightRules: the managed rules of a resource.
//!
//! Limits: 500 a page.
//! Errors: `MissingParameter`, `InvalidParameterValue`, `InvalidNextToken`.
//! Source: API reference "ListManagedInsightRules". On AWS it also lists templates that a resource
//! could use; they are not known here.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::findings::{Findings, Path};
use crate::services::cloudwatch::held::{ManagedRuleDescription, ManagedRuleState};
use crate::services::cloudwatch::paging::{page_size, position};
use crate::services::cloudwatch::state::CloudWatch;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub max_results: Option<i32>,
    pub next_token: Option<String>,
    #[serde(rename = "ResourceARN")]
    pub resource_arn: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub managed_rules: Option<Vec<ManagedRuleDescription>>,
    pub next_token: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    cloudwatch: &mut CloudWatch,
    request: Request,
) -> Result<Response, CloudWatchError> {
    let arn = request.resource_arn.unwrap_or_default();
    let mut findings = Findings::default();
    if arn.is_empty() {
        findings.required(Path::of("ResourceARN"));
    }
    findings.done()?;
    let max = page_size(request.max_results)?;
    let after = position(ctx, request.next_token.as_deref())?;
    let mut found = cloudwatch
        .held
        .rules
        .iter()
        .filter(|(name, _)| after.as_ref().is_none_or(|after| *name > after))
        .filter_map(|(name, rule)| {
            let (template, resource) = rule.managed.as_ref()?;
            (*resource == arn).then_some((name, template, rule))
        });
    let page: Vec<_> = found.by_ref().take(max).collect();
    let last = page.last().filter(|_| found.next().is_some());
    let next_token = last.map(|(name, ..)| ctx.page_token(name));
    let shown = page.into_iter().map(|(name, template, rule)| ManagedRuleDescription {
        template_name: Some(template.clone()),
        resource_arn: Some(arn.clone()),
        rule_state: Some(ManagedRuleState {
            rule_name: Some(name.clone()),
            state: Some(rule.state()),
        }),
    });
    Ok(Response { managed_rules: Some(shown.collect()), next_token })
}
