//! Playing a case: each of its executions is run with the answers that AWS's tasks gave.

use std::collections::BTreeMap;

use serde_json::Value;
use skyrig_asl::definition::ExecutionType;
use skyrig_asl::execution::{About, Effect, HistoryEvent, Input, News, TaskCall};
use skyrig_asl::{Definition, Execution, Json};

use crate::filling::{ACCOUNT, REGION, machine_arn, spaced, text};
use crate::matching::Placeholders;

const BEGIN: i64 = 1_700_000_000_000;
/// Steps of an execution.
const STEPS_MAX: usize = 10_000;

struct Machine {
    name: String,
    definition: Definition,
}

/// Plays a case. Gives the number of its histories.
pub(crate) fn play(case: &Value) -> Result<usize, String> {
    let steps = case["steps"].as_array().map_or(&[][..], Vec::as_slice);
    let words: Vec<String> = case["placeholders"]
        .as_array()
        .map(|all| all.iter().filter_map(Value::as_str).map(str::to_owned).collect())
        .unwrap_or_default();
    let mut machines = BTreeMap::new();
    let mut started = BTreeMap::new();
    let mut played = 0;
    for (index, step) in steps.iter().enumerate() {
        let number = index + 1;
        let params = &step["params"];
        match step["operation"].as_str().unwrap_or_default() {
            "CreateStateMachine" if params.get("definition").is_some() => {
                let source = text(&params["definition"], steps);
                let express = params["type"] == "EXPRESS";
                let kind = if express { ExecutionType::Express } else { ExecutionType::Standard };
                let name = params["name"].as_str().unwrap_or("machine").to_owned();
                // Whether a definition is refused in AWS's words is another test's matter.
                if let Ok((definition, _)) = Definition::parse(&source, kind) {
                    machines.insert(
                        format!("${{{number}.stateMachineArn}}"),
                        Machine { name, definition },
                    );
                }
            }
            "StartExecution" => {
                started.insert(format!("${{{number}.executionArn}}"), params.clone());
            }
            "GetExecutionHistory" => {
                let answer = step["answer"].as_str().and_then(|key| case["answers"].get(key));
                let recorded = answer.and_then(|answer| answer["events"].as_array());
                let (Some(recorded), Some(arn)) = (recorded, params["executionArn"].as_str())
                else {
                    continue;
                };
                if params.get("reverseOrder").is_some() || params.get("maxResults").is_some() {
                    continue;
                }
                let Some(start) = started.get(arn) else { continue };
                let machine = start["stateMachineArn"].as_str().unwrap_or_default();
                let machine = machines.get(machine).ok_or("the definition was refused")?;
                let input = start.get("input").map_or("{}".to_owned(), |it| text(it, steps));
                let ours = run(machine, start["name"].as_str(), &input, recorded)?;
                compare(recorded, &ours, &Placeholders(&words))
                    .map_err(|problem| format!("{problem} ({input:.80})"))?;
                played += 1;
            }
            _ => {}
        }
    }
    Ok(played)
}

/// What AWS's tasks answered, in the order in which they were begun.
fn answers(recorded: &[Value]) -> Vec<Vec<&Value>> {
    let scheduled =
        |event: &&Value| event["type"].as_str().is_some_and(|it| it.ends_with("Scheduled"));
    let of_task = |event: &&Value| {
        let kind = event["type"].as_str().unwrap_or_default();
        ["Started", "Submitted", "Succeeded", "Failed", "TimedOut"].iter().any(|end| {
            ["Task", "LambdaFunction", "Activity"].iter().any(|of| kind == format!("{of}{end}"))
        })
    };
    let mut chains: Vec<Vec<&Value>> = Vec::new();
    if recorded.iter().any(|event| !event["id"].is_u64()) {
        // The order was not recorded: the n-th answer of each kind belongs to the n-th task.
        let begun = recorded.iter().filter(scheduled).count();
        chains.resize(begun, Vec::new());
        for event in recorded.iter().filter(of_task) {
            let chain = chains
                .iter_mut()
                .find(|chain| chain.iter().all(|other| other["type"] != event["type"]));
            if let Some(chain) = chain {
                chain.push(event);
            }
        }
        return chains;
    }
    for event in recorded.iter().filter(scheduled) {
        let mut chain = Vec::new();
        let mut last = &event["id"];
        while let Some(next) =
            recorded.iter().filter(of_task).find(|it| &it["previousEventId"] == last)
        {
            chain.push(next);
            last = &next["id"];
        }
        chains.push(chain);
    }
    chains
}

/// A document of the recording as the text it was.
fn document(value: &Value) -> Result<Json, String> {
    match value {
        Value::String(text) => {
            Json::parse(text).or_else(|_| Ok::<Json, String>(Json::from(value.clone())))
        }
        other => Ok(Json::from(other.clone())),
    }
}

fn news(event: &Value) -> Result<Option<News>, String> {
    let kind = event["type"].as_str().unwrap_or_default();
    let details = event.as_object().and_then(|all| all.values().find(|it| it.is_object()));
    let details = details.unwrap_or(&Value::Null);
    let words = |name: &str| match &details[name] {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        // Functions write their errors with blanks.
        other if kind.starts_with("Lambda") => Some(spaced(other)),
        other => Some(other.to_string()),
    };
    Ok(Some(if kind.ends_with("Started") {
        News::Started { worker: words("workerName") }
    } else if kind.ends_with("Submitted") {
        News::Submitted { output: document(&details["output"])? }
    } else if kind.ends_with("Succeeded") {
        News::Succeeded { output: document(&details["output"])? }
    } else if kind.ends_with("Failed") {
        News::Failed { error: words("error"), cause: words("cause") }
    } else {
        return Ok(None);
    }))
}

