//! UpdateMapRun: how many items of a running map run at once, and how many may fail.
//!
//! Errors: `InvalidArn`, `ResourceNotFound`, `ValidationException`.
//! Source: API reference "UpdateMapRun".

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use skyrig_asl::execution::{Input, MapRunChange as Change};

use crate::kernel::Context;
use crate::services::shared::constraint::Constraints;
use crate::services::stepfunctions::error::StepFunctionsError;
use crate::services::stepfunctions::state::StepFunctions;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub map_run_arn: Option<String>,
    pub max_concurrency: Option<i32>,
    pub tolerated_failure_count: Option<i64>,
    pub tolerated_failure_percentage: Option<f32>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Response {}

pub fn run(
    ctx: &mut Context<'_>,
    states: &mut StepFunctions,
    request: Request,
) -> Result<Response, StepFunctionsError> {
    let mut constraints = Constraints::default();
    constraints.states_long_arn("mapRunArn", request.map_run_arn.as_ref());
    constraints.range("maxConcurrency", request.max_concurrency, (0, i32::MAX));
    constraints.done()?;
    let percentage = request.tolerated_failure_percentage;
    let in_range = percentage.is_none_or(|it| (0.0..=100.0).contains(&it));
    if !in_range || request.tolerated_failure_count.is_some_and(|it| it < 0) {
        // Unverified: the text.
        return Err(StepFunctionsError::validation(
            "toleratedFailureCount must not be negative, toleratedFailurePercentage be between 0 \
             and 100.",
        ));
    }
    let (run, index) = states.map_run(ctx, request.map_run_arn.as_deref())?;
    let of = &run.execution.map_runs()[index];
    if of.stopped_at.is_some() {
        // Unverified: the text.
        return Err(StepFunctionsError::validation("The Map Run is not running."));
    }
    let change = Change {
        max_concurrency: request.max_concurrency.map(i64::from),
        tolerated_count: request.tolerated_failure_count,
        tolerated_percentage: percentage.map(f64::from),
    };
    let (key, arn) = (Arc::clone(&run.key), of.arn.clone());
    states.advance(ctx, &key, Input::UpdateMapRun { arn, change });
    Ok(Response {})
}
