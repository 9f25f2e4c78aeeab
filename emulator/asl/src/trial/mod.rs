//! `TestState`: one state, by itself, with a mock in place of what it calls, and a look at what
//! becomes of its data on the way.

use serde_json::{Map, Value};

use crate::definition::{Definition, Diagnostic, ExecutionType, Kind, Machine, State};
use crate::execution::{About, Execution, Mocked, News, TaskCall, Tested};
use crate::json::Json;
use crate::time::Milliseconds;

mod context;

/// The name of a state that is given without one.
const STATE_NAME: &str = "StateName";

/// What `TestState` is asked.
#[derive(Clone, Debug, Default)]
pub struct Request<'a> {
    /// A state, or a whole machine of which `state_name` is one.
    pub definition: &'a str,
    pub state_name: Option<&'a str>,
    pub input: Option<&'a str>,
    /// What stands for the context object, whole.
    pub context: Option<&'a str>,
    pub variables: Option<&'a str>,
    pub mock_result: Option<&'a str>,
    /// Error and cause.
    pub mock_error: Option<(Option<&'a str>, Option<&'a str>)>,
    pub reveal_secrets: bool,
    pub retrier_retry_count: u32,
    pub map_iteration_failure_count: usize,
    /// What an item reader would have read.
    pub map_item_reader_data: Option<&'a str>,
}

/// Why a state is not even tried.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    InvalidDefinition(Vec<Diagnostic>),
    InvalidExecutionInput(String),
    /// `ValidationException`
    Validation(String),
}

/// A trial that is under way.
#[derive(Debug)]
pub struct Trial {
    definition: Definition,
    execution: Execution,
    now: Milliseconds,
}

/// How a trial goes on.
#[derive(Debug)]
pub enum Progress {
    Ended(Box<Tested>),
    /// The task is to be called; `Trial::answer` takes its answer.
    Call(Box<TaskCall>),
}

fn refused<T>(message: &str) -> Result<T, Refusal> {
    Err(Refusal::Validation(message.to_owned()))
}

impl Trial {
    /// Begins a trial.
    ///
    /// # Errors
    ///
    /// The definition, the input, the mock or something else of the request is not what AWS takes.
    pub fn begin(
        request: &Request<'_>,
        about: About,
        now: Milliseconds,
        seed: u64,
    ) -> Result<(Self, Progress), Refusal> {
        let mock = request.mock_result.is_some() || request.mock_error.is_some();
        if request.mock_result.is_some() && request.mock_error.is_some() {
            return refused(
                "A test mock should have only one of the following fields: [result, errorOutput].",
            );
        }
        if mock && request.reveal_secrets {
            return refused("TestState does not support RevealSecrets when a mock is specified.");
        }
        let (definition, place, name) = read_definition(request)?;
        let input =
            Json::parse(request.input.unwrap_or("{}")).map_err(Refusal::InvalidExecutionInput)?;
        let state = state_at(&definition.machine, &place, &name);
        let mocked = read_mock(request, state)?;
        let needs_mock = matches!(state.kind, Kind::Parallel { .. } | Kind::Map(_));
        if needs_mock && mocked.is_none() {
            let kind = state.kind.name();
            return refused(&format!("A mock is required to test a {kind} state."));
        }
        let context = request.context.map(context::read).transpose()?;
        let variables = match request.variables {
            None => Map::new(),
            Some(text) => match Json::parse(text).map(|it| it.value().clone()) {
                Ok(Value::Object(variables)) => variables,
                _ => return refused("Variables must be a JSON object."),
            },
        };
        let mut execution = Execution::new(about, input, seed);
        let answer = match &mocked {
            Some(Mocked { news, .. }) if matches!(state.kind, Kind::Task(_)) => Some(news.clone()),
            _ => None,
        };
        execution.prepare_trial(place, &name, variables, context, mocked, now);
        let mut trial = Self { definition, execution, now };
        let mut progress = trial.go();
        if let (Progress::Call(call), Some(news)) = (&progress, answer) {
            progress = trial.answer(call.number, news);
        }
        Ok((trial, progress))
    }

    fn go(&mut self) -> Progress {
        let (tested, call) = self.execution.try_state(&self.definition, self.now, None);
        match call {
            Some(call) => Progress::Call(Box::new(call)),
            None => Progress::Ended(Box::new(tested)),
        }
    }

