//! `TestState` as recorded.

use serde_json::{Map, Value, json};
use skyrig_asl::execution::{About, Tested};
use skyrig_asl::trial::{Progress, Refusal, Request, Trial};

use crate::filling::{ACCOUNT, REGION, machine_arn, text};
use crate::matching::Placeholders;

pub(crate) fn begin(request: &Request<'_>) -> Result<(Trial, Progress), Refusal> {
    begin_as(request, Some(format!("arn:aws:iam::{ACCOUNT}:role/role")))
}

fn begin_as(request: &Request<'_>, role_arn: Option<String>) -> Result<(Trial, Progress), Refusal> {
    let name = "6f5fb8e6-0d5b-4dc5-a2e2-c7a1c3f0a0cd";
    let about = About {
        id: format!("arn:aws:states:{REGION}:{ACCOUNT}:express:machine:{name}"),
        name: name.to_owned(),
        machine_arn: machine_arn("machine"),
        machine_name: "machine".to_owned(),
        role_arn,
        region: REGION.to_owned(),
        express: true,
    };
    Trial::begin(request, about, 1_700_000_000_000, 1)
}

/// Plays a case's trials. Gives how many there were.
pub(crate) fn play(case: &Value) -> Result<usize, String> {
    let steps = case["steps"].as_array().map_or(&[][..], Vec::as_slice);
    let words: Vec<String> = case["placeholders"]
        .as_array()
        .map(|all| all.iter().filter_map(Value::as_str).map(str::to_owned).collect())
        .unwrap_or_default();
    let mut played = 0;
    for step in steps.iter().filter(|step| step["operation"] == "TestState") {
        let recorded = match step["answer"].as_str() {
            Some(key) => &case["answers"][key],
            None => &case["answers"]["exception"],
        };
        if recorded.is_null() {
            continue;
        }
        let ours = answer(&step["params"], steps)?;
        let recorded = comparable(recorded);
        if let Some(problem) = Placeholders(&words).difference(&recorded, &ours, "") {
            return Err(format!("{problem}\n   {ours}"));
        }
        played += 1;
    }
    Ok(played)
}

/// An answer, or the message of an error, without what the protocol adds.
fn comparable(recorded: &Value) -> Value {
    if let Some(message) = recorded["Error"]["Message"].as_str() {
        return json!({"message": message});
    }
    if let Some(words) = recorded["exception_value"].as_str() {
        let message = words.split_once(" operation: ").map_or(words, |parts| parts.1);
        return json!({"message": message});
    }
    let mut answer = recorded.clone();
    if let Some(members) = answer.as_object_mut() {
        members.remove("ResponseMetadata");
    }
    answer
}

fn answer(params: &Value, steps: &[Value]) -> Result<Value, String> {
    let given = |name: &str| match &params[name] {
        Value::Null => None,
        other => Some(text(other, steps)),
    };
    let definition = given("definition").ok_or("no definition")?;
    let (input, context, variables) = (given("input"), given("context"), given("variables"));
    let mock = &params["mock"];
    let mock_result = mock.get("result").map(|it| text(it, steps));
    let configuration = &params["stateConfiguration"];
    let reader = configuration.get("mapItemReaderData").map(|it| text(it, steps));
    let count = |name: &str| configuration[name].as_u64().unwrap_or(0);
    let request = Request {
        definition: &definition,
        state_name: params["stateName"].as_str(),
        input: input.as_deref(),
        context: context.as_deref(),
        variables: variables.as_deref(),
        mock_result: mock_result.as_deref(),
        mock_error: mock
            .get("errorOutput")
            .map(|error| (error["error"].as_str(), error["cause"].as_str())),
        reveal_secrets: params["revealSecrets"] == true,
        retrier_retry_count: count("retrierRetryCount") as u32,
        map_iteration_failure_count: count("mapIterationFailureCount") as usize,
        map_item_reader_data: reader.as_deref(),
    };
    let role = params["roleArn"].as_str().map(|_| format!("arn:aws:iam::{ACCOUNT}:role/role"));
    let level = params["inspectionLevel"].as_str().unwrap_or("INFO");
    match begin_as(&request, role) {
        Err(Refusal::Validation(message) | Refusal::InvalidExecutionInput(message)) => {
            Ok(json!({"message": message}))
        }
        Err(Refusal::InvalidDefinition(found)) => {
            Ok(json!({"message": skyrig_asl::definition::creation_error(&found)}))
        }
        Ok((_, Progress::Ended(tested))) => Ok(shown(&tested, level)),
        Ok((_, Progress::Call(call))) => Err(format!("it calls {:?}", call.resource)),
    }
}

fn shown(tested: &Tested, level: &str) -> Value {
    let mut all = Map::new();
    let texts = [
        ("error", tested.error.as_deref()),
        ("cause", tested.cause.as_deref()),
        ("nextState", tested.next_state.as_deref()),
        ("output", tested.output.as_ref().map(|it| it.text())),
        ("status", Some(tested.status.name())),
    ];
    for (name, value) in texts {
        all.extend(value.map(|value| (name.to_owned(), Value::from(value))));
    }
    if level != "INFO" {
        all.insert("inspectionData".into(), Value::Object(tested.inspection.clone()));
    }
    Value::Object(all)
}
