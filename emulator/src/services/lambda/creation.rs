//! What CreateFunction makes of its request: a version of which nothing is set, the defaults, and
//! what is wanted.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::address::LATEST;
use super::code::Source;
use super::error::LambdaError;
use super::operations::create_function::Request;
use super::settings::{Settings, Wanted};
use super::shapes::LoggingConfig;
use crate::kernel::{Arn, FunctionVersion};

/// Source: API reference "CreateFunction", the defaults of its members.
const TIMEOUT_SECONDS: u32 = 3;
const MEMORY_MEGABYTES: u32 = 128;
const STORAGE_MEGABYTES: u32 = 512;

/// A version of which nothing is set.
pub(super) fn empty(name: &str, function: Arn, revision: Arc<str>) -> FunctionVersion {
    FunctionVersion {
        function,
        name: name.into(),
        version: LATEST.into(),
        revision,
        runtime: None,
        handler: None,
        timeout_seconds: TIMEOUT_SECONDS,
        memory_megabytes: MEMORY_MEGABYTES,
        ephemeral_storage_megabytes: STORAGE_MEGABYTES,
        environment: BTreeMap::new(),
        log_group: format!("/aws/lambda/{name}").into(),
        code: None,
        layers: Vec::new(),
    }
}

pub(super) fn defaults(request: &Request) -> Settings {
    let architectures = request.architectures.clone();
    let logging = LoggingConfig { log_format: Some("Text".to_owned()), ..Default::default() };
    Settings {
        is_image: request.package_type.as_deref() == Some("Image"),
        architectures: architectures.unwrap_or_else(|| vec!["x86_64".to_owned()]),
        tracing_mode: "PassThrough".to_owned(),
        snap_start: "None".to_owned(),
        logging,
        ..Settings::default()
    }
}

/// An archive needs a runtime and a handler, an image has them itself.
// Unverified: the second text.
pub(super) fn check_runtime(run: &FunctionVersion, is_image: bool) -> Result<(), LambdaError> {
    let has = (run.runtime.is_some(), run.handler.is_some());
    if !is_image && has != (true, true) {
        return Err(LambdaError::parameter(
            "Runtime and Handler are mandatory parameters for functions created with deployment \
             packages.",
        ));
    }
    if is_image && (has != (false, false) || !run.layers.is_empty()) {
        return Err(LambdaError::parameter(
            "Please don't provide handler or runtime or layer when the intent is to create a \
             function with image.",
        ));
    }
    Ok(())
}

pub(super) fn parts(request: Request) -> (Source, Wanted) {
    let code = request.code.unwrap_or_default();
    let source = Source {
        zip: code.zip_file,
        image_uri: code.image_uri,
        s3_bucket: code.s3_bucket.or(code.s3_key),
        source_kms_key_arn: code.source_kms_key_arn,
    };
    let wanted = Wanted {
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
        tenancy_config: request.tenancy_config,
        accelerator_config: request.accelerator_config,
        capacity_provider_config: request.capacity_provider_config,
        runtime_config: request.runtime_config,
    };
    (source, wanted)
}
