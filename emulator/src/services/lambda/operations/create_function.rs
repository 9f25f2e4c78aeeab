//! CreateFunction: makes a function from an archive, or for an image.
//!
//! Limits: see `settings` and `package`; 50 tags.
//! Errors: `ResourceConflictException`, `InvalidParameterValueException`, `ValidationException`,
//! `CodeStorageExceededException`.
//! Source: API reference "CreateFunction".

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::address::Address;
use crate::services::lambda::constraint::Choice;
use crate::services::lambda::creation::{check_runtime, defaults, empty, parts};
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::function::Function;
use crate::services::lambda::shapes::*;
use crate::services::lambda::state::Lambda;
use crate::services::lambda::tagging;
use crate::services::lambda::version::{Version, revision};
use crate::services::shared::constraint::Constraints;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub accelerator_config: Option<AcceleratorConfig>,
    pub architectures: Option<Vec<String>>,
    pub capacity_provider_config: Option<CapacityProviderConfig>,
    pub code: Option<FunctionCode>,
    pub code_signing_config_arn: Option<String>,
    pub dead_letter_config: Option<DeadLetterConfig>,
    pub description: Option<String>,
    pub durable_config: Option<DurableConfig>,
    pub environment: Option<Environment>,
    pub ephemeral_storage: Option<EphemeralStorage>,
    pub file_system_configs: Option<Vec<FileSystemConfig>>,
    pub function_name: Option<String>,
    pub handler: Option<String>,
    pub image_config: Option<ImageConfig>,
    #[serde(rename = "KMSKeyArn")]
    pub kms_key_arn: Option<String>,
    pub layers: Option<Vec<String>>,
    pub logging_config: Option<LoggingConfig>,
    pub memory_size: Option<i32>,
    pub package_type: Option<String>,
    pub publish: Option<bool>,
    pub publish_to: Option<String>,
    pub role: Option<String>,
    pub runtime: Option<String>,
    pub runtime_config: Option<FunctionRuntimeConfig>,
    pub snap_start: Option<SnapStart>,
    pub tags: Option<BTreeMap<String, String>>,
    pub tenancy_config: Option<TenancyConfig>,
    pub timeout: Option<i32>,
    pub tracing_config: Option<TracingConfig>,
    pub vpc_config: Option<VpcConfig>,
}

pub use crate::services::lambda::shapes::FunctionConfiguration as Response;

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let address = check(&request)?;
    address.check_place(ctx)?;
    let arn = ctx.arn(format!("function:{}", address.name));
    if lambda.functions.contains_key(address.name.as_str()) {
        return Err(LambdaError::FunctionExists(address.name));
    }
    let publishes = request.publish == Some(true) || request.publish_to.is_some();
    let tags = request.tags.clone().unwrap_or_default();
    tagging::check(&tags)?;
    let code_signing = request.code_signing_config_arn.clone();
    let mut run = empty(&address.name, arn.clone(), revision(ctx));
    let mut settings = defaults(&request);
    report(ctx, &request)?;
    let (code, wanted) = parts(request);
    wanted.check(ctx)?;
    let code = code.read(ctx, "Code.SourceKMSKeyArn")?;
    wanted.apply(ctx, lambda, &mut run, &mut settings)?;
    code.check_kind(settings.is_image)?;
    check_runtime(&run, settings.is_image)?;
    let mut latest = Version::new(ctx, run, settings);
    latest.set_code(code);
    latest.check_unpacked()?;
    let versions = if publishes { 2 } else { 1 };
    lambda.check_storage(latest.code_size.saturating_mul(versions))?;
    lambda.check_code_signing(code_signing.as_deref())?;
    let mut function = Function::new(arn, latest);
    function.tags = tags;
    function.code_signing = code_signing;
    let answer = match publishes {
        true => function.publish(ctx, None),
        false => function.latest.configuration(ctx, &function.arn),
    };
    lambda.functions.insert(function.name.clone(), function);
    Ok(answer)
}

fn check(request: &Request) -> Result<Address, LambdaError> {
    let mut it = Constraints::default();
    it.required("role", request.role.as_ref());
    it.required("code", request.code.as_ref());
    it.choice(Choice::PACKAGE_TYPE, request.package_type.as_deref());
    for architecture in request.architectures.iter().flatten() {
        it.choice(Choice::ARCHITECTURE, Some(architecture));
    }
    it.done()?;
    Address::unqualified(request.function_name.as_deref())
}

fn report(ctx: &mut Context<'_>, request: &Request) -> Result<(), LambdaError> {
    if request.code_signing_config_arn.is_some() {
        ctx.not_honoured("CodeSigningConfigArn")?;
    }
    if request.architectures.as_ref().is_some_and(|it| it[..] != ["x86_64"]) {
        ctx.not_honoured("Architectures")?;
    }
    if request.publish_to.is_some() {
        ctx.not_honoured("PublishTo")?;
    }
    Ok(())
}
