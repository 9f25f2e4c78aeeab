//! Tasks: begun by an effect, answered by inputs, ended by an answer, a time-out or a heartbeat
//! that did not come.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::branch::{Phase, Running};
use super::failure::{Failure, TIMEOUT};
use super::history::{Details, EventType};
use super::turn::Turn;
use super::{Effect, News};
use crate::definition::{QueryLanguage, Resource, Task};
use crate::json::Json;
use crate::time::Milliseconds;

/// Letters and digits of a task's token.
const TOKEN_LENGTH: usize = 128;

/// A task that shall be begun.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TaskCall {
    /// Names the task in the inputs about it.
    pub number: u64,
    /// The name of its state.
    pub state: String,
    pub resource: Resource,
    pub input: Json,
    /// Of an activity, of a job, or of a task that waits for its token.
    pub token: Option<String>,
    /// The role of `Credentials`.
    pub role_arn: Option<String>,
    pub timeout_seconds: Option<u64>,
    pub heartbeat_seconds: Option<u64>,
}

/// The events of a kind of task.
struct TaskEvents {
    succeeded: EventType,
    failed: EventType,
    timed_out: EventType,
}

fn events(resource: &Resource) -> TaskEvents {
    let (succeeded, failed, timed_out) = match resource {
        Resource::Lambda { .. } => (
            EventType::LambdaFunctionSucceeded,
            EventType::LambdaFunctionFailed,
            EventType::LambdaFunctionTimedOut,
        ),
        Resource::Activity { .. } => {
            (EventType::ActivitySucceeded, EventType::ActivityFailed, EventType::ActivityTimedOut)
        }
        Resource::Service { .. } => {
            (EventType::TaskSucceeded, EventType::TaskFailed, EventType::TaskTimedOut)
        }
    };
    TaskEvents { succeeded, failed, timed_out }
}

/// Details that name a service integration; other tasks' events need no name.
fn named(resource: &Resource) -> Details {
    match resource {
        Resource::Service { service, action, .. } => {
            Details::new().with("resource", action.as_str()).with("resourceType", service.as_str())
        }
        _ => Details::new(),
    }
}

