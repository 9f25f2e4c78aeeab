//! Activities: tasks that wait for workers, and workers that wait for tasks.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use skyrig_asl::execution::News;

use super::error::StepFunctionsError;
use super::names;
use super::operations::get_activity_task;
use super::run::Run;
use super::shapes::EncryptionConfiguration;
use super::state::StepFunctions;
use crate::kernel::{Arn, CallId, Context};
use crate::wire::Timestamp;

/// Source: "Step Functions service quotas".
pub(super) const ACTIVITIES_MAX: usize = 10_000;
const WORKERS_MAX: usize = 1_000;
/// How long GetActivityTask waits. Source: API reference "GetActivityTask".
const WAIT: Duration = Duration::from_secs(60);
/// What the keys of timers and of waiting calls begin with.
pub(super) const TIMER: &str = "activity/";

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Activity {
    pub(super) arn: Arn,
    pub(super) name: String,
    pub(super) created: Timestamp,
    pub(super) tags: BTreeMap<String, String>,
    pub(super) encryption: Option<EncryptionConfiguration>,
    /// Executions and the numbers of their tasks, in the order in which they came.
    tasks: VecDeque<(Arc<str>, u64)>,
    workers: VecDeque<Worker>,
}

/// A call that waits for a task.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Worker {
    call: CallId,
    name: Option<String>,
    until: Timestamp,
}

impl Activity {
    pub(super) fn new(ctx: &Context<'_>, name: &str) -> Self {
        Self {
            arn: ctx.arn(format!("activity:{name}")),
            name: name.to_owned(),
            created: ctx.now(),
            tags: BTreeMap::new(),
            encryption: None,
            tasks: VecDeque::new(),
            workers: VecDeque::new(),
        }
    }
}

impl StepFunctions {
    /// # Errors
    /// `InvalidArn`, `ActivityDoesNotExist`.
    pub(super) fn activity(
        &mut self,
        ctx: &Context<'_>,
        text: Option<&str>,
    ) -> Result<&mut Activity, StepFunctionsError> {
        let name = names::activity(text)?;
        let text = text.unwrap_or_default();
        let is_here = text.parse().is_ok_and(|arn| names::is_here(ctx, &arn));
        let found = self.activities.get_mut(&name).filter(|_| is_here);
        found.ok_or_else(|| StepFunctionsError::ActivityDoesNotExist(text.to_owned()))
    }

    /// Gives an execution's task to the first worker that waits, or puts it in the line. Says that
    /// it was taken.
    pub(super) fn offer(
        &mut self,
        ctx: &mut Context<'_>,
        run: &Run,
        arn: &str,
        number: u64,
    ) -> Option<News> {
        let activity = self.activities.get_mut(&names::activity(Some(arn)).ok()?)?;
        let Some(worker) = activity.workers.pop_front() else {
            activity.tasks.push_back((Arc::clone(&run.key), number));
            return None;
        };
        ctx.complete(worker.call, taken(run, number));
        Some(News::Started { worker: worker.name })
    }

    /// Takes a task out of the line.
    pub(super) fn withdraw(&mut self, arn: &str, key: &Arc<str>, number: u64) {
        let name = names::activity(Some(arn)).unwrap_or_default();
        if let Some(activity) = self.activities.get_mut(&name) {
            activity.tasks.retain(|task| *task != (Arc::clone(key), number));
        }
    }

    /// The next task for a worker, or the worker waits.
    ///
    /// # Errors
    /// `InvalidArn`, `ActivityDoesNotExist`, `ActivityWorkerLimitExceeded`.
    pub(super) fn work(
        &mut self,
        ctx: &mut Context<'_>,
        arn: Option<&str>,
        worker: Option<String>,
    ) -> Result<Option<get_activity_task::Response>, StepFunctionsError> {
        let activity = self.activity(ctx, arn)?;
        let Some((key, number)) = activity.tasks.pop_front() else {
            if activity.workers.len() >= WORKERS_MAX {
                return Err(StepFunctionsError::WorkerLimitExceeded);
            }
            let timer = format!("{TIMER}{}", activity.name).into();
            let (call, until) = (ctx.park(&timer), ctx.now() + WAIT);
            activity.workers.push_back(Worker { call, name: worker, until });
            ctx.set_timer(until, &timer);
            return Ok(None);
        };
        let response = self.executions.get(&key).map(|run| taken(run, number));
        self.tell(ctx, &key, number, News::Started { worker });
        Ok(Some(response.unwrap_or_default()))
    }

    /// Workers that have waited long enough go without a task.
    pub(super) fn dismiss(&mut self, ctx: &mut Context<'_>, name: &str) {
        let Some(activity) = self.activities.get_mut(name) else { return };
        while let Some(worker) = activity.workers.front().filter(|it| it.until <= ctx.now()) {
            ctx.complete(worker.call, get_activity_task::Response::default());
            activity.workers.pop_front();
        }
    }

    /// A worker's connection is gone.
    pub(super) fn hang_up(&mut self, name: &str, call: CallId) {
        if let Some(activity) = self.activities.get_mut(name) {
            activity.workers.retain(|worker| worker.call != call);
        }
    }

    /// Removes an activity; workers go without a task.
    pub(super) fn remove_activity(&mut self, ctx: &mut Context<'_>, name: &str) {
        let Some(activity) = self.activities.remove(name) else { return };
        for worker in activity.workers {
            ctx.complete(worker.call, get_activity_task::Response::default());
        }
    }
}

fn taken(run: &Run, number: u64) -> get_activity_task::Response {
    let task = run.tasks.get(&number);
    get_activity_task::Response {
        input: task.map(|task| task.input.text().to_owned()),
        task_token: task.and_then(|task| task.token.clone()),
    }
}
