//! DescribeInsightRules: the rules in the order of their names.
//!
//! Limits: 500 a page.
//! Errors: `InvalidNextToken`, `InvalidParameterValue`.
//! Source: API reference "DescribeInsightRules".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::held::{InsightRule, Rule, page};
use crate::services::cloudwatch::paging::{page_size, position};
use crate::services::cloudwatch::state::CloudWatch;

/// The schema of all rules.
const SCHEMA: &str = r#"{"Name":"CloudWatchLogRule","Version":1}"#;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub max_results: Option<i32>,
    pub next_token: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub insight_rules: Option<Vec<InsightRule>>,
    pub next_token: Option<String>,
}

pub fn run(
    ctx: &mut Context<'_>,
    cloudwatch: &mut CloudWatch,
    request: Request,
) -> Result<Response, CloudWatchError> {
    let max = page_size(request.max_results)?;
    let after = position(ctx, request.next_token.as_deref())?;
    let (rules, more) = page(&cloudwatch.held.rules, after.as_deref(), max);
    let last = rules.last().filter(|_| more);
    let next_token = last.map(|(name, _)| ctx.page_token(name));
    let shown = |(name, rule): (&String, &Rule)| InsightRule {
        name: Some(name.clone()),
        state: Some(rule.state()),
        schema: Some(SCHEMA.to_owned()),
        definition: Some(rule.definition.clone()),
        managed_rule: Some(rule.managed.is_some()),
        apply_on_transformed_logs: rule.on_transformed_logs,
    };
    Ok(Response { next_token, insight_rules: Some(rules.into_iter().map(shown).collect()) })
}