impl Turn<'_> {
    pub(super) fn schedule(&mut self, id: u64, task: &Task) -> Result<(), Failure> {
        let token = task.resource.has_token().then(|| self.execution.random.letters(TOKEN_LENGTH));
        self.branch_mut(id).token = token.clone();
        let arguments = self.arguments(id)?;
        let input = match self.state(id).language {
            QueryLanguage::JsonPath => self.effective_input(id)?,
            QueryLanguage::Jsonata => self.branch(id).input.clone(),
        };
        let timeout_seconds = self.seconds(id, task.timeout.as_ref(), 1, &input)?;
        let heartbeat_seconds = self.seconds(id, task.heartbeat.as_ref(), 1, &input)?;
        let role_arn = self.credentials(id, task, &input)?;
        self.execution.last_task += 1;
        let call = TaskCall {
            number: self.execution.last_task,
            state: self.branch(id).state.clone(),
            resource: task.resource.clone(),
            input: arguments,
            token,
            role_arn,
            timeout_seconds,
            heartbeat_seconds,
        };
        (self.judge)(&call).map_err(Failure::runtime)?;
        self.record_scheduled(id, &call);
        let until = |seconds: u64| self.now.saturating_add_unsigned(seconds.saturating_mul(1_000));
        let waits = matches!(task.resource, Resource::Activity { .. });
        let running = Running {
            number: call.number,
            deadline: timeout_seconds.map(until),
            heartbeat_seconds,
            // A worker's heart beats from when it takes the task.
            heartbeat_deadline: heartbeat_seconds.filter(|_| !waits).map(until),
        };
        self.execution.tasks.insert(call.number, id);
        let alarm = next_alarm(&running);
        self.branch_mut(id).phase = Phase::Task(running);
        self.set_alarm(id, alarm);
        self.effects.push(Effect::Call(Box::new(call)));
        Ok(())
    }

    fn credentials(
        &mut self,
        id: u64,
        task: &Task,
        input: &Json,
    ) -> Result<Option<String>, Failure> {
        let Some(template) = &task.credentials else { return Ok(None) };
        let value =
            self.scene(id, input.value(), &[], |scene| scene.evaluate(template, "Credentials"))?;
        match &value["RoleArn"] {
            Value::String(role) => Ok(Some(role.clone())),
            _ => Err(Failure::runtime("The field 'Credentials/RoleArn' must be a role's ARN")),
        }
    }

    fn record_scheduled(&mut self, id: u64, call: &TaskCall) {
        let credentials = call.role_arn.as_ref().map(|role| json!({"roleArn": role}));
        let limits = |details: Details| {
            details
                .with_some("timeoutInSeconds", call.timeout_seconds)
                .with_some("heartbeatInSeconds", call.heartbeat_seconds)
        };
        match &call.resource {
            Resource::Lambda { arn } => {
                let details = Details::new().input(&call.input).with("resource", arn.as_str());
                let details = details
                    .with_some("timeoutInSeconds", call.timeout_seconds)
                    .with_some("taskCredentials", credentials);
                self.record(id, EventType::LambdaFunctionScheduled, details);
                self.record(id, EventType::LambdaFunctionStarted, Details::new());
            }
            Resource::Activity { arn } => {
                let details = Details::new().input(&call.input).with("resource", arn.as_str());
                self.record(id, EventType::ActivityScheduled, limits(details));
            }
            Resource::Service { .. } => {
                let region = self.execution.about.region.clone();
                let details = named(&call.resource)
                    .with("region", region)
                    .with("parameters", call.input.text());
                let details = limits(details).with_some("taskCredentials", credentials);
                self.record(id, EventType::TaskScheduled, details);
                self.record(id, EventType::TaskStarted, named(&call.resource));
            }
        }
    }

    /// News of a task that nobody waits for any more are nobody's.
    pub(super) fn news(&mut self, number: u64, news: News) {
        let Some(id) = self.execution.tasks.get(&number).copied() else { return };
        let resource = self.resource(id).clone();
        match news {
            News::Started { worker } => {
                if matches!(resource, Resource::Activity { .. }) {
                    let details = Details::new().with_some("workerName", worker);
                    self.record(id, EventType::ActivityStarted, details);
                    self.beat(id);
                }
            }
            News::Submitted { output } => {
                let details = named(&resource).output(&output);
                self.record(id, EventType::TaskSubmitted, details);
            }
            News::Heartbeat => self.beat(id),
            News::Succeeded { output } => {
                self.forget_task(id);
                self.attempt(id, |turn, id| turn.answered(id, &resource, &output));
            }
            News::Failed { error, cause } => {
                self.forget_task(id);
                let failure = Failure { error, cause, of_task: true, ..Failure::default() };
                self.record_failed(id, &resource, &failure);
                self.fail(id, failure);
            }
        }
    }

    fn resource(&self, id: u64) -> &Resource {
        match &self.state(id).kind {
            crate::definition::Kind::Task(task) => &task.resource,
            _ => unreachable!("only a task's branch waits for a task"),
        }
    }

    fn answered(&mut self, id: u64, resource: &Resource, output: &Json) -> Result<(), Failure> {
        if let Err(mut failure) = Self::bound_payload(resource.name(), output) {
            failure.of_task = true;
            self.record_failed(id, resource, &failure);
            return Err(failure);
        }
        self.record(id, events(resource).succeeded, named(resource).output(output));
        let conclusion = self.conclude(id, output)?;
        let next = self.state(id).next.as_deref();
        self.leave(id, conclusion, next)
    }

    fn record_failed(&mut self, id: u64, resource: &Resource, failure: &Failure) {
        let details = named(resource)
            .with_some("error", failure.error.clone())
            .with_some("cause", failure.cause.clone());
        self.record(id, events(resource).failed, details);
    }

    fn beat(&mut self, id: u64) {
        let now = self.now;
        let Phase::Task(running) = &mut self.branch_mut(id).phase else { return };
        let Some(seconds) = running.heartbeat_seconds else { return };
        let until = now.saturating_add_unsigned(seconds.saturating_mul(1_000));
        running.heartbeat_deadline = Some(until);
        let alarm = next_alarm(running);
        self.set_alarm(id, alarm);
    }

    /// A missed heartbeat is recorded as a time-out, as on AWS.
    pub(super) fn task_is_late(&mut self, id: u64, at: Milliseconds) {
        let Phase::Task(running) = &self.branch(id).phase else { return };
        let (number, heartbeat) =
            (running.number, running.deadline.is_none_or(|deadline| deadline > at));
        let resource = self.resource(id).clone();
        self.forget_task(id);
        self.effects.push(Effect::Cancel { number });
        self.record(id, events(&resource).timed_out, named(&resource).with("error", TIMEOUT));
        let error = Some(TIMEOUT.to_owned());
        self.fail(id, Failure { error, heartbeat, of_task: true, ..Failure::default() });
    }

    /// Nobody waits for the branch's task any more. Gives its number.
    pub(super) fn forget_task(&mut self, id: u64) -> Option<u64> {
        let Phase::Task(running) = &self.branch(id).phase else { return None };
        let number = running.number;
        self.execution.tasks.remove(&number);
        self.set_alarm(id, None);
        self.branch_mut(id).phase = Phase::Again;
        Some(number)
    }
}

fn next_alarm(running: &Running) -> Option<Milliseconds> {
    running.deadline.into_iter().chain(running.heartbeat_deadline).min()
}
