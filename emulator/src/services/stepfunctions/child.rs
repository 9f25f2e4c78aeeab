//! Child executions of distributed maps, as requests name and see them. The execution with the map
//! has them; they are in no list but that of their map run.

use std::ops::Bound;

use skyrig_asl::execution::{
    CHILD_HISTORIES_MAX, ChildPlace, HistoryEvent, MapChild, MapRun, Outcome,
};

use super::describing::included;
use super::error::StepFunctionsError;
use super::names;
use super::operations::describe_execution;
use super::operations::list_executions::ExecutionListItem;
use super::run::{Run, status_of};
use super::state::StepFunctions;
use crate::kernel::Context;
use crate::wire::Timestamp;

/// What is not implemented, in the words of the errors.
pub(super) const NO_HISTORY: &str = "The history of a child execution after the first thousand";
pub(super) const NOT_STOPPED: &str = "StopExecution of a child execution";

/// A child, its map's run, and the execution that has both.
#[derive(Clone, Copy)]
pub(super) struct Child<'a> {
    pub(super) of: &'a Run,
    pub(super) place: ChildPlace,
    pub(super) map_run: &'a MapRun,
    child: &'a MapChild,
}

impl StepFunctions {
    /// The child execution of that ARN; none, if the ARN is no child's.
    ///
    /// # Errors
    /// `InvalidArn`, `ExecutionDoesNotExist`.
    pub(super) fn child(
        &mut self,
        ctx: &Context<'_>,
        text: Option<&str>,
    ) -> Result<Option<Child<'_>>, StepFunctionsError> {
        let key = names::execution(text)?;
        let machine = key.split(':').next().unwrap_or_default();
        let Some((machine, _)) = machine.split_once('/') else { return Ok(None) };
        self.forget(ctx.now());
        let text = text.unwrap_or_default();
        let begin = format!("{machine}:");
        let bounds = (Bound::Included(begin.as_str()), Bound::Unbounded);
        let all = self.executions.range::<str, _>(bounds);
        let mut all = all.take_while(|(key, _)| key.starts_with(&begin)).map(|(_, run)| run);
        let found = all.find_map(|of| children(of, None).find(|it| it.arn() == text));
        let missing = || StepFunctionsError::ExecutionDoesNotExist(text.to_owned());
        found.map(Some).ok_or_else(missing)
    }
}

/// The children of an execution, or of one of its runs, in the order in which they were started.
pub(super) fn children(of: &Run, run: Option<usize>) -> impl Iterator<Item = Child<'_>> {
    let runs = of.execution.map_runs().iter().enumerate();
    let wanted = runs.filter(move |(at, it)| run.is_none_or(|run| run == *at) && !it.express);
    wanted.flat_map(move |(run, map_run)| {
        map_run.children.iter().enumerate().map(move |(index, child)| Child {
            of,
            place: ChildPlace { run, index },
            map_run,
            child,
        })
    })
}

impl<'a> Child<'a> {
    pub(super) fn arn(&self) -> String {
        self.map_run.child_arn(self.child)
    }

    pub(super) fn status(&self) -> &'static str {
        status_of(self.child.outcome.as_ref())
    }

    /// Whether it is of that status, and was redriven or not.
    pub(super) fn is_wanted(&self, status: Option<&str>, redrive: Option<&str>) -> bool {
        let is_redriven = self.child.redrives > 0;
        status.is_none_or(|wanted| wanted == self.status())
            && redrive.is_none_or(|wanted| (wanted == "REDRIVEN") == is_redriven)
    }

    /// # Errors
    /// `NotImplemented` beyond the first children of a run.
    pub(super) fn history(&self) -> Result<&'a [HistoryEvent], StepFunctionsError> {
        if self.place.index >= CHILD_HISTORIES_MAX {
            return Err(StepFunctionsError::NotImplemented(NO_HISTORY));
        }
        let of_run = self.of.child_histories.get(&self.place.run);
        let events = of_run.and_then(|it| it.get(&self.place.index));
        Ok(events.map_or(&[], Vec::as_slice))
    }

    /// As ListExecutions shows it.
    pub(super) fn item(&self) -> ExecutionListItem {
        let (machine, _) = self.map_run.machine_of_children();
        ExecutionListItem {
            execution_arn: Some(self.arn()),
            item_count: i32::try_from(self.child.items).ok(),
            map_run_arn: Some(self.map_run.arn.clone()),
            name: Some(self.child.name.clone()),
            redrive_count: i32::try_from(self.child.redrives).ok(),
            redrive_date: self.child.redriven_at.map(Timestamp::from_millis),
            start_date: Some(Timestamp::from_millis(self.child.started_at)),
            state_machine_alias_arn: None,
            state_machine_arn: Some(machine),
            state_machine_version_arn: None,
            status: Some(self.status().to_owned()),
            stop_date: self.child.stopped_at.map(Timestamp::from_millis),
        }
    }

    /// As DescribeExecution shows it; `data` says whether with input and output.
    pub(super) fn description(&self, data: bool) -> describe_execution::Response {
        let (error, cause, output) = match &self.child.outcome {
            Some(Outcome::Succeeded { output }) => (None, None, Some(output.text().to_owned())),
            Some(Outcome::Failed { error, cause } | Outcome::Aborted { error, cause }) => {
                (error.clone(), cause.clone(), None)
            }
            Some(Outcome::TimedOut) | None => (None, None, None),
        };
        let (redrive_status, reason) = match self.status() {
            "FAILED" | "ABORTED" | "TIMED_OUT" => ("REDRIVABLE_BY_MAP_RUN", None),
            status => {
                let reason = format!("Execution is {status} and cannot be redriven");
                ("NOT_REDRIVABLE", Some(reason))
            }
        };
        let item = self.item();
        describe_execution::Response {
            cause: cause.filter(|_| data),
            error: error.filter(|_| data),
            execution_arn: item.execution_arn,
            input: data.then(|| self.child.input.text().to_owned()),
            input_details: included().filter(|_| data),
            map_run_arn: item.map_run_arn,
            name: item.name,
            output_details: included().filter(|_| data && output.is_some()),
            output: output.filter(|_| data),
            redrive_count: item.redrive_count,
            redrive_date: item.redrive_date,
            redrive_status: Some(redrive_status.to_owned()),
            redrive_status_reason: reason,
            start_date: item.start_date,
            state_machine_alias_arn: None,
            state_machine_arn: item.state_machine_arn,
            state_machine_version_arn: None,
            status: item.status,
            stop_date: item.stop_date,
            trace_header: self.of.trace_header.clone(),
        }
    }
}
