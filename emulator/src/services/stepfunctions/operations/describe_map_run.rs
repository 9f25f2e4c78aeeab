//! DescribeMapRun: a run of a distributed map as it is.
//!
//! Errors: `InvalidArn`, `ResourceNotFound`.
//! Source: API reference "DescribeMapRun".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::shared::constraint::Constraints;
use crate::services::stepfunctions::counts::Counts;
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
    let status = match (of.succeeded_in_the_end, of.stopped_at) {
        (Some(true), _) => "SUCCEEDED",
        (Some(false), _) => "FAILED",
        (None, Some(_)) => "ABORTED",
        (None, None) => "RUNNING",
    };
    let owner = of.parent.and_then(|place| run.execution.child(place));
    let owner = owner.map_or_else(|| run.arn.to_string(), |(of, child)| of.child_arn(child));
    let executions = Counts::of(of, of.total, |_| 1);
    let items = Counts::of(of, of.items, |child| child.items);
    Ok(Response {
        execution_arn: Some(owner),
        execution_counts: Some(MapRunExecutionCounts {
            aborted: number(executions.aborted),
            failed: number(executions.failed),
            failures_not_redrivable: Some(0),
            pending: number(executions.pending),
            pending_redrive: Some(0),
            results_written: Some(0),
            running: number(executions.running),
            succeeded: number(executions.succeeded),
            timed_out: number(executions.timed_out),
            total: number(of.total),
        }),
        item_counts: Some(MapRunItemCounts {
            aborted: number(items.aborted),
            failed: number(items.failed),
            failures_not_redrivable: Some(0),
            pending: number(items.pending),
            pending_redrive: Some(0),
            results_written: Some(0),
            running: number(items.running),
            succeeded: number(items.succeeded),
            timed_out: number(items.timed_out),
            total: number(of.items),
        }),
        map_run_arn: Some(of.arn.clone()),
        max_concurrency: i32::try_from(of.max_concurrency).ok(),
        redrive_count: i32::try_from(of.redrives).ok(),
        redrive_date: of.redriven_at.map(Timestamp::from_millis),
        start_date: Some(Timestamp::from_millis(of.started_at)),
        status: Some(status.to_owned()),
        stop_date: of.stopped_at.map(Timestamp::from_millis),
        tolerated_failure_count: Some(of.tolerated_count),
        tolerated_failure_percentage: Some(of.tolerated_percentage as f32),
    })
}

fn number(count: usize) -> Option<i64> {
    i64::try_from(count).ok()
}
