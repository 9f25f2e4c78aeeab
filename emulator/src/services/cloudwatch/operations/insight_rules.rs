//! EnableInsightRules, DisableInsightRules, DeleteInsightRules: nothing is counted, whatever the
//! state.
//!
//! Errors: `MissingParameter`, `InvalidParameterValue`; rules that are not there fail by themselves.
//! Source: API reference of each operation.

use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::findings::{Findings, Path};
use crate::services::cloudwatch::held::PartialFailure;
use crate::services::cloudwatch::state::CloudWatch;

const NAMES_MAX: usize = 500;

/// What is done with a rule.
enum Change {
    Enable,
    Disable,
    Delete,
}

/// The failures of those that are not there.
fn change(
    cloudwatch: &mut CloudWatch,
    names: Option<Vec<String>>,
    change: &Change,
) -> Result<Vec<PartialFailure>, CloudWatchError> {
    let mut findings = Findings::default();
    let names = names.unwrap_or_default();
    if names.is_empty() {
        findings.required(Path::of("RuleNames"));
    }
    findings.size(Path::of("RuleNames"), names.len(), NAMES_MAX);
    findings.done()?;
    let mut failures = Vec::new();
    for name in names {
        match (cloudwatch.held.rules.get_mut(&name), change) {
            (Some(rule), Change::Enable) => rule.enabled = true,
            (Some(rule), Change::Disable) => rule.enabled = false,
            (Some(_), Change::Delete) => drop(cloudwatch.held.rules.remove(&name)),
            (None, _) => failures.push(PartialFailure {
                // Unverified: the words.
                failure_resource: Some(name),
                exception_type: Some("ResourceNotFoundException".to_owned()),
                failure_code: Some("404".to_owned()),
                failure_description: Some("The insight rule does not exist.".to_owned()),
            }),
        }
    }
    Ok(failures)
}

/// EnableInsightRules.
pub mod enable {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use super::{Change, change};
    use crate::kernel::Context;
    use crate::services::cloudwatch::error::CloudWatchError;
    use crate::services::cloudwatch::held::PartialFailure;
    use crate::services::cloudwatch::state::CloudWatch;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub rule_names: Option<Vec<String>>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub failures: Option<Vec<PartialFailure>>,
    }

    pub fn run(
        _ctx: &mut Context<'_>,
        cloudwatch: &mut CloudWatch,
        request: Request,
    ) -> Result<Response, CloudWatchError> {
        let failures = change(cloudwatch, request.rule_names, &Change::Enable)?;
        Ok(Response { failures: Some(failures) })
    }
}

/// DisableInsightRules.
pub mod disable {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use super::{Change, change};
    use crate::kernel::Context;
    use crate::services::cloudwatch::error::CloudWatchError;
    use crate::services::cloudwatch::held::PartialFailure;
    use crate::services::cloudwatch::state::CloudWatch;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub rule_names: Option<Vec<String>>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub failures: Option<Vec<PartialFailure>>,
    }

    pub fn run(
        _ctx: &mut Context<'_>,
        cloudwatch: &mut CloudWatch,
        request: Request,
    ) -> Result<Response, CloudWatchError> {
        let failures = change(cloudwatch, request.rule_names, &Change::Disable)?;
        Ok(Response { failures: Some(failures) })
    }
}

/// DeleteInsightRules.
pub mod delete {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use super::{Change, change};
    use crate::kernel::Context;
    use crate::services::cloudwatch::error::CloudWatchError;
    use crate::services::cloudwatch::held::PartialFailure;
    use crate::services::cloudwatch::state::CloudWatch;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub rule_names: Option<Vec<String>>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub failures: Option<Vec<PartialFailure>>,
    }

    pub fn run(
        _ctx: &mut Context<'_>,
        cloudwatch: &mut CloudWatch,
        request: Request,
    ) -> Result<Response, CloudWatchError> {
        let failures = change(cloudwatch, request.rule_names, &Change::Delete)?;
        Ok(Response { failures: Some(failures) })
    }
}
