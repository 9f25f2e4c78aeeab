//! Lambda in one account and region.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::code_signing::CodeSigning;
use super::error::LambdaError;
use super::function::Function;
use super::invoke::Invocations;
use super::layer::Layer;
use super::mapping::Mappings;

/// Most bytes of code that functions, their versions and layers may have, as they were uploaded.
///
/// AWS's own bound is 75 GB; this one is that of a machine's memory.
// Differs from AWS: an account may hold 2 GiB of code, not 75 GB.
pub(super) const CODE_BYTES_MAX: u64 = 2 * 1024 * 1024 * 1024;

/// Functions and layers.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Lambda {
    /// By name.
    pub(super) functions: BTreeMap<Arc<str>, Function>,
    /// By name.
    pub(super) layers: BTreeMap<String, Layer>,
    pub(super) invocations: Invocations,
    #[serde(default)]
    pub(super) mappings: Mappings,
    /// By ARN.
    #[serde(default)]
    pub(super) code_signing: BTreeMap<String, CodeSigning>,
}

impl Lambda {
    /// The bytes of all code, as AWS counts them: each version has its own.
    pub(super) fn code_bytes(&self) -> u64 {
        let of_functions = self.functions.values().map(Function::code_bytes);
        let of_layers = self.layers.values().map(Layer::code_bytes);
        of_functions.chain(of_layers).fold(0, u64::saturating_add)
    }

    /// # Errors
    /// `CodeStorageExceededException`.
    pub(super) fn check_storage(&self, more: u64) -> Result<(), LambdaError> {
        match self.code_bytes().saturating_add(more) <= CODE_BYTES_MAX {
            true => Ok(()),
            false => Err(LambdaError::CodeStorage),
        }
    }
}
