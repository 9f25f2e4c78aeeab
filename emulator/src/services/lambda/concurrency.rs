//! How many invocations of a function may run at once.

use serde::{Deserialize, Serialize};

use super::function::Function;
use super::state::Lambda;
use crate::kernel::Passing;
use crate::wire::Timestamp;

/// Invocations of an account that may run at once in a region.
///
/// Source: "Lambda quotas".
pub(super) const CONCURRENCY_MAX: u32 = 1_000;
/// What always has to be left for functions that reserve nothing.
///
/// Source: developer guide "Configuring reserved concurrency".
pub(super) const UNRESERVED_MIN: u32 = 100;

/// Environments that are kept ready for a version or an alias.
// Differs from AWS: provisioned concurrency is stored and reported; no environment is begun for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Provisioned {
    pub(super) requested: u32,
    pub(super) modified: Timestamp,
    pub(super) passing: Passing,
}

impl Lambda {
    /// What is left for functions that reserve nothing.
    pub(super) fn unreserved_concurrency(&self) -> u32 {
        let reserved = self.functions.values().filter_map(|it| it.reserved_concurrency);
        CONCURRENCY_MAX.saturating_sub(reserved.fold(0, u32::saturating_add))
    }

    /// How many invocations of `function` may run at once, and whether it has them for itself.
    pub(super) fn concurrency_of(&self, function: &Function) -> (u32, bool) {
        match function.reserved_concurrency {
            Some(reserved) => (reserved, true),
            None => (self.unreserved_concurrency(), false),
        }
    }
}
