//! PublishLayerVersion: makes a layer, or another version of it.
//!
//! Errors: `CodeStorageExceededException`, `InvalidParameterValueException`,
//! `ValidationException`, `ResourceNotFoundException`.
//! Source: API reference "PublishLayerVersion".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::lambda::code::read_zip;
use crate::services::lambda::constraint::Choice;
use crate::services::lambda::error::LambdaError;
use crate::services::lambda::layer::{LayerVersion, layer_name};
use crate::services::lambda::shapes::LayerVersionContentInput;
use crate::services::lambda::state::Lambda;
use crate::services::shared::constraint::Constraints;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub compatible_architectures: Option<Vec<String>>,
    pub compatible_runtimes: Option<Vec<String>>,
    pub content: Option<LayerVersionContentInput>,
    pub description: Option<String>,
    pub layer_name: Option<String>,
    pub license_info: Option<String>,
}

pub use crate::services::lambda::shapes::LayerVersionShown as Response;

const DESCRIPTION_CHARACTERS: (usize, usize) = (0, 256);
const LICENSE_CHARACTERS: (usize, usize) = (0, 512);
const RUNTIMES_MAX: usize = 15;
const FROM_S3: &str = "Content from S3 (S3Bucket, S3Key): send it as ZipFile; it";

pub fn run(
    ctx: &mut Context<'_>,
    lambda: &mut Lambda,
    request: Request,
) -> Result<Response, LambdaError> {
    let name = layer_name(ctx, request.layer_name.as_deref())?;
    let mut constraints = Constraints::default();
    constraints.required("content", request.content.as_ref());
    constraints.length("description", request.description.as_deref(), DESCRIPTION_CHARACTERS);
    constraints.length("licenseInfo", request.license_info.as_deref(), LICENSE_CHARACTERS);
    let runtimes = request.compatible_runtimes.unwrap_or_default();
    let architectures = request.compatible_architectures.unwrap_or_default();
    constraints.entries("compatibleRuntimes", &runtimes, (0, RUNTIMES_MAX));
    for architecture in &architectures {
        constraints.choice(Choice::ARCHITECTURE, Some(architecture));
    }
    constraints.done()?;
    let content = request.content.unwrap_or_default();
    let zip = match (content.zip_file, content.s3_bucket.or(content.s3_key)) {
        (Some(zip), None) => zip,
        (None, Some(_)) => return Err(LambdaError::NotImplemented(FROM_S3)),
        _ => return Err(LambdaError::parameter("Please provide a source for the layer.")),
    };
    let (package, unpacked) = read_zip(zip)?;
    lambda.check_storage(package.zip.len() as u64)?;
    let layer = lambda.layers.entry(name.clone()).or_default();
    layer.last_version += 1;
    let version = LayerVersion {
        arn: ctx.arn(format!("layer:{name}:{}", layer.last_version)),
        package,
        unpacked,
        description: request.description.unwrap_or_default(),
        runtimes,
        architectures,
        license: request.license_info,
        created: ctx.now(),
        policy: None,
    };
    let shown = version.shown();
    layer.versions.insert(layer.last_version, version);
    Ok(shown)
}
