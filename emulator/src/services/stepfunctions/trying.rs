//! TestState: one state by itself. What it calls is called; its trial is begun anew with the
//! answer.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use skyrig_asl::definition::{Pattern, Resource};
use skyrig_asl::execution::{About, News, Tested};
use skyrig_asl::trial::{Progress, Request, Trial};

use super::error::StepFunctionsError;
use super::integration;
use super::mock::{self, Mode};
use super::operations::test_state;
use super::state::StepFunctions;
use crate::kernel::{Answered, CallError, CallId, Context};
use crate::wire::Timestamp;

/// What the tokens of a trial's calls begin with.
pub(super) const TOKEN: &str = "trial";

/// A trial that waits for an answer. A trial is a function of these.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Waiting {
    call: CallId,
    begun: Begun,
    task: u64,
    resource: Resource,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Begun {
    request: test_state::Request,
    about: About,
    at: Timestamp,
    seed: u64,
}

impl Begun {
    fn new(ctx: &mut Context<'_>, request: test_state::Request) -> Self {
        let name = ctx.ids().uuid().to_string();
        let machine = ctx.ids().uuid().to_string();
        let about = About {
            id: ctx.arn(format!("express:{machine}:{name}")).to_string(),
            name,
            machine_arn: ctx.arn(format!("stateMachine:{machine}")).to_string(),
            machine_name: machine,
            role_arn: request.role_arn.clone(),
            region: ctx.region().to_owned(),
            express: true,
        };
        Self { request, about, at: ctx.now(), seed: ctx.ids().next_u64() }
    }

    /// # Errors
    /// Those of TestState.
    fn trial(&self) -> Result<(Trial, Progress), StepFunctionsError> {
        let request = &self.request;
        let mock = request.mock.as_ref();
        let error = mock.and_then(|mock| mock.error_output.as_ref());
        let configuration = request.state_configuration.clone().unwrap_or_default();
        let count = |number: Option<i32>| number.and_then(|it| u32::try_from(it).ok()).unwrap_or(0);
        let asked = Request {
            definition: request.definition.as_deref().unwrap_or_default(),
            state_name: request.state_name.as_deref(),
            input: request.input.as_deref(),
            context: request.context.as_deref(),
            variables: request.variables.as_deref(),
            mock_result: mock.and_then(|mock| mock.result.as_deref()),
            mock_error: error.map(|it| (it.error.as_deref(), it.cause.as_deref())),
            reveal_secrets: request.reveal_secrets == Some(true),
            retrier_retry_count: count(configuration.retrier_retry_count),
            map_iteration_failure_count: count(configuration.map_iteration_failure_count) as usize,
            map_item_reader_data: configuration.map_item_reader_data.as_deref(),
        };
        Ok(Trial::begin(&asked, self.about.clone(), self.at.millis(), self.seed)?)
    }

    fn response(&self, tested: &Tested) -> test_state::Response {
        let level = self.request.inspection_level.as_deref().unwrap_or("INFO");
        let shown = level != "INFO";
        let inspection = Value::Object(tested.inspection.clone());
        test_state::Response {
            cause: tested.cause.clone(),
            error: tested.error.clone(),
            inspection_data: shown.then(|| serde_json::from_value(inspection).unwrap_or_default()),
            next_state: tested.next_state.clone(),
            output: tested.output.as_ref().map(|output| output.text().to_owned()),
            status: Some(tested.status.name().to_owned()),
        }
    }
}

impl StepFunctions {
    /// Tries a state; `None` if the call waits for what the state calls.
    ///
    /// # Errors
    /// Those of TestState.
    pub(super) fn try_state(
        &mut self,
        ctx: &mut Context<'_>,
        request: test_state::Request,
    ) -> Result<Option<test_state::Response>, StepFunctionsError> {
        let mock = request.mock.clone().unwrap_or_default();
        let mode = mock.field_validation_mode.as_deref().unwrap_or("STRICT");
        let begun = Begun::new(ctx, request);
        let (mut trial, mut progress) = begun.trial()?;
        if let Some(result) = mock.result.as_deref().filter(|_| mode != "NONE") {
            let definition = begun.request.definition.as_deref().unwrap_or_default();
            let mode = if mode == "STRICT" { Mode::Strict } else { Mode::Present };
            mock::check(definition, begun.request.state_name.as_deref(), result, mode)?;
        }
        let call = match progress {
            Progress::Ended(tested) => return Ok(Some(begun.response(&tested))),
            Progress::Call(call) => call,
        };
        let needs_mock = match &call.resource {
            Resource::Activity { .. } => true,
            Resource::Service { pattern, .. } => *pattern != Pattern::RequestResponse,
            Resource::Lambda { .. } => false,
        };
        if needs_mock {
            // Unverified: the text.
            return Err(StepFunctionsError::validation(
                "A mock is required to test an activity, a .sync or a .waitForTaskToken state.",
            ));
        }
        let number = self.number();
        let token = format!("{TOKEN}/{number}").into();
        match integration::call_of_trial(ctx, &call, &token) {
            Ok(()) => {
                let (task, resource) = (call.number, call.resource.clone());
                let waiting = Waiting { call: ctx.park(&token), begun, task, resource };
                self.trials.insert(number, waiting);
                Ok(None)
            }
            Err(news) => {
                progress = trial.answer(call.number, news);
                Ok(Some(begun.response(&ended(progress)?)))
            }
        }
    }

    /// What a trial called has answered.
    pub(super) fn trial_answered(
        &mut self,
        ctx: &mut Context<'_>,
        number: &str,
        answer: Result<Answered, CallError>,
    ) {
        let Some(waiting) = self.trials.remove(number) else { return };
        let shown = waiting.inspected(&answer);
        let news = integration::news_of(ctx, &waiting.resource, answer);
        match answered(&waiting, news) {
            Ok(mut tested) => {
                if let Some((request, response)) = shown {
                    tested.inspection.insert("request".to_owned(), request);
                    tested.inspection.insert("response".to_owned(), response);
                }
                ctx.complete(waiting.call, waiting.begun.response(&tested));
            }
            Err(error) => ctx.fail(waiting.call, error.into()),
        }
    }
}

impl Waiting {
    /// What is shown of an HTTP task at the level `TRACE`.
    fn inspected(&self, answer: &Result<Answered, CallError>) -> Option<(Value, Value)> {
        if self.begun.request.inspection_level.as_deref() != Some("TRACE") {
            return None;
        }
        match self.begun.trial() {
            Ok((_, Progress::Call(call))) => integration::inspection(&call, answer),
            _ => None,
        }
    }
}

fn answered(waiting: &Waiting, news: News) -> Result<Tested, StepFunctionsError> {
    let (mut trial, _) = waiting.begun.trial()?;
    ended(trial.answer(waiting.task, news))
}

fn ended(progress: Progress) -> Result<Tested, StepFunctionsError> {
    match progress {
        Progress::Ended(tested) => Ok(*tested),
        Progress::Call(_) => Err(StepFunctionsError::validation("The state calls once more.")),
    }
}
