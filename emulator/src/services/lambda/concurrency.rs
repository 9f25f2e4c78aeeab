//! How many invocations of a function may run at once.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::address::LATEST;
use super::error::LambdaError;
use super::function::Function;
use super::state::Lambda;
use crate::kernel::{Context, Passing};
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

/// How long it takes with a lifecycle of its own time.
const PASSING_TIME: Duration = Duration::from_secs(60);

impl Provisioned {
    pub(super) fn new(ctx: &Context<'_>, requested: u32) -> Self {
        let passing = Passing::begin(ctx, "IN_PROGRESS", PASSING_TIME);
        Self { requested, modified: ctx.now(), passing }
    }

    pub(super) fn status(&self, ctx: &Context<'_>) -> &str {
        if self.passing.lasts(ctx) { &self.passing.status } else { "READY" }
    }

    /// What there is already of what was requested.
    pub(super) fn allocated(&self, ctx: &Context<'_>) -> u32 {
        if self.passing.lasts(ctx) { 0 } else { self.requested }
    }
}

impl Function {
    /// Checks that a qualifier may have provisioned concurrency.
    ///
    /// # Errors
    /// `InvalidParameterValueException`, `ResourceNotFoundException`.
    pub(super) fn check_provisionable(
        &self,
        qualifier: Option<&str>,
    ) -> Result<String, LambdaError> {
        match qualifier {
            None | Some(LATEST) => Err(LambdaError::parameter(
                "Provisioned Concurrency Configs cannot be applied to unpublished function \
                 versions.",
            )),
            Some(it) if self.has(it) => Ok(it.to_owned()),
            Some(it) => {
                let arn = self.qualified(Some(it)).to_string();
                let is_number = it.bytes().all(|byte| byte.is_ascii_digit());
                let found = if is_number {
                    LambdaError::FunctionNotFound
                } else {
                    LambdaError::AliasNotFound
                };
                Err(found(arn))
            }
        }
    }
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
