//! UpdateFunctionConfiguration: changes the settings of `$LATEST`.
//!
//! Errors: `ResourceNotFoundException`, `ResourceConflictException`,
//! `PreconditionFailedException`, `InvalidParameterValueException`, `ValidationException`.
//! Source: API reference "UpdateFunctionConfiguration".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::address::Address;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::settings::Wanted;
use crate::services::lambda::shapes::{
    AcceleratorConfig, CapacityProviderConfig, DeadLetterConfig, DurableConfig, Environment,
    EphemeralStorage, FileSystemConfig, FunctionRuntimeConfig, ImageConfig, LoggingConfig,
    SnapStart, TracingConfig, VpcConfig,
};
use crate::services::lambda::state::Lambda;
use crate::services::lambda::version::check_revision;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub accelerator_config: Option<AcceleratorConfig>,
    pub capacity_provider_config: Option<CapacityProviderConfig>,
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
    pub revision_id: Option<String>,
    pub role: Option<String>,
    pub runtime: Option<String>,
    pub runtime_config: Option<FunctionRuntimeConfig>,
    pub snap_start: Option<SnapStart>,
    pub timeout: Option<i32>,
    pub tracing_config: Option<TracingConfig>,
    pub vpc_config: Option<VpcConfig>,
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
    let revision_id = request.revision_id.clone();
    let wanted = wanted(request);
    wanted.check(ctx)?;
    let function = lambda.function(ctx, &address)?;
    check_revision(revision_id.as_deref(), Some(function.latest.revision()), GET)?;
    function.check_settled(ctx)?;
    let mut latest = function.latest.clone();
    latest.apply(ctx, lambda, wanted)?;
    latest.check_unpacked()?;
    latest.changed(ctx);
    let function = lambda.found(&address);
    function.latest = latest;
    Ok(function.latest.configuration(ctx, &function.arn))
}

fn wanted(request: Request) -> Wanted {
    Wanted {
        description: request.description,
        role: request.role,
        runtime: request.runtime,
        handler: request.handler,
        timeout: request.timeout,
        memory_size: request.memory_size,
        ephemeral_storage: request.ephemeral_storage,
        environment: request.environment,
        dead_letter_config: request.dead_letter_config,
        layers: request.layers,
        logging_config: request.logging_config,
        tracing_config: request.tracing_config,
        snap_start: request.snap_start,
        kms_key_arn: request.kms_key_arn,
        vpc_config: request.vpc_config,
        file_system_configs: request.file_system_configs,
        image_config: request.image_config,
        durable_config: request.durable_config,
        tenancy_config: None,
        accelerator_config: request.accelerator_config,
        capacity_provider_config: request.capacity_provider_config,
        runtime_config: request.runtime_config,
    }
}
