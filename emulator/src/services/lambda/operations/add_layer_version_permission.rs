//! AddLayerVersionPermission: lets others use a version of a layer.
//!
//! Errors: `ResourceNotFoundException`, `ResourceConflictException`,
//! `PreconditionFailedException`, `PolicyLengthExceededException`,
//! `InvalidParameterValueException`, `ValidationException`.
//! Source: API reference "AddLayerVersionPermission".

use serde::{Deserialize, Serialize};
use serde_json::json;
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::permission::{ResourcePolicy, Statement};
use crate::services::lambda::state::Lambda;
use crate::services::shared::constraint::Constraints;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub action: Option<String>,
    pub layer_name: Option<String>,
    pub organization_id: Option<String>,
    pub principal: Option<String>,
    pub revision_id: Option<String>,
    pub statement_id: Option<String>,
    pub version_number: Option<i64>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub revision_id: Option<String>,
    pub statement: Option<String>,
}

const ACTION: &str = "lambda:GetLayerVersion";

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let mut constraints = Constraints::default();
    constraints.statement(request.statement_id.as_deref(), None);
    constraints.required("action", request.action.as_ref());
    constraints.required("principal", request.principal.as_ref());
    if let Some(action) = request.action.as_deref().filter(|it| *it != ACTION) {
        constraints.not_of_pattern("action", action, ACTION);
    }
    constraints.done()?;
    let version =
        lambda.layer_version(ctx, (request.layer_name.as_deref(), request.version_number))?;
    let organization = request.organization_id.map(|it| json!(it));
    let condition = organization.map(|it| ("StringEquals", "aws:PrincipalOrgID", it));
    let statement = Statement {
        sid: request.statement_id.unwrap_or_default(),
        principal: request.principal.unwrap_or_default(),
        action: request.action.unwrap_or_default(),
        conditions: condition.into_iter().collect(),
    };
    let (policy, text) = ResourcePolicy::with(
        ctx,
        version.policy.as_ref(),
        (version.arn.as_str(), &statement),
        (request.revision_id.as_deref(), "GetLayerVersionPolicy"),
    )?;
    let revision_id = Some(policy.revision.to_string());
    version.policy = Some(policy);
    Ok(Response { statement: Some(text), revision_id })
}
