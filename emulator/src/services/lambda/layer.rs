//! Layers: archives that functions share, by version.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error::LambdaError;
use super::permission::{ResourcePolicy, no_resource};
use super::settings::LayerUse;
use super::shapes::{LayerVersionContentOutput, LayerVersionShown, LayerVersionsListItem};
use super::state::Lambda;
use crate::kernel::{Arn, Context, Package};
use crate::services::shared::constraint::Constraints;
use crate::wire::Timestamp;

/// One layer.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Layer {
    pub(super) versions: BTreeMap<u64, LayerVersion>,
    /// The number of the version that is published last: none is given out twice.
    pub(super) last_version: u64,
}

/// One version of a layer.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct LayerVersion {
    /// With the version.
    pub(super) arn: Arn,
    pub(super) package: Package,
    /// Bytes when it is unpacked.
    pub(super) unpacked: u64,
    pub(super) description: String,
    pub(super) runtimes: Vec<String>,
    pub(super) architectures: Vec<String>,
    pub(super) license: Option<String>,
    pub(super) created: Timestamp,
    pub(super) policy: Option<ResourcePolicy>,
}

impl Layer {
    pub(super) fn code_bytes(&self) -> u64 {
        self.versions.values().map(|it| it.package.zip.len() as u64).fold(0, u64::saturating_add)
    }
}

/// Most layers of one function.
///
/// Source: "Lambda quotas".
const LAYERS_MAX: usize = 5;

impl Lambda {
    /// The layers that a function is to use, in order, and their archives.
    ///
    /// # Errors
    /// `InvalidParameterValueException`, `ResourceNotFoundException`.
    // Source: users' reports of AWS's answers (the first two texts).
    // Unverified: the others.
    pub(super) fn layers_of(
        &self,
        ctx: &Context<'_>,
        arns: &[String],
    ) -> Result<(Vec<LayerUse>, Vec<Package>), LambdaError> {
        if arns.len() > LAYERS_MAX {
            return Err(LambdaError::Parameter(format!(
                "Cannot reference more than {LAYERS_MAX} layers."
            )));
        }
        let (mut uses, mut packages): (Vec<LayerUse>, Vec<Package>) = Default::default();
        for arn in arns {
            let (name, version) = arn.rsplit_once(':').unwrap_or((arn, ""));
            let is_same = |it: &&LayerUse| it.arn.rsplit_once(':').is_some_and(|it| it.0 == name);
            if let Some(LayerUse { arn: other, .. }) = uses.iter().find(is_same) {
                return Err(LambdaError::Parameter(format!(
                    "Two different versions of the same layer are not allowed to be referenced \
                     in the same function. {other} and {arn} are versions of the same layer."
                )));
            }
            let name = name.strip_prefix(ctx.arn("layer:").as_str());
            let layer = name.and_then(|name| self.layers.get(name));
            let number = version.parse().ok();
            let found = layer.zip(number).and_then(|(layer, it)| layer.versions.get(&it));
            let Some(found) = found else {
                return Err(LambdaError::Parameter(format!("Layer version {arn} does not exist.")));
            };
            let (size, unpacked) = (found.package.zip.len() as u64, found.unpacked);
            uses.push(LayerUse { arn: arn.clone(), size, unpacked });
            packages.push(found.package.clone());
        }
        Ok((uses, packages))
    }
}

const NAME: &str = "(arn:(aws[a-zA-Z-]*)?:lambda:\
    (eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1}:\\d{12}:\
    layer:[a-zA-Z0-9-_]{1,140}|[a-zA-Z0-9-_]{1,140})";
const NAME_CHARACTERS_MAX: usize = 140;

