//! Layers: archives that functions share, by version.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::error::LambdaError;
use super::permission::ResourcePolicy;
use super::settings::LayerUse;
use super::state::Lambda;
use crate::kernel::{Arn, Context, Package};
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
    // Unverified: the texts.
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
            if uses.iter().any(|it| it.arn.rsplit_once(':').is_some_and(|it| it.0 == name)) {
                return Err(LambdaError::Parameter(format!(
                    "Two different versions of the same layer are not allowed to be referenced \
                     in the same function. {arn} is the second one."
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
