//! EventBridge Pipes in one account and region.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::activity::METRICS;
use super::error::PipesError;
use super::execution::Execution;
use super::pipe::Pipe;
use crate::kernel::{Context, WantedMetrics};

/// Source: user guide, "Amazon EventBridge Pipes quotas".
const PIPES_MAX: usize = 1_000;

/// All pipes, and what they are about.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Pipes {
    pub(super) pipes: BTreeMap<Arc<str>, Pipe>,
    /// Batches on their way, by the execution's id.
    pub(super) executions: BTreeMap<Arc<str>, Execution>,
}

impl Pipes {
    /// Forgets the pipes that were deleted and whose state has passed.
    pub(super) fn forget_deleted(&mut self, ctx: &Context<'_>) {
        self.pipes.retain(|_, pipe| !pipe.is_gone(ctx));
    }

    /// # Errors
    /// `NotFoundException`.
    pub(super) fn pipe(&mut self, ctx: &Context<'_>, name: &str) -> Result<&mut Pipe, PipesError> {
        self.forget_deleted(ctx);
        self.pipes.get_mut(name).ok_or_else(|| PipesError::NotFound(name.to_owned()))
    }

    /// # Errors
    /// `ConflictException`, `ServiceQuotaExceededException`.
    pub(super) fn check_new(&mut self, ctx: &Context<'_>, name: &str) -> Result<(), PipesError> {
        self.forget_deleted(ctx);
        if self.pipes.contains_key(name) {
            return Err(PipesError::Exists(name.to_owned()));
        }
        if self.pipes.len() >= PIPES_MAX {
            return Err(PipesError::TooManyPipes);
        }
        Ok(())
    }

    pub(super) fn publish_activity(&mut self, ctx: &mut Context<'_>, wanted: &WantedMetrics) {
        let wanted = wanted.resources(METRICS.0, METRICS.1);
        let is_wanted = |name: &str| wanted.as_ref().is_none_or(|names| names.contains(&name));
        for pipe in self.pipes.values_mut().filter(|pipe| is_wanted(&pipe.name)) {
            pipe.activity.publish(ctx, &pipe.name);
        }
    }
}