fn run(
    machine: &Machine,
    name: Option<&str>,
    input: &str,
    recorded: &[Value],
) -> Result<Vec<HistoryEvent>, String> {
    let name = name.unwrap_or("6f5fb8e6-0d5b-4dc5-a2e2-c7a1c3f0a0cd");
    let about = About {
        id: format!("arn:aws:states:{REGION}:{ACCOUNT}:execution:{}:{name}", machine.name),
        name: name.to_owned(),
        machine_arn: machine_arn(&machine.name),
        machine_name: machine.name.clone(),
        role_arn: Some(format!("arn:aws:iam::{ACCOUNT}:role/role")),
        region: REGION.to_owned(),
        express: false,
    };
    let mut execution = Execution::new(about, Json::parse(input)?, 1);
    let mut answers = answers(recorded).into_iter();
    let (mut now, mut events) = (BEGIN, Vec::new());
    let mut inputs: Vec<Input> = vec![Input::Start];
    for _ in 0..STEPS_MAX {
        if execution.outcome().is_some() {
            return Ok(events);
        }
        let next = if inputs.is_empty() { Input::Time } else { inputs.remove(0) };
        if next == Input::Time {
            let Some(wake) = execution.wake_at() else {
                return Err(format!("it waits for ever, after {:?}", events.last()));
            };
            now = now.max(wake);
        }
        let refused = refused(recorded);
        let judge = |_: &TaskCall| refused.clone().map_or(Ok(()), Err);
        for effect in execution.step_judged(&machine.definition, now, next, &judge) {
            match effect {
                Effect::Record(event) => events.push(event),
                Effect::Call(call) => inputs.extend(reply(&call, answers.next())?),
                _ => {}
            }
        }
    }
    Err("it does not end".to_owned())
}

/// What AWS said of a task that it did not even schedule.
fn refused(recorded: &[Value]) -> Option<String> {
    let cause = recorded.last()?["executionFailedEventDetails"]["cause"].as_str()?;
    let words = cause.split_once("). ")?.1;
    let of_task =
        words.contains("could not be used to start the Task") || words.starts_with("The activity");
    of_task.then(|| words.to_owned())
}

fn reply(call: &TaskCall, chain: Option<Vec<&Value>>) -> Result<Vec<Input>, String> {
    let mut inputs = Vec::new();
    for event in chain.unwrap_or_default() {
        let news = news(event)?;
        inputs.extend(news.map(|news| Input::Task { number: call.number, news }));
    }
    Ok(inputs)
}

fn compare(
    recorded: &[Value],
    ours: &[HistoryEvent],
    words: &Placeholders<'_>,
) -> Result<(), String> {
    let ours: Vec<Value> = ours.iter().map(HistoryEvent::to_value).collect();
    let ordered = recorded.iter().all(|event| event["id"].is_u64());
    if !ordered {
        return compare_unordered(recorded, &ours, words);
    }
    for (index, event) in recorded.iter().enumerate() {
        let place = format!("event {}", event["id"]);
        let Some(own) = ours.get(index) else {
            return Err(format!("{place} is missing: {}", event["type"]));
        };
        let mut event = event.clone();
        if let Some(members) = event.as_object_mut() {
            members.remove("timestamp");
            members.retain(|_, member| member.as_object().is_none_or(|it| !it.is_empty()));
        }
        if let Some(problem) = words.difference(&event, own, &place) {
            return Err(problem);
        }
    }
    match ours.get(recorded.len()) {
        Some(more) => Err(format!("too much: {more}")),
        None => Ok(()),
    }
}

/// The numbers of parallel events were taken out of the recording, as were some events.
fn compare_unordered(
    recorded: &[Value],
    ours: &[Value],
    words: &Placeholders<'_>,
) -> Result<(), String> {
    let mut left: Vec<&Value> = ours.iter().collect();
    for event in recorded {
        let mut event = event.clone();
        if let Some(members) = event.as_object_mut() {
            members.remove("timestamp");
            members.retain(|_, member| member.as_object().is_none_or(|it| !it.is_empty()));
        }
        let numbered = event["id"].is_u64();
        let found = left.iter().position(|own| {
            let mut own = (*own).clone();
            if !numbered {
                own["id"] = event["id"].clone();
                own["previousEventId"] = event["previousEventId"].clone();
            }
            words.difference(&event, &own, "").is_none()
        });
        match found {
            Some(index) => {
                left.remove(index);
            }
            None => return Err(format!("nothing is like {event}; left are {left:?}")),
        }
    }
    let left: Vec<&Value> = left
        .into_iter()
        .filter(|it| {
            !["ParallelStateSucceeded", "ParallelStateFailed"]
                .iter()
                .any(|kind| it["type"] == *kind)
        })
        .collect();
    if left.is_empty() { Ok(()) } else { Err(format!("too much: {left:?}")) }
}
