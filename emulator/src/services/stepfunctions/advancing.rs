//! One step of an execution: what came in, and what it wants then.

use std::collections::VecDeque;
use std::sync::Arc;

use skyrig_asl::execution::{Input, News, TaskCall};

use super::integration;
use super::state::StepFunctions;
use crate::kernel::Context;

/// What the keys of timers begin with that wake an execution.
pub(super) const TIMER: &str = "execution/";

impl StepFunctions {
    /// The one way by which an execution goes on.
    pub(super) fn advance(&mut self, ctx: &mut Context<'_>, key: &Arc<str>, input: Input) {
        let Some(mut run) = self.executions.remove(key) else { return };
        let was_closed = run.stopped.is_some();
        let mut inputs = VecDeque::from([self.instead_of(&run.machine, input)]);
        let revision = Arc::clone(&run.revision);
        let scope = ctx.scope().clone();
        while let Some(input) = inputs.pop_front() {
            let activities = &self.activities;
            let judge = |call: &TaskCall| integration::judge(activities, &scope, call);
            let now = ctx.now().millis();
            let effects = run.execution.step_judged(&revision.definition, now, input, &judge);
            for effect in effects {
                self.take(ctx, &mut run, effect, &mut inputs);
            }
        }
        self.log(ctx, &mut run);
        if run.stopped.is_some() && run.is_express() {
            return;
        }
        if let Some(at) = run.stopped.filter(|_| !was_closed) {
            self.closed_bytes += run.bytes();
            self.closed.push_back((at, Arc::clone(key)));
        }
        self.executions.insert(Arc::clone(key), run);
    }

    /// An execution whose machine is being deleted ends when it would go on.
    fn instead_of(&self, machine: &str, input: Input) -> Input {
        let deleting = self.machines.get(machine).is_none_or(|it| it.deletion.is_some());
        match input {
            Input::Time | Input::Task { .. } if deleting => {
                Input::Stop { error: None, cause: None }
            }
            other => other,
        }
    }

    /// Time has come for an execution, if it is there and waits for that.
    pub(super) fn wake(&mut self, ctx: &mut Context<'_>, key: &str) {
        let due = |at: i64| at <= ctx.now().millis();
        let Some(run) = self.executions.get(key) else { return };
        if run.execution.wake_at().is_some_and(due) {
            let key = Arc::clone(&run.key);
            self.advance(ctx, &key, Input::Time);
        }
    }

    /// Tells an execution what became of one of its tasks; the task is over if that is an end.
    pub(super) fn tell(&mut self, ctx: &mut Context<'_>, key: &Arc<str>, number: u64, news: News) {
        if matches!(news, News::Succeeded { .. } | News::Failed { .. }) {
            self.end_task(key, number);
        }
        self.advance(ctx, key, Input::Task { number, news });
    }

    fn end_task(&mut self, key: &Arc<str>, number: u64) {
        let Some(run) = self.executions.get_mut(key) else { return };
        let token = run.tasks.remove(&number).and_then(|task| task.token);
        if let Some(token) = token {
            self.tokens.remove(&token);
        }
    }
}
