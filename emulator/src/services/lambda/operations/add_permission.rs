//! AddPermission: adds a statement to the policy of a function, a version or an alias.
//!
//! Errors: `ResourceNotFoundException`, `ResourceConflictException`,
//! `PreconditionFailedException`, `PolicyLengthExceededException`,
//! `InvalidParameterValueException`, `ValidationException`.
//! Source: API reference "AddPermission".

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::address::Address;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::permission::{ResourcePolicy, Statement};
use crate::services::lambda::state::Lambda;
use crate::services::shared::constraint::Constraints;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub action: Option<String>,
    pub event_source_token: Option<String>,
    pub function_name: Option<String>,
    pub function_url_auth_type: Option<String>,
    pub invoked_via_function_url: Option<bool>,
    pub principal: Option<String>,
    #[serde(rename = "PrincipalOrgID")]
    pub principal_org_id: Option<String>,
    pub qualifier: Option<String>,
    pub revision_id: Option<String>,
    pub source_account: Option<String>,
    pub source_arn: Option<String>,
    pub statement_id: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub statement: Option<String>,
}

const ACCOUNT_CHARACTERS: (usize, usize) = (12, 12);

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let address = Address::read(request.function_name.as_deref(), request.qualifier.as_deref())?;
    let mut constraints = Constraints::default();
    constraints.statement(request.statement_id.as_deref(), request.action.as_deref());
    constraints.required("action", request.action.as_ref());
    constraints.required("principal", request.principal.as_ref());
    constraints.length("sourceAccount", request.source_account.as_deref(), ACCOUNT_CHARACTERS);
    let auth_type = request.function_url_auth_type.as_deref();
    constraints.function_url(auth_type, None, None);
    constraints.done()?;
    let function = lambda.function(ctx, &address)?;
    let key = function.policy_key(address.qualifier.as_deref())?;
    let resource = function.qualified(address.qualifier.as_deref());
    let statement = Statement {
        sid: request.statement_id.clone().unwrap_or_default(),
        principal: request.principal.clone().unwrap_or_default(),
        action: request.action.clone().unwrap_or_default(),
        conditions: conditions(&request),
    };
    let (policy, text) = ResourcePolicy::with(
        ctx,
        function.policies.get(&key),
        (resource.as_str(), &statement),
        (request.revision_id.as_deref(), "GetPolicy"),
    )?;
    function.policies.insert(key, policy);
    Ok(Response { statement: Some(text) })
}

/// Source: developer guide "Using resource-based policies for Lambda", and the examples of its
/// command-line calls.
fn conditions(request: &Request) -> Vec<(&'static str, &'static str, Value)> {
    let text = |it: &Option<String>| it.as_ref().map(|it| json!(it));
    let is_called = request.invoked_via_function_url.map(|it| json!(it.to_string()));
    [
        ("StringEquals", "lambda:FunctionUrlAuthType", text(&request.function_url_auth_type)),
        ("Bool", "lambda:InvokedViaFunctionUrl", is_called),
        ("StringEquals", "lambda:EventSourceToken", text(&request.event_source_token)),
        ("StringEquals", "aws:PrincipalOrgID", text(&request.principal_org_id)),
        ("StringEquals", "AWS:SourceAccount", text(&request.source_account)),
        ("ArnLike", "AWS:SourceArn", text(&request.source_arn)),
    ]
    .into_iter()
    .filter_map(|(operator, key, value)| Some((operator, key, value?)))
    .collect()
}
