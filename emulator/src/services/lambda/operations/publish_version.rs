//! PublishVersion: gives `$LATEST` a number, under which it does not change any more.
//!
//! Errors: `ResourceNotFoundException`, `ResourceConflictException`,
//! `PreconditionFailedException`, `InvalidParameterValueException`,
//! `CodeStorageExceededException`.
//! Source: API reference "PublishVersion".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::address::Address;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::state::Lambda;
use crate::services::lambda::version::check_revision;
use crate::services::shared::constraint::Constraints;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub code_sha256: Option<String>,
    pub description: Option<String>,
    pub function_name: Option<String>,
    pub publish_to: Option<String>,
    pub revision_id: Option<String>,
}

pub use crate::services::lambda::shapes::FunctionConfiguration as Response;

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let address = Address::unqualified(request.function_name.as_deref())?;
    let mut constraints = Constraints::default();
    constraints.alias(None, None, request.description.as_deref());
    constraints.one_of("publishTo", request.publish_to.as_deref(), &["LATEST_PUBLISHED"]);
    constraints.done()?;
    if request.publish_to.is_some() {
        ctx.not_honoured("PublishTo")?;
    }
    let function = lambda.function(ctx, &address)?;
    let latest = &function.latest;
    check_revision(request.revision_id.as_deref(), Some(latest.revision()), "GetFunction")?;
    function.check_settled(ctx)?;
    let (size, sha256) = (latest.code_size, &latest.code_sha256);
    if let Some(expected) = request.code_sha256.filter(|it| it != sha256 && !it.is_empty()) {
        return Err(LambdaError::Parameter(format!(
            "CodeSHA256 ({expected}) is different from current CodeSHA256 in $LATEST ({sha256}). \
             Please try again with the CodeSHA256 in $LATEST."
        )));
    }
    lambda.check_storage(size)?;
    Ok(lambda.found(&address).publish(ctx, request.description))
}