    /// Takes the answer of the task.
    pub fn answer(&mut self, number: u64, news: News) -> Progress {
        let answer = Some((number, news));
        let (tested, call) = self.execution.try_state(&self.definition, self.now, answer);
        match call {
            Some(call) => Progress::Call(Box::new(call)),
            None => Progress::Ended(Box::new(tested)),
        }
    }
}

type Place = Vec<(String, usize)>;

/// The definition around the state, where the state is in it, and what it is called.
fn read_definition(request: &Request<'_>) -> Result<(Definition, Place, String), Refusal> {
    let text = request.definition;
    let whole = Json::parse(text).is_ok_and(|json| json.value().get("States").is_some());
    if !whole {
        let name = request.state_name.unwrap_or(STATE_NAME);
        let state = Definition::parse_state(text, name).map_err(Refusal::InvalidDefinition)?;
        let machine = Machine {
            start_at: name.to_owned(),
            states: std::iter::once((name.to_owned(), state)).collect(),
        };
        let definition = Definition { machine, comment: None, timeout_seconds: None };
        return Ok((definition, Vec::new(), name.to_owned()));
    }
    let parsed = Definition::parse(text, ExecutionType::Standard);
    let (definition, _) = parsed.map_err(Refusal::InvalidDefinition)?;
    let Some(name) = request.state_name else {
        return refused("StateName is required to test a state of a state machine.");
    };
    match find(&definition.machine, name) {
        Some(place) => Ok((definition, place, name.to_owned())),
        None => refused("State not found in definition"),
    }
}

/// Where the state of this name is. Names are unique in a definition.
fn find(machine: &Machine, name: &str) -> Option<Place> {
    let mut open: Vec<(&Machine, Place)> = vec![(machine, Vec::new())];
    while let Some((machine, place)) = open.pop() {
        if machine.states.contains_key(name) {
            return Some(place);
        }
        for (outer, state) in &machine.states {
            let inside = |index: usize| {
                let mut place = place.clone();
                place.push((outer.clone(), index));
                place
            };
            match &state.kind {
                Kind::Parallel { branches } => {
                    open.extend(branches.iter().enumerate().map(|(at, it)| (it, inside(at))));
                }
                Kind::Map(map) => open.push((&map.processor, inside(0))),
                _ => {}
            }
        }
    }
    None
}

fn state_at<'d>(machine: &'d Machine, place: &[(String, usize)], name: &str) -> &'d State {
    let mut machine = machine;
    for (outer, index) in place {
        machine = match &machine.states[outer].kind {
            Kind::Parallel { branches } => &branches[*index],
            Kind::Map(map) => &map.processor,
            _ => unreachable!("the place was found in this machine"),
        };
    }
    &machine.states[name]
}

fn read_mock(request: &Request<'_>, state: &State) -> Result<Option<Mocked>, Refusal> {
    let news = if let Some(text) = request.mock_result {
        let Ok(output) = Json::parse(text) else {
            return refused("Mocked result must be valid JSON");
        };
        judge_mock(request, state, output.value())?;
        News::Succeeded { output }
    } else if let Some((error, cause)) = request.mock_error {
        let owned = |it: Option<&str>| it.map(str::to_owned);
        News::Failed { error: owned(error), cause: owned(cause) }
    } else {
        return Ok(None);
    };
    let items = match request.map_item_reader_data.map(Json::parse) {
        None => None,
        Some(Ok(json)) if json.value().is_array() => Some(json),
        Some(_) => return refused("MapItemReaderData must be a JSON array."),
    };
    Ok(Some(Mocked {
        news,
        attempts: request.retrier_retry_count,
        failed_items: request.map_iteration_failure_count,
        items,
    }))
}

fn judge_mock(request: &Request<'_>, state: &State, result: &Value) -> Result<(), Refusal> {
    match &state.kind {
        Kind::Parallel { branches } => match result.as_array() {
            None => refused("Mocked result must be an array."),
            Some(all) if all.len() != branches.len() => refused(
                "Mocked result must contain the same number of items as number of Parallel \
                 branches.",
            ),
            Some(_) => Ok(()),
        },
        Kind::Map(map) if map.writer.is_some() => match result {
            Value::Object(_) => Ok(()),
            _ => refused("Mocked result must be a JSON object."),
        },
        Kind::Map(_) => match result.as_array() {
            None => refused("Mocked result must be an array."),
            Some(all) if all.len() < request.map_iteration_failure_count => refused(
                "Map iteration failure count must be less than or equal to the number of Map \
                 iterations",
            ),
            Some(_) => Ok(()),
        },
        _ => Ok(()),
    }
}
