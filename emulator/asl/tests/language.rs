//! Paths, intrinsic functions, templates and definitions, case by case.

use serde_json::{Value, json};
use skyrig_asl::definition::{Diagnostic, ExecutionType};
use skyrig_asl::execution::{About, Effect, Input, Outcome};
use skyrig_asl::path::Path;
use skyrig_asl::{Definition, Execution, Json};

/// What a `Pass` state makes of an input.
fn pass(state: Value, input: &Value) -> Outcome {
    let mut definition = json!({"StartAt": "S", "States": {"S": {"Type": "Pass", "End": true}}});
    for (name, value) in state.as_object().expect("an object") {
        definition["States"]["S"][name] = value.clone();
    }
    let parsed = Definition::parse(&definition.to_string(), ExecutionType::Standard);
    let (definition, _) = parsed.unwrap_or_else(|found| panic!("{definition}: {found:?}"));
    let about = About {
        id: "arn:id".into(),
        name: "name".into(),
        machine_arn: "arn:machine".into(),
        machine_name: "machine".into(),
        role_arn: None,
        region: "eu-central-1".into(),
        express: false,
    };
    let mut execution = Execution::new(about, Json::from(input.clone()), 1);
    let effects = execution.step(&definition, 0, Input::Start);
    match effects.last() {
        Some(Effect::Finished(outcome)) => outcome.clone(),
        other => panic!("it does not end: {other:?}"),
    }
}

/// The value of a path or an intrinsic function; nothing, if it fails.
fn value_of(expression: &str, input: &Value) -> Option<Value> {
    match pass(json!({"Parameters": {"x.$": expression}}), input) {
        Outcome::Succeeded { output } => Some(output.value()["x"].clone()),
        _ => None,
    }
}

#[test]
fn paths_find() {
    let store = json!({
        "book": [
            {"title": "A", "price": 8.95, "tags": ["x", "y"]},
            {"title": "B", "price": 12.99},
            {"title": "C", "price": 22, "isbn": "1"}],
        "a b": 1, "it's": 2, "null": null, "text": "abc", "deep": {"title": "D"}});
    let cases = [
        ("$", Some(store.clone())),
        ("$.book[0].title", Some(json!("A"))),
        ("$['book'][1]['title']", Some(json!("B"))),
        ("$.book[-1].title", Some(json!("C"))),
        ("$.book[*].title", Some(json!(["A", "B", "C"]))),
        ("$.book[0,2].title", Some(json!(["A", "C"]))),
        ("$.book[1:].title", Some(json!(["B", "C"]))),
        ("$.book[:1].title", Some(json!(["A"]))),
        ("$.book[-2:].title", Some(json!(["B", "C"]))),
        ("$.book[0]['title','price']", Some(json!(["A", 8.95]))),
        ("$..title", Some(json!(["A", "B", "C", "D"]))),
        ("$.book..tags[1]", Some(json!(["y"]))),
        ("$.book[?(@.price < 10)].title", Some(json!(["A"]))),
        ("$.book[?(@.price >= 12.99 && @.isbn)].title", Some(json!(["C"]))),
        ("$.book[?(@.title == 'A' || @.title == \"B\")].title", Some(json!(["A", "B"]))),
        ("$.book[?(!(@.isbn))].title", Some(json!(["A", "B"]))),
        ("$.book[?(@.title in ['A', 'C'])].price", Some(json!([8.95, 22]))),
        ("$.book[?(@.price > $.book[0].price)].title", Some(json!(["B", "C"]))),
        ("$.book[?(@.nothing)]", Some(json!([]))),
        ("$.book.length()", Some(json!(3))),
        ("$['a b']", Some(json!(1))),
        ("$['it\\'s']", Some(json!(2))),
        ("$.null", Some(Value::Null)),
        ("$.missing", None),
        ("$.book[7]", None),
        ("$.text.title", None),
        ("$.missing[*]", Some(json!([]))),
        ("$$.Execution.Name", Some(json!("name"))),
        ("$$.State.Name", Some(json!("S"))),
        ("$$.Nothing", None),
        ("$variable", None),
    ];
    for (path, wanted) in cases {
        assert_eq!(value_of(path, &store), wanted, "{path}");
    }
}

