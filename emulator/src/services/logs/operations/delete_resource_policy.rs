//! DeleteResourcePolicy: deletes a policy of the account, or of a resource.
//!
//! Errors: `ResourceNotFoundException`, `InvalidParameterException`.
//! Source: API reference "DeleteResourcePolicy". Unverified: the texts.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::logs::constraint::given;
use crate::services::logs::error::LogsError;
use crate::services::logs::operations::put_resource_policy::check_revision;
use crate::services::logs::state::Logs;
use crate::services::logs::state::of_identifier;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub expected_revision_id: Option<String>,
    pub policy_name: Option<String>,
    pub resource_arn: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(
    ctx: &mut Context<'_>,
    logs: &mut Logs,
    request: Request,
) -> Result<Response, LogsError> {
    let removed = match &request.resource_arn {
        Some(resource) => {
            let group = of_identifier(ctx, resource)?;
            let arn = ctx.arn(format!("log-group:{group}")).to_string();
            let held = logs.policies.of_resources.get(&arn);
            check_revision(held, request.expected_revision_id.as_deref())?;
            logs.policies.of_resources.remove(&arn)
        }
        None => {
            let name = given("policyName", request.policy_name)?;
            logs.policies.of_account.remove(&name)
        }
    };
    let missing = LogsError::NotFound("The specified resource policy does not exist.");
    removed.map(|_| Response {}).ok_or(missing)
}
