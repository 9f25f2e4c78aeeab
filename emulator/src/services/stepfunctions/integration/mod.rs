//! Tasks: what they call, and what the answers are to an execution.
//!
//! A task is an internal call like any service's. Knows other services by AWS's names for them and
//! their operations only.

mod answer;
mod casing;
mod http;
mod request;
mod sdk;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};
use skyrig_asl::Json;
use skyrig_asl::definition::{Pattern, Resource};
use skyrig_asl::execution::{News, TaskCall};

use super::activity::Activity;
use super::run::{Run, Task};
use super::state::StepFunctions;
use super::{PRINCIPAL, WAITING};
use crate::kernel::{
    Account, Answered, Arn, CallError, Context, InternalCall, NodeId, Principal, Scope,
};

/// What the tokens of calls begin with: of a task, of a job that is waited for.
pub(super) const TASK: &str = "task";
pub(super) const JOB: &str = "job";
/// The token of a call whose answer nobody waits for.
const NOBODY: &str = "nobody";

/// The service here that an SDK integration calls by `name`.
pub(super) fn sdk_service(name: &str) -> &str {
    sdk::SdkService::of(name).map_or(name, |row| row.service)
}

/// Whether a task can be begun at all. The words are AWS's.
pub(super) fn judge(
    activities: &BTreeMap<String, Activity>,
    scope: &Scope,
    call: &TaskCall,
) -> Result<(), String> {
    match &call.resource {
        Resource::Activity { arn } => {
            let named: Option<Arn> = arn.parse().ok();
            let name = arn.rsplit(':').next().unwrap_or_default();
            let is_there = named.is_some_and(|it| it.scope == *scope);
            if is_there && activities.contains_key(name) {
                return Ok(());
            }
            Err(format!("The activity {arn} does not exist."))
        }
        Resource::Service { service, action, .. } => {
            request::judge(service, action, &call.input)?;
            if http::is_http(&call.resource) { http::judge(&call.input) } else { Ok(()) }
        }
        Resource::Lambda { .. } => Ok(()),
    }
}

/// Which of a service's calls a token stands for.
fn token_of(kind: &str, number: u64, run: &Run) -> Arc<str> {
    format!("{kind}/{number}/{}", run.key).into()
}

/// The number and the execution that follow the kind in a token.
fn parts(token: &str) -> Option<(u64, Arc<str>)> {
    let (number, key) = token.split_once('/')?;
    Some((number.parse().ok()?, key.into()))
}

/// Calls what a task names.
///
/// # Errors
/// The task's failure, if there is nothing to be called.
pub(super) fn begin(ctx: &mut Context<'_>, run: &Run, call: &TaskCall) -> Result<(), News> {
    let run_arns = [run.machine_arn.as_str(), run.arn.as_str()];
    let cause = run.cause_of_states.get(&call.state).copied().unwrap_or(run.cause);
    if http::is_http(&call.resource) {
        let token = token_of(TASK, call.number, run);
        return http::ask(ctx, (&run.arn, &call.input, cause), &token).map_err(failed);
    }
    let called = request::of(&call.resource, &call.input, &run_arns).map_err(failed)?;
    let mut scope = ctx.scope().clone();
    if let Some(role) = call.role_arn.as_deref().and_then(|role| role.parse::<Arn>().ok()) {
        scope.account = Account(role.account().into());
    }
    let token = token_of(TASK, call.number, run);
    send(ctx, (called.service, called.operation), called.input, (PRINCIPAL, scope), &token, cause);
    Ok(())
}

fn send(
    ctx: &mut Context<'_>,
    (service, operation): (String, String),
    input: Value,
    (principal, scope): (Principal, Scope),
    token: &Arc<str>,
    cause: NodeId,
) {
    let answer_to = ctx.return_address(token);
    let hops = 0;
    let call = InternalCall { service, operation, input, principal, scope, cause, hops, answer_to };
    ctx.call_with(call);
}

/// Stops an execution that nobody waits for any more.
pub(super) fn stop_job(ctx: &mut Context<'_>, run: &Run, job: &Arn) {
    let called = ("states".to_owned(), "StopExecution".to_owned());
    let input = json!({"executionArn": job.as_str()});
    let of = (PRINCIPAL, job.scope.clone());
    send(ctx, called, input, of, &NOBODY.into(), run.cause);
}