#[test]
fn what_is_no_path_is_refused() {
    let nested = format!("${}@.a{}", "[?(".repeat(20), ")]".repeat(20));
    let long = format!("${}", ".a".repeat(1_000));
    let brackets = format!("$[?({}@.a{})]", "(".repeat(200), ")".repeat(200));
    let wrong = [
        "",
        "a",
        "$.",
        "$.a[",
        "$.a[]",
        "$['a'",
        "$['a]",
        "$.a b",
        "$[a]",
        "$.a[1:x]",
        "$.a[?(@.b]",
        "$.a[99999999999999999999]",
        "$.a()",
        "$.a[?(@.b ==)]",
        &nested,
        &long,
        &brackets,
    ];
    for path in wrong {
        assert!(Path::parse(path).is_err(), "{path}");
    }
}

#[test]
fn intrinsic_functions_compute() {
    let input = json!({"list": [1, 2, 3, 3], "a": {"x": 1, "y": 2}, "b": {"y": 3}, "n": 7,
                       "text": "a,b.c", "long": "x".repeat(10_001)});
    let cases = [
        ("States.Array(1, 'a', null, true, $.n)", Some(json!([1, "a", null, true, 7]))),
        ("States.ArrayPartition($.list, 3)", Some(json!([[1, 2, 3], [3]]))),
        ("States.ArrayPartition($.list, 0)", None),
        ("States.ArrayContains($.list, 3)", Some(json!(true))),
        ("States.ArrayContains($.list, 4)", Some(json!(false))),
        ("States.ArrayRange(1, 9, 2)", Some(json!([1, 3, 5, 7, 9]))),
        ("States.ArrayRange(1, 10000, 1)", None),
        ("States.ArrayRange(1, 9, 0)", None),
        ("States.ArrayGetItem($.list, 1)", Some(json!(2))),
        ("States.ArrayGetItem($.list, 4)", None),
        ("States.ArrayGetItem($.list, -1)", None),
        ("States.ArrayLength($.list)", Some(json!(4))),
        ("States.ArrayLength($.n)", None),
        ("States.ArrayUnique($.list)", Some(json!([1, 2, 3]))),
        ("States.Base64Encode('Data to encode')", Some(json!("RGF0YSB0byBlbmNvZGU="))),
        ("States.Base64Decode('RGF0YSB0byBlbmNvZGU=')", Some(json!("Data to encode"))),
        ("States.Base64Decode('*')", None),
        ("States.Base64Encode($.long)", None),
        (
            "States.Hash('input data', 'SHA-1')",
            Some(json!("aaff4a450a104cd177d28d18d74485e8cae074b7")),
        ),
        ("States.Hash('input data', 'CRC')", None),
        ("States.JsonMerge($.a, $.b, false)", Some(json!({"x": 1, "y": 3}))),
        ("States.JsonMerge($.a, $.b, true)", None),
        ("States.StringToJson('{\"a\": [1]}')", Some(json!({"a": [1]}))),
        ("States.StringToJson('{')", None),
        ("States.JsonToString($.a)", Some(json!("{\"x\":1,\"y\":2}"))),
        ("States.MathAdd(111, -1)", Some(json!(110))),
        ("States.MathAdd('a', 1)", None),
        ("States.MathAdd(9223372036854775807, 1)", Some(json!(i64::MAX))),
        ("States.StringSplit($.text, ',.')", Some(json!(["a", "b", "c"]))),
        ("States.StringSplit('', ',')", Some(json!([]))),
        ("States.Format('{} and {}', $.n, 'x')", Some(json!("7 and x"))),
        ("States.Format('\\{\\} {}', 'it\\'s')", Some(json!("{} it's"))),
        ("States.Format('{}')", None),
        ("States.Format('a', 1)", None),
        ("States.Format('{}', $.missing)", None),
        (
            "States.ArrayLength(States.Array(States.UUID(), States.MathRandom(1, 9)))",
            Some(json!(2)),
        ),
        ("States.MathRandom(9, 1)", None),
    ];
    for (call, wanted) in cases {
        if call.contains("9223372036854775807") {
            // Whole numbers beyond 2^53 are not exact in JSON; that it does not panic is enough.
            let _ = value_of(call, &input);
            continue;
        }
        assert_eq!(value_of(call, &input), wanted, "{call}");
    }
}

#[test]
fn random_numbers_stay_within_their_bounds() {
    for seed in 0..50 {
        let call = format!("States.MathRandom(1, 3, {seed})");
        let value = value_of(&call, &json!({})).expect("a number");
        assert!([json!(1), json!(2)].contains(&value), "{value}");
        assert_eq!(value_of(&call, &json!({})), Some(value), "the same seed, the same number");
    }
}

