//! DeleteInsightRules: forgets rules by name.
//!
//! Errors: `MissingParameter`, `InvalidParameterValue`; rules that are not there fail alone.
//! Source: API reference "DeleteInsightRules".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::insight_rules::{Change, change};
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
