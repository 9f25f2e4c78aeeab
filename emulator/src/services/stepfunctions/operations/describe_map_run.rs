//! DescribeMapRun: a run of a distributed map as it is.
//!
//! Errors: `InvalidArn`, `ResourceNotFound`.
//! Source: API reference "DescribeMapRun".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::shared::constraint::Constraints;
use crate::services::stepfunctions::error::StepFunctionsError;
use crate::services::stepfunctions::state::StepFunctions;
use crate::wire::Timestamp;

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Request {
    pub map_run_arn: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Response {
    pub execution_arn: Option<String>,
    pub execution_counts: Option<MapRunExecutionCounts>,
    pub item_counts: Option<MapRunItemCounts>,
    pub map_run_arn: Option<String>,
    pub max_concurrency: Option<i32>,
    pub redrive_count: Option<i32>,
    pub redrive_date: Option<Timestamp>,
    pub start_date: Option<Timestamp>,
    pub status: Option<String>,
    pub stop_date: Option<Timestamp>,
    pub tolerated_failure_count: Option<i64>,
    pub tolerated_failure_percentage: Option<f32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MapRunExecutionCounts {
    pub aborted: Option<i64>,
    pub failed: Option<i64>,
    pub failures_not_redrivable: Option<i64>,
    pub pending: Option<i64>,
    pub pending_redrive: Option<i64>,
    pub results_written: Option<i64>,
    pub running: Option<i64>,
    pub succeeded: Option<i64>,
    pub timed_out: Option<i64>,
    pub total: Option<i64>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MapRunItemCounts {
    pub aborted: Option<i64>,
    pub failed: Option<i64>,
    pub failures_not_redrivable: Option<i64>,
    pub pending: Option<i64>,
    pub pending_redrive: Option<i64>,
    pub results_written: Option<i64>,
    pub running: Option<i64>,
    pub succeeded: Option<i64>,
    pub timed_out: Option<i64>,
    pub total: Option<i64>,
}

pub fn run(
    ctx: &mut Context<'_>,
    states: &mut StepFunctions,
    request: Request,
) -> Result<Response, StepFunctionsError> {
    let mut constraints = Constraints::default();
    constraints.states_long_arn("mapRunArn", request.map_run_arn.as_ref());
    constraints.done()?;
    let (run, index) = states.map_run(ctx, request.map_run_arn.as_deref())?;
    let of = &run.execution.map_runs()[index];
    let number = |it: usize| i64::try_from(it).ok();
    let left = of.total.saturating_sub(of.succeeded).saturating_sub(of.failed);
    let has_ended = of.succeeded_in_the_end.is_some();
    let status = match (of.succeeded_in_the_end, run.stopped) {
        (Some(true), _) => "SUCCEEDED",
        (Some(false), _) => "FAILED",
        (None, Some(_)) => "ABORTED",
        (None, None) => "RUNNING",
    };
    let is_over = has_ended || run.stopped.is_some();
    let (running, aborted) = if is_over { (0, left) } else { (left, 0) };
    let counts = |none: Option<i64>| MapRunExecutionCounts {
        aborted: number(aborted),
        failed: number(of.failed),
        failures_not_redrivable: none,
        pending: Some(0),
        pending_redrive: none,
        results_written: Some(0),
        running: number(running),
        succeeded: number(of.succeeded),
        timed_out: Some(0),
        total: number(of.total),
    };
    let all = counts(Some(0));
    Ok(Response {
        execution_arn: Some(run.arn.to_string()),
        item_counts: Some(MapRunItemCounts {
            aborted: all.aborted,
            failed: all.failed,
            failures_not_redrivable: all.failures_not_redrivable,
            pending: all.pending,
            pending_redrive: all.pending_redrive,
            results_written: all.results_written,
            running: all.running,
            succeeded: all.succeeded,
            timed_out: all.timed_out,
            total: all.total,
        }),
        execution_counts: Some(all),
        map_run_arn: Some(of.arn.clone()),
        max_concurrency: i32::try_from(of.max_concurrency).ok(),
        redrive_count: i32::try_from(run.execution.redrive_count()).ok(),
        redrive_date: run.redriven,
        start_date: Some(Timestamp::from_millis(of.started_at)),
        status: Some(status.to_owned()),
        stop_date: of.stopped_at.map(Timestamp::from_millis),
        tolerated_failure_count: Some(of.tolerated_count),
        tolerated_failure_percentage: Some(of.tolerated_percentage as f32),
    })
}
