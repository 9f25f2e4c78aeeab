//! UpdateFunctionCode: replaces the code of `$LATEST`.
//!
//! Errors: `ResourceNotFoundException`, `ResourceConflictException`,
//! `PreconditionFailedException`, `InvalidParameterValueException`,
//! `CodeStorageExceededException`.
//! Source: API reference "UpdateFunctionCode".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::address::Address;
use crate::services::lambda::code::Source;
use crate::services::lambda::constraint::Choice;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::state::Lambda;
use crate::services::lambda::version::check_revision;
use crate::services::shared::constraint::Constraints;
use crate::wire::Blob;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub architectures: Option<Vec<String>>,
    pub dry_run: Option<bool>,
    pub function_name: Option<String>,
    pub image_uri: Option<String>,
    pub publish: Option<bool>,
    pub publish_to: Option<String>,
    pub revision_id: Option<String>,
    pub s3_bucket: Option<String>,
    pub s3_key: Option<String>,
    pub s3_object_storage_mode: Option<String>,
    pub s3_object_version: Option<String>,
    #[serde(rename = "SourceKMSKeyArn")]
    pub source_kms_key_arn: Option<String>,
    pub zip_file: Option<Blob>,
}

pub use crate::services::lambda::shapes::FunctionConfiguration as Response;

/// What says the latest revision.
const GET: &str = "GetFunction";

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let address = Address::unqualified(request.function_name.as_deref())?;
    let mut constraints = Constraints::default();
    for architecture in request.architectures.iter().flatten() {
        constraints.choice(Choice::ARCHITECTURE, Some(architecture));
    }
    constraints.done()?;
    if request.architectures.as_ref().is_some_and(|it| it[..] != ["x86_64"]) {
        ctx.not_honoured("Architectures")?;
    }
    if request.publish_to.is_some() {
        ctx.not_honoured("PublishTo")?;
    }
    let source = Source {
        zip: request.zip_file,
        image_uri: request.image_uri,
        s3_bucket: request.s3_bucket.or(request.s3_key),
        source_kms_key_arn: request.source_kms_key_arn,
    };
    let code = source.read(ctx, "SourceKMSKeyArn")?;
    let function = lambda.function(ctx, &address)?;
    check_revision(request.revision_id.as_deref(), Some(function.latest.revision()), GET)?;
    function.check_settled(ctx)?;
    let mut latest = function.latest.clone();
    code.check_kind(latest.settings.is_image)?;
    let before = latest.code_size;
    latest.set_code(code);
    latest.check_unpacked()?;
    if let Some(architectures) = request.architectures {
        latest.settings.architectures = architectures;
    }
    let publishes = request.publish == Some(true) || request.publish_to.is_some();
    let copies = if publishes { 2 } else { 1 };
    let more = latest.code_size.saturating_mul(copies).saturating_sub(before);
    lambda.check_storage(more)?;
    latest.changed(ctx);
    let function = lambda.found(&address);
    if request.dry_run == Some(true) {
        return Ok(latest.configuration(ctx, &function.arn));
    }
    function.latest = latest;
    match publishes {
        true => Ok(function.publish(ctx, None)),
        false => Ok(function.latest.configuration(ctx, &function.arn)),
    }
}