/// The name that a request calls a layer by: its own, or its ARN in this account and region.
///
/// # Errors
/// `ValidationException`; `ResourceNotFoundException` for an ARN of elsewhere.
pub(super) fn layer_name(ctx: &Context<'_>, text: Option<&str>) -> Result<String, LambdaError> {
    let name = match text {
        Some(text) if text.starts_with("arn:") => match text.parse::<Arn>() {
            Ok(arn) if arn.scope == *ctx.scope() => {
                arn.resource.strip_prefix("layer:").map(str::to_owned)
            }
            // Differs from AWS: layers of other accounts and regions can't be used.
            Ok(arn) if arn.resource.starts_with("layer:") => return Err(no_resource()),
            _ => None,
        },
        other => other.map(str::to_owned),
    };
    let is_name = |it: &String| {
        (1..=NAME_CHARACTERS_MAX).contains(&it.len())
            && it.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
    };
    let mut constraints = Constraints::default();
    constraints.required("layerName", text.as_ref());
    if let Some(text) = text.filter(|_| !name.as_ref().is_some_and(is_name)) {
        constraints.not_of_pattern("layerName", text, NAME);
    }
    constraints.done()?;
    Ok(name.unwrap_or_default())
}

impl Lambda {
    /// # Errors
    /// `ResourceNotFoundException`, `ValidationException`.
    pub(super) fn layer_version(
        &mut self,
        ctx: &Context<'_>,
        (name, number): (Option<&str>, Option<i64>),
    ) -> Result<&mut LayerVersion, LambdaError> {
        let name = layer_name(ctx, name)?;
        let number = number.and_then(|it| u64::try_from(it).ok());
        let layer = self.layers.get_mut(&name);
        let version = layer.zip(number).and_then(|(layer, it)| layer.versions.get_mut(&it));
        version.ok_or_else(no_resource)
    }
}

impl LayerVersion {
    /// The layer's ARN and the version's number.
    fn parts(&self) -> (String, i64) {
        let (layer, number) = self.arn.as_str().rsplit_once(':').unwrap_or_default();
        (layer.to_owned(), number.parse().unwrap_or_default())
    }

    fn lists(&self) -> (Option<Vec<String>>, Option<Vec<String>>) {
        let filled = |list: &[String]| Some(list.to_vec()).filter(|list| !list.is_empty());
        (filled(&self.runtimes), filled(&self.architectures))
    }

    /// As everybody sees it.
    // Differs from AWS: GetLayerVersion gives no URL from which the archive can be had.
    pub(super) fn shown(&self) -> LayerVersionShown {
        let (layer_arn, version) = self.parts();
        let (compatible_runtimes, compatible_architectures) = self.lists();
        let content = LayerVersionContentOutput {
            code_sha256: Some(self.package.sha256.to_string()),
            code_size: i64::try_from(self.package.zip.len()).ok(),
            ..LayerVersionContentOutput::default()
        };
        LayerVersionShown {
            compatible_architectures,
            compatible_runtimes,
            content: Some(content),
            created_date: Some(self.created.iso_offset()),
            description: Some(self.description.clone()),
            layer_arn: Some(layer_arn),
            layer_version_arn: Some(self.arn.to_string()),
            license_info: self.license.clone(),
            version: Some(version),
        }
    }

    /// As lists have it.
    pub(super) fn item(&self) -> LayerVersionsListItem {
        let (_, version) = self.parts();
        let (compatible_runtimes, compatible_architectures) = self.lists();
        LayerVersionsListItem {
            compatible_architectures,
            compatible_runtimes,
            created_date: Some(self.created.iso_offset()),
            description: Some(self.description.clone()),
            layer_version_arn: Some(self.arn.to_string()),
            license_info: self.license.clone(),
            version: Some(version),
        }
    }

    /// Whether it says that it is for a runtime and an architecture; what it does not say is no
    /// match, as on AWS.
    pub(super) fn is_for(&self, runtime: Option<&str>, architecture: Option<&str>) -> bool {
        let has = |list: &[String], wanted: Option<&str>| {
            wanted.is_none_or(|wanted| list.iter().any(|it| it == wanted))
        };
        has(&self.runtimes, runtime) && has(&self.architectures, architecture)
    }
}
