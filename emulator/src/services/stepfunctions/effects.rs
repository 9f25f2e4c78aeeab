//! What an execution wants: events, tasks, being woken, its end.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use skyrig_asl::definition::Resource;
use skyrig_asl::execution::{Effect, HistoryEvent, Input, TaskCall};

use super::advancing::TIMER;
use super::describing;
use super::integration;
use super::metrics::Count;
use super::run::{Run, Task};
use super::state::StepFunctions;
use super::status_event::Change;
use crate::kernel::{Context, What};
use crate::wire::Timestamp;

/// How long an Express execution rests that has done as much as a step may do: it has no bound on
/// events but on time, so time must pass for it.
const REST: Duration = Duration::from_secs(1);

impl StepFunctions {
    pub(super) fn take(
        &mut self,
        ctx: &mut Context<'_>,
        run: &mut Run,
        effect: Effect,
        inputs: &mut VecDeque<Input>,
    ) {
        match effect {
            Effect::Record(event) => record(ctx, run, event),
            Effect::RecordChild { child, event } => run.record_child(child, event),
            Effect::Call(call) => self.begin_task(ctx, run, *call, inputs),
            Effect::Cancel { number } => self.cancel_task(ctx, run, number),
            Effect::WakeAt(at) => {
                let mut at = Timestamp::from_millis(at);
                if run.is_express() && at <= ctx.now() {
                    at = ctx.now() + REST;
                }
                ctx.set_timer(at, &format!("{TIMER}{}", run.key).into());
            }
            Effect::NotHonoured { what } => {
                tracing::warn!(service = "states", what, "accepted, but has no effect here");
            }
            Effect::Finished(_) => self.finish(ctx, run),
        }
    }

    fn begin_task(
        &mut self,
        ctx: &mut Context<'_>,
        run: &mut Run,
        call: TaskCall,
        inputs: &mut VecDeque<Input>,
    ) {
        let number = call.number;
        if let Some(token) = &call.token {
            self.tokens.insert(token.clone(), (Arc::clone(&run.key), number));
        }
        let task = Task {
            resource: call.resource.clone(),
            token: call.token.clone(),
            input: call.input.clone(),
            job: None,
        };
        run.tasks.insert(number, task);
        let news = match &call.resource {
            Resource::Activity { arn } => self.offer(ctx, run, arn, number),
            _ => integration::begin(ctx, run, &call).err(),
        };
        if let Some(news) = news {
            inputs.push_back(Input::Task { number, news });
        }
    }

    /// Nobody waits for a task any more.
    fn cancel_task(&mut self, ctx: &mut Context<'_>, run: &mut Run, number: u64) {
        let Some(task) = run.tasks.remove(&number) else { return };
        if let Some(token) = &task.token {
            self.tokens.remove(token);
        }
        if let Resource::Activity { arn } = &task.resource {
            self.withdraw(arn, &run.key, number);
        }
        if let Some(job) = task.job {
            integration::stop_job(ctx, run, &job);
        }
    }

    fn finish(&mut self, ctx: &mut Context<'_>, run: &mut Run) {
        run.stopped = Some(ctx.now());
        run.cause_of_states.clear();
        self.open = self.open.saturating_sub(1);
        let count = match run.status() {
            "SUCCEEDED" => Count::Succeeded,
            "TIMED_OUT" => Count::TimedOut,
            "ABORTED" => Count::Aborted,
            _ => Count::Failed,
        };
        if let Some(machine) = self.machines.get_mut(&run.machine) {
            machine.running = machine.running.saturating_sub(1);
            let name = Arc::clone(&machine.metric_name);
            machine.activity.count(ctx, &name, count);
            machine.activity.ended(ctx.now().since(run.started));
        }
        let status = run.status();
        ctx.record_note(run.cause, What::ExecutionEnded, &run.lineage, run.subject, status);
        run.put_status_event(ctx, Change::Ended);
        for call in std::mem::take(&mut run.waiters) {
            if run.is_express() {
                ctx.complete(call, describing::synchronous(run));
            } else {
                ctx.complete(call, describing::execution(run, true));
            }
        }
    }
}

fn record(ctx: &mut Context<'_>, run: &mut Run, event: HistoryEvent) {
    if event.kind.name().ends_with("StateEntered")
        && let Some(state) = event.details.get("name").and_then(|name| name.as_str())
    {
        let (cause, subject) = (run.cause, run.subject);
        run.cause = ctx.record_note(cause, What::StateEntered, &run.lineage, subject, state);
        run.cause_of_states.insert(state.to_owned(), run.cause);
    }
    if run.revision.settings.logging.level.as_deref().is_some_and(|level| level != "OFF") {
        run.unlogged.push(event.clone());
    }
    if event.id == 1 {
        run.put_status_event(ctx, Change::Began);
    }
    if !run.is_express() {
        run.record(event);
    }
}
