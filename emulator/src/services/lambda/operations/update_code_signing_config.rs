//! UpdateCodeSigningConfig: changes whose signatures code may have.
//!
//! Errors: `ResourceNotFoundException`, `InvalidParameterValueException`, `ValidationException`.
//! Source: API reference "UpdateCodeSigningConfig".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::shapes::{AllowedPublishers, CodeSigningConfig, CodeSigningPolicies};
use crate::services::lambda::state::Lambda;
use crate::services::shared::constraint::Constraints;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub allowed_publishers: Option<AllowedPublishers>,
    pub code_signing_config_arn: Option<String>,
    pub code_signing_policies: Option<CodeSigningPolicies>,
    pub description: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub code_signing_config: Option<CodeSigningConfig>,
}

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let (publishers, policies) = (request.allowed_publishers, request.code_signing_policies);
    let mut constraints = Constraints::default();
    let told = (publishers.as_ref(), policies.as_ref(), request.description.as_deref());
    constraints.code_signing(told);
    constraints.done()?;
    if publishers.is_some() {
        ctx.not_honoured("AllowedPublishers")?;
    }
    let config = lambda.code_signing(request.code_signing_config_arn.as_deref())?;
    config.change(ctx, (publishers, policies, request.description));
    Ok(Response { code_signing_config: Some(config.told()) })
}