fn judged(definition: &Value) -> Vec<String> {
    let outcome = Definition::parse(&definition.to_string(), ExecutionType::Standard);
    let found = outcome.map_or_else(|found| found, |(_, warnings)| warnings);
    found.iter().map(Diagnostic::to_string).collect()
}

#[test]
fn definitions_are_judged() {
    let one = |state: Value| json!({"StartAt": "S", "States": {"S": state}});
    let cases = [
        (one(json!({"Type": "Pass", "End": true})), vec![]),
        (
            one(json!({"Type": "Pass"})),
            vec![
                "SCHEMA_VALIDATION_FAILED: One of these fields is required: [Next, End] at \
                  /States/S",
            ],
        ),
        (
            one(json!({"Type": "Pass", "Next": "T"})),
            vec![
                "MISSING_TRANSITION_TARGET: Missing 'Next' target: T at /States/S/Next",
                "MISSING_END_STATE: No terminal state. There must be a state that ends the state \
                 machine at /",
            ],
        ),
        (
            json!({"StartAt": "S", "States": {
                "S": {"Type": "Succeed"}, "T": {"Type": "Succeed"}}}),
            vec!["MISSING_TRANSITION_TARGET: State \"T\" is not reachable. at /States/T"],
        ),
        (
            one(json!({"Type": "Nothing", "End": true})),
            vec![
                "SCHEMA_VALIDATION_FAILED: Value must be one of: [Task, Pass, Choice, Wait, \
                  Succeed, Fail, Parallel, Map] at /States/S/Type",
            ],
        ),
        (
            one(json!({"Type": "Succeed", "Surprise": 1})),
            vec!["SCHEMA_VALIDATION_FAILED: Field is not supported at /States/S/Surprise"],
        ),
        (
            one(json!({"Type": "Pass", "End": true, "QueryLanguage": "JSONata",
                       "InputPath": "$.a"})),
            vec![
                "SCHEMA_VALIDATION_FAILED: Field is not supported by the 'JSONata' query language \
                  at /States/S/InputPath",
            ],
        ),
        (
            one(json!({"Type": "Pass", "End": true, "Result": {"a.$": "$.b"}})),
            vec![
                "PASS_RESULT_IS_STATIC: Field is a static value; a path in it is not evaluated at \
                  /States/S/Result",
            ],
        ),
        (
            one(json!({"Type": "Pass", "End": true, "ResultPath": "$$.a"})),
            vec![
                "SCHEMA_VALIDATION_FAILED: Value is not a Reference Path at \
                  /States/S/ResultPath",
            ],
        ),
        (
            one(json!({"Type": "Pass", "End": true, "ResultPath": "$.a[*]"})),
            vec![
                "SCHEMA_VALIDATION_FAILED: Value is not a Reference Path at \
                  /States/S/ResultPath",
            ],
        ),
        (
            one(
                json!({"Type": "Task", "End": true, "Resource": "arn:aws:states:::sqs:sendMessage",
                "Retry": [{"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["A"]}]}),
            ),
            vec![
                "SCHEMA_VALIDATION_FAILED: States.ALL must appear in the last element at \
                  /States/S/Retry[0]/ErrorEquals",
            ],
        ),
        (
            one(
                json!({"Type": "Pass", "End": true, "Parameters": {"a": "$.b", "c": "$.", "d": 1}}),
            ),
            vec![
                "NO_DOLLAR: No .$ on a field that appears to be a JSONPath or Intrinsic Function. \
                  at /States/S/Parameters/a",
            ],
        ),
        (json!([]), vec!["SCHEMA_VALIDATION_FAILED: Expected value of type Object at /"]),
    ];
    for (definition, wanted) in cases {
        assert_eq!(judged(&definition), wanted, "{definition}");
    }
    let outcome = Definition::parse("{\"a\" 1}", ExecutionType::Standard);
    let found = outcome.expect_err("it is no JSON");
    assert_eq!(found[0].code, "INVALID_JSON_DESCRIPTION");
}

/// Whatever a definition has become, judging and running it ends, without a panic.
#[test]
fn damaged_definitions_do_no_harm() {
    let sources = [
        json!({"StartAt": "C", "States": {
            "C": {"Type": "Choice", "Choices": [{"And": [{"Variable": "$.a[?(@.b > 1)]",
                "IsPresent": true}, {"Not": {"Variable": "$.c", "StringMatches": "*x*"}}],
                "Next": "M"}], "Default": "T"},
            "M": {"Type": "Map", "ItemsPath": "$.a", "MaxConcurrency": 2, "ItemSelector":
                {"v.$": "$$.Map.Item.Value", "f.$": "States.Format('{}-{}', $.c, 'x')"},
                "ItemProcessor": {"StartAt": "I", "States": {"I": {"Type": "Pass",
                "End": true}}}, "ResultPath": "$.r", "Next": "T"},
            "T": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage",
                "TimeoutSeconds": 5, "Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 2,
                "BackoffRate": 1.5}], "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "W",
                "ResultPath": "$.e"}], "End": true},
            "W": {"Type": "Wait", "Seconds": 3, "End": true}}})
        .to_string(),
        json!({"QueryLanguage": "JSONata", "StartAt": "P", "States": {
            "P": {"Type": "Parallel", "Branches": [{"StartAt": "A", "States": {"A":
                {"Type": "Pass", "Assign": {"x": "{% $sum($states.input.a.b) + 1 %}"},
                "Output": {"y": "{% $map([1..3], function($i){$i * 2}) %}"}, "End": true}}}],
                "Arguments": "{% $states.input %}", "Next": "M"},
            "M": {"Type": "Map", "Items": "{% [1,2,3] %}", "ItemProcessor": {"ProcessorConfig":
                {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, "StartAt": "B", "States":
                {"B": {"Type": "Fail", "Error": "{% 'E' & $states.context.Map.Item.Index %}"}}},
                "ToleratedFailurePercentage": 50, "Catch": [{"ErrorEquals":
                ["States.ExceedToleratedFailureThreshold"], "Next": "S"}], "Next": "S"},
            "S": {"Type": "Succeed", "Output": "{% $uuid() %}"}}})
        .to_string(),
    ];
    let mut random = skyrig_asl::Random::new(11);
    let mut ran = 0;
    for round in 0..3_000 {
        let source = &sources[round % sources.len()];
        ran += usize::from(run_damaged(&damaged(source, &mut random)));
    }
    assert!(ran > 100, "only {ran} damaged definitions could be run");
}

