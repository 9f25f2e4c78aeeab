//! PutInsightRule: makes a rule of Contributor Insights or replaces one. It counts nothing here.
//!
//! Limits: names of 128 characters, definitions of 8,192 in JSON.
//! Errors: `MissingParameter`, `InvalidParameterValue`, `LimitExceededException`.
//! Source: API reference "PutInsightRule".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::cloudwatch::constraint::Constraints;
use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::findings::{Findings, Path};
use crate::services::cloudwatch::held::{Rule, check_number};
use crate::services::cloudwatch::state::CloudWatch;
use crate::services::cloudwatch::tagging::{Tag, checked};

const NAME_MAX: usize = 128;
const DEFINITION_MAX: usize = 8192;
const STATES: [&str; 2] = ["ENABLED", "DISABLED"];

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub apply_on_transformed_logs: Option<bool>,
    pub rule_definition: Option<String>,
    pub rule_name: Option<String>,
    pub rule_state: Option<String>,
    pub tags: Option<Vec<Tag>>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(
    ctx: &mut Context<'_>,
    cloudwatch: &mut CloudWatch,
    request: Request,
) -> Result<Response, CloudWatchError> {
    request.check()?;
    let tags = checked(Constraints::default(), request.tags)?;
    ctx.not_honoured("RuleDefinition")?;
    let name = request.rule_name.unwrap_or_default();
    let known = cloudwatch.held.rules.get(&name);
    if known.is_none() {
        check_number(cloudwatch.held.rules.len())?;
    }
    let rule = Rule {
        definition: request.rule_definition.unwrap_or_default(),
        enabled: request.rule_state.as_deref() != Some("DISABLED"),
        on_transformed_logs: request.apply_on_transformed_logs,
        managed: None,
        // Tags of a rule that is there already are left as they are.
        tags: known.map_or(tags, |known| known.tags.clone()),
    };
    cloudwatch.held.rules.insert(name, rule);
    Ok(Response {})
}

impl Request {
    fn check(&self) -> Result<(), CloudWatchError> {
        let mut findings = Findings::default();
        findings.text(Path::of("RuleName"), self.rule_name.as_deref(), NAME_MAX);
        let definition = self.rule_definition.as_deref().unwrap_or_default();
        if definition.is_empty() {
            findings.required(Path::of("RuleDefinition"));
        } else if definition.chars().count() > DEFINITION_MAX {
            let limit = DEFINITION_MAX + 1;
            findings.value(format!(
                "The parameter RuleDefinition must be shorter than {limit} characters."
            ));
        } else if !serde_json::from_str(definition)
            .is_ok_and(|it: serde_json::Value| it.is_object())
        {
            // Unverified: the text.
            findings.value("The parameter RuleDefinition must be a JSON object.");
        }
        if self.rule_state.as_deref().is_some_and(|state| !STATES.contains(&state)) {
            findings.one_of(Path::of("RuleState"), &STATES);
        }
        findings.done()
    }
}
