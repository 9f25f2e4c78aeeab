//! PutManagedInsightRules: makes rules by the templates of other services. They count nothing here.
//!
//! Limits: 200 rules.
//! Errors: `MissingParameter`, `InvalidParameterValue`.
//! Source: API reference "PutManagedInsightRules". Unverified: how AWS names the rules.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::cloudwatch::constraint::Constraints;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::findings::{Findings, Path};
use crate::services::cloudwatch::held::{ManagedRule, PartialFailure, Rule, check_number};
use crate::services::cloudwatch::state::CloudWatch;
use crate::services::cloudwatch::tagging::checked;

const RULES_MAX: usize = 200;
const TEMPLATE_MAX: usize = 128;
const RESOURCE_MAX: usize = 1024;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub managed_rules: Option<Vec<ManagedRule>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub failures: Option<Vec<PartialFailure>>,
}

pub fn run(
    ctx: &mut Context<'_>,
    cloudwatch: &mut CloudWatch,
    request: Request,
) -> Result<Response, CloudWatchError> {
    let rules = request.managed_rules.unwrap_or_default();
    check(&rules)?;
    let mut new = Vec::new();
    for ManagedRule { template_name, resource_arn, tags } in rules {
        let tags = checked(Constraints::default(), tags)?;
        let managed = (template_name.unwrap_or_default(), resource_arn.unwrap_or_default());
        let resource = managed.1.rsplit(['/', ':']).next().unwrap_or_default();
        let name = format!("{}-{resource}", managed.0);
        let definition = serde_json::json!({"TemplateName": managed.0}).to_string();
        let rule = Rule {
            definition,
            enabled: true,
            on_transformed_logs: None,
            managed: Some(managed),
            tags,
        };
        new.push((name, rule));
    }
    check_number(cloudwatch.held.rules.len() + new.len() - 1)?;
    ctx.not_honoured("ManagedRules")?;
    cloudwatch.held.rules.extend(new);
    Ok(Response { failures: Some(Vec::new()) })
}

fn check(rules: &[ManagedRule]) -> Result<(), CloudWatchError> {
    let mut findings = Findings::default();
    if rules.is_empty() {
        findings.required(Path::of("ManagedRules"));
    }
    findings.size(Path::of("ManagedRules"), rules.len(), RULES_MAX);
    for (number, rule) in (1..).zip(rules.iter().take(RULES_MAX)) {
        let path = Path::of("ManagedRules").item(number);
        findings.text(path.member("TemplateName"), rule.template_name.as_deref(), TEMPLATE_MAX);
        findings.text(path.member("ResourceARN"), rule.resource_arn.as_deref(), RESOURCE_MAX);
    }
    findings.done()
}
