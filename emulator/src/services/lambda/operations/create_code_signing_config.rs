//! CreateCodeSigningConfig: says whose signatures code may have; it is stored, no code is checked.
//!
//! Errors: `InvalidParameterValueException`, `ValidationException`.
//! Source: API reference "CreateCodeSigningConfig".

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::code_signing::CodeSigning;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::shapes::{AllowedPublishers, CodeSigningConfig, CodeSigningPolicies};
use crate::services::lambda::state::Lambda;
use crate::services::lambda::tagging;
use crate::services::shared::constraint::Constraints;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub allowed_publishers: Option<AllowedPublishers>,
    pub code_signing_policies: Option<CodeSigningPolicies>,
    pub description: Option<String>,
    pub tags: Option<BTreeMap<String, String>>,
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
    let mut constraints = Constraints::default();
    constraints.required("allowedPublishers", request.allowed_publishers.as_ref());
    let (publishers, policies) = (request.allowed_publishers, request.code_signing_policies);
    let told = (publishers.as_ref(), policies.as_ref(), request.description.as_deref());
    constraints.code_signing(told);
    constraints.done()?;
    let tags = request.tags.unwrap_or_default();
    tagging::check(&tags)?;
    lambda.check_code_signing_room()?;
    ctx.not_honoured("AllowedPublishers")?;
    let mut new = CodeSigning::new(ctx, tags);
    new.change(ctx, (publishers, policies, request.description));
    let config = new.told();
    lambda.code_signing.insert(new.arn().to_owned(), new);
    Ok(Response { code_signing_config: Some(config) })
}