/// An error and its cause.
pub(super) struct Failure {
    pub(super) error: String,
    pub(super) cause: String,
}

fn failed(failure: Failure) -> News {
    News::Failed { error: Some(failure.error), cause: Some(failure.cause) }
}

/// What a request came to, for whoever tries a state.
pub(super) fn news_of(
    ctx: &mut Context<'_>,
    resource: &Resource,
    answer: Result<Answered, CallError>,
) -> News {
    match answer::of(ctx, resource, answer) {
        Ok(output) => News::Succeeded { output },
        Err(failure) => failed(failure),
    }
}

/// What `TestState` shows of a task that asks a server: its request, and the server's answer.
pub(super) fn inspection(
    call: &TaskCall,
    answer: &Result<Answered, CallError>,
) -> Option<(Value, Value)> {
    match answer {
        Ok(Answered::Http(answer)) if http::is_http(&call.resource) => {
            Some(http::inspection(call.input.value(), answer))
        }
        _ => None,
    }
}

/// What a trial calls.
pub(super) fn call_of_trial(
    ctx: &mut Context<'_>,
    call: &TaskCall,
    token: &Arc<str>,
) -> Result<(), News> {
    let cause = ctx.cause();
    if http::is_http(&call.resource) {
        let from = ctx.arn("express:trial");
        return http::ask(ctx, (&from, &call.input, cause), token).map_err(failed);
    }
    let called = request::of(&call.resource, &call.input, &[]).map_err(failed)?;
    let scope = ctx.scope().clone();
    send(ctx, (called.service, called.operation), called.input, (PRINCIPAL, scope), token, cause);
    Ok(())
}

impl StepFunctions {
    fn task(&self, key: &Arc<str>, number: u64) -> Option<&Task> {
        self.executions.get(key)?.tasks.get(&number)
    }

    /// A task's request was answered.
    pub(super) fn task_answered(
        &mut self,
        ctx: &mut Context<'_>,
        token: &str,
        answer: Result<Answered, CallError>,
    ) {
        let Some((number, key)) = parts(token) else { return };
        let Some(resource) = self.task(&key, number).map(|task| task.resource.clone()) else {
            return;
        };
        let output = match answer::of(ctx, &resource, answer) {
            Ok(output) => output,
            Err(failure) => return self.tell(ctx, &key, number, failed(failure)),
        };
        let pattern = match &resource {
            Resource::Service { pattern, .. } => *pattern,
            _ => Pattern::RequestResponse,
        };
        let news = match pattern {
            Pattern::RequestResponse => News::Succeeded { output: output.clone() },
            Pattern::WaitForTaskToken | Pattern::Sync => News::Submitted { output: output.clone() },
        };
        self.tell(ctx, &key, number, news);
        if pattern == Pattern::Sync {
            self.wait_for_job(ctx, &key, number, &output);
        }
    }

    /// Asks for the execution that a task has started; the answer comes when it ends.
    fn wait_for_job(&mut self, ctx: &mut Context<'_>, key: &Arc<str>, number: u64, output: &Json) {
        let arn = output.value()["ExecutionArn"].as_str().and_then(|it| it.parse::<Arn>().ok());
        let Some(arn) = arn else { return };
        let Some(run) = self.executions.get_mut(key) else { return };
        let Some(task) = run.tasks.get_mut(&number) else { return };
        task.job = Some(arn.clone());
        let (token, cause) = (token_of(JOB, number, run), run.cause);
        let called = ("states".to_owned(), "DescribeExecution".to_owned());
        let input = json!({"executionArn": arn.as_str()});
        send(ctx, called, input, (WAITING, arn.scope.clone()), &token, cause);
    }

    /// The execution that a task has started has ended.
    pub(super) fn job_ended(
        &mut self,
        ctx: &mut Context<'_>,
        token: &str,
        answer: Result<Answered, CallError>,
    ) {
        let Some((number, key)) = parts(token) else { return };
        let Some(task) = self.task(&key, number) else { return };
        let parsed = matches!(
            &task.resource,
            Resource::Service { action, .. } if action.ends_with(".sync:2")
        );
        let news = match answer {
            Ok(Answered::Operation(description)) => answer::of_job(description, parsed),
            Ok(_) => return,
            Err(error) => failed(answer::failure(ctx, &task.resource, error)),
        };
        self.tell(ctx, &key, number, news);
    }
}