/// Some bytes removed, doubled or replaced.
fn damaged(source: &str, random: &mut skyrig_asl::Random) -> String {
    const PIECES: [&str; 16] = [
        "\"", "{", "}", "[", "]", ",", ":", "$", ".$", "{%", "%}", "null", "1e9", "-1", "States.",
        "\\",
    ];
    let mut text: Vec<char> = source.chars().collect();
    for _ in 0..=random.below(3) {
        let at = random.below(text.len() as u64) as usize;
        match random.below(4) {
            0 => {
                text.remove(at);
            }
            1 => text.insert(at, text[at]),
            2 => {
                let piece = PIECES[random.below(16) as usize];
                text.splice(at..at, piece.chars());
            }
            _ => {
                let other = text[random.below(text.len() as u64) as usize];
                text[at] = other;
            }
        }
    }
    text.into_iter().collect()
}

fn run_damaged(text: &str) -> bool {
    let Ok((definition, _)) = Definition::parse(text, ExecutionType::Standard) else {
        return false;
    };
    let about = About {
        id: "arn:id".into(),
        name: "name".into(),
        machine_arn: "arn:machine".into(),
        machine_name: "machine".into(),
        role_arn: None,
        region: "eu-central-1".into(),
        express: true,
    };
    let input = Json::from(json!({"a": [{"b": 2}, {"b": 1}], "c": "xyx"}));
    let mut execution = Execution::new(about, input, 3);
    let mut inputs = vec![Input::Start];
    let mut now = 0;
    for _ in 0..50 {
        let next = inputs.pop().unwrap_or(Input::Time);
        for effect in execution.step(&definition, now, next) {
            if let Effect::Call(call) = effect {
                let (error, cause) = (Some("E".to_owned()), None);
                let news = skyrig_asl::execution::News::Failed { error, cause };
                inputs.push(Input::Task { number: call.number, news });
            }
        }
        now = execution.wake_at().unwrap_or(now).max(now);
    }
    true
}

/// A service keeps definitions and executions behind its lock, and other threads use them.
#[test]
fn threads_may_share_what_is_kept() {
    fn shared<T: Send + Sync + 'static>() {}
    shared::<Definition>();
    shared::<Execution>();
    shared::<Effect>();
}
