//! `http:invoke`: what servers are asked, and what their answers are to an execution.

use serde_json::{Value, json};

use super::{ROLE, States};
use crate::cloud::Input;
use crate::kernel::{HttpAnswer, HttpTarget, OutsideId, OutsideRequest};

impl States {
    /// Makes a connection; gives its ARN.
    fn connection(&mut self, kind: &str, auth: &Value) -> String {
        let body = json!({"Name": "c", "AuthorizationType": kind, "AuthParameters": auth});
        let made = self.world.ok("AWSEvents.CreateConnection", body);
        made["ConnectionArn"].as_str().expect("an ARN").to_owned()
    }

    fn with_key(&mut self) -> String {
        let key = json!({"ApiKeyName": "X-Key", "ApiKeyValue": "secret"});
        self.connection("API_KEY", &json!({"ApiKeyAuthParameters": key}))
    }

    /// The one request that a server was asked.
    fn asked(&mut self) -> (OutsideId, HttpTarget, String) {
        let mut asked = self.world.take_asked();
        assert_eq!(asked.len(), 1, "{asked:?}");
        let call = asked.remove(0);
        let OutsideRequest::Http { target, body } = call.request else { panic!("an HTTP call") };
        (call.id, target, String::from_utf8(body.to_vec()).expect("a text"))
    }

    fn serve(&mut self, id: OutsideId, status: u16, kind: &str, body: &[u8]) {
        let headers = vec![("content-type".to_owned(), kind.to_owned())];
        let answer = HttpAnswer { status, headers, body: body.to_vec().into() };
        self.world.feed(Input::Answered(id, Ok(answer))).expect("it is taken");
    }

    /// Starts a machine with one task of these parameters.
    fn call(&mut self, parameters: &Value) -> String {
        let state = json!({
            "Type": "Task", "Resource": "arn:aws:states:::http:invoke", "Parameters": parameters,
            "End": true,
        });
        let name = self.world.cloud.lineage().entries().count().to_string();
        let machine = self.machine(&name, "Call", json!({"Call": state}));
        self.start(&machine, &json!({}))
    }

    /// Error and cause of an execution that has failed.
    fn failure(&mut self, execution: &str) -> (String, String) {
        let described = self.describe(execution);
        let text = |name: &str| described[name].as_str().unwrap_or_default().to_owned();
        (text("error"), text("cause"))
    }
}

fn get(connection: &str) -> Value {
    json!({
        "ApiEndpoint": "https://api.example.com/v1", "Method": "GET",
        "Authentication": {"ConnectionArn": connection},
    })
}

fn with(mut value: Value, more: Value) -> Value {
    for (name, member) in more.as_object().into_iter().flatten() {
        value[name] = member.clone();
    }
    value
}

fn header<'a>(target: &'a HttpTarget, name: &str) -> Option<&'a str> {
    let mut found = target.headers.iter().filter(|(it, _)| it == name);
    let value = found.next().map(|(_, value)| value.as_str());
    assert!(found.next().is_none(), "{name} is there twice");
    value
}

#[test]
fn a_server_is_asked_and_its_answer_is_the_output() {
    let mut states = States::new();
    let connection = states.with_key();
    let more = json!({
        "Method": "POST", "Headers": {"X-Own": "1", "user-agent": "me"},
        "QueryParameters": {"a": "b c", "list": ["1", 2]}, "RequestBody": {"order": 7},
    });
    let execution = states.call(&with(get(&connection), more));
    let (id, target, body) = states.asked();
    assert_eq!(target.url, "https://api.example.com/v1?a=b%20c&list=1&list=2");
    assert_eq!((target.method.as_str(), body.as_str()), ("POST", r#"{"order":7}"#));
    assert_eq!(target.timeout_seconds, 60);
    for (name, wanted) in [
        ("x-key", Some("secret")),
        ("x-own", Some("1")),
        ("user-agent", Some("Amazon|StepFunctions|HttpInvoke|us-east-1")),
        ("range", Some("bytes=0-262144")),
        ("content-type", Some("application/json")),
        ("accept-encoding", None),
    ] {
        assert_eq!(header(&target, name), wanted, "{name}");
    }
    states.serve(id, 201, "application/json", br#"{"done": [1]}"#);
    let wanted = json!({
        "Headers": {"content-type": ["application/json"]}, "ResponseBody": {"done": [1]},
        "StatusCode": 201, "StatusText": "Created",
    });
    assert_eq!(states.output(&execution), wanted);
    let events = states.events(&execution);
    assert_eq!(events[2..5], ["TaskScheduled", "TaskStarted", "TaskSucceeded"]);
}

#[test]
fn what_the_connection_says_comes_first() {
    let mut states = States::new();
    let own = |key: &str, value: &str| json!([{"Key": key, "Value": value}]);
    let auth = json!({
        "BasicAuthParameters": {"Username": "me", "Password": "word"},
        "InvocationHttpParameters": {
            "HeaderParameters": own("X-Own", "connection"),
            "QueryStringParameters": own("q", "connection"),
            "BodyParameters": own("b", "connection"),
        },
    });
    let connection = states.connection("BASIC", &auth);
    let more = json!({
        "Method": "PUT", "Headers": {"x-own": "task", "Authorization": "task"},
        "QueryParameters": {"q": "task", "r": "task"},
        "RequestBody": {"a": ["x", "y"], "b": "task"},
        "Transform": {"RequestBodyEncoding": "URL_ENCODED",
                      "RequestEncodingOptions": {"ArrayFormat": "REPEAT"}},
    });
    states.call(&with(get(&connection), more));
    let (_, target, body) = states.asked();
    assert_eq!(target.url, "https://api.example.com/v1?r=task&q=connection");
    assert_eq!(body, "a=x&a=y&b=connection");
    assert_eq!(header(&target, "x-own"), Some("connection"));
    assert_eq!(header(&target, "authorization"), Some("Basic bWU6d29yZA=="));
    assert_eq!(header(&target, "content-type"), Some("application/x-www-form-urlencoded"));
    // A body of the connection's alone.
    states.call(&get(&connection));
    let (_, _, body) = states.asked();
    assert_eq!(body, r#"{"b":"connection"}"#);
}

#[test]
fn answers_are_outputs_or_errors_with_names() {
    let mut states = States::new();
    let connection = states.with_key();
    let body =
        |states: &mut States, execution: &str| states.output(execution)["ResponseBody"].clone();
    for (kind, text, wanted) in [
        ("text/plain", "[1]", json!("[1]")),
        ("application/problem+json", "[1]", json!([1])),
        ("application/json", "no JSON", json!("no JSON")),
        ("", "{\"a\":1}", json!({"a": 1})),
        ("application/json", "", json!("")),
    ] {
        let execution = states.call(&get(&connection));
        let (id, ..) = states.asked();
        states.serve(id, 200, kind, text.as_bytes());
        assert_eq!(body(&mut states, &execution), wanted, "{kind} {text}");
    }
    for (status, kind, sent, error, cause) in [
        (404, "text/plain", &b"not here"[..], "States.Http.StatusCode.404", "not here"),
        (503, "text/plain", b"", "States.Http.StatusCode.503", "Service Unavailable"),
        (302, "text/plain", b" ", "States.Http.StatusCode.302", "Found"),
        (200, "image/png", b"x", "States.Runtime", "image/png"),
        (200, "application/octet-stream", b"x", "States.Runtime", "application/octet-stream"),
        (200, "text/plain", b"\xff", "States.Runtime", "UTF-8"),
    ] {
        let execution = states.call(&get(&connection));
        let (id, ..) = states.asked();
        states.serve(id, status, kind, sent);
        let (found, why) = states.failure(&execution);
        assert_eq!(found, error, "{status} {kind}");
        assert!(why.contains(cause), "{status} {kind}: {why}");
    }
    for input in [
        |id| Input::Answered(id, Err("no connection".to_owned())),
        |id| Input::NotCalled(id, "no connection is allowed".to_owned()),
    ] {
        let execution = states.call(&get(&connection));
        let (id, ..) = states.asked();
        states.world.feed(input(id)).expect("it is taken");
        let (error, cause) = states.failure(&execution);
        assert_eq!(error, "States.Http.Socket");
        assert!(cause.contains("no connection"), "{cause}");
    }
}

#[test]
fn what_cannot_be_asked_is_not() {
    let mut states = States::new();
    let connection = states.with_key();
    for (more, part) in [
        (json!({"Method": null}), "'Method' is required"),
        (json!({"Method": "FETCH"}), "must be one of GET"),
        (json!({"ApiEndpoint": "ftp://x"}), "'ApiEndpoint' must be"),
        (json!({"ApiEndpoint": "https:///x"}), "'ApiEndpoint' must be"),
        (json!({"Authentication": {}}), "ConnectionArn"),
        (json!({"Headers": {"Host": "x"}}), "The header 'host' is not supported"),
        (json!({"Headers": {"X-Amz-Date": "x"}}), "'x-amz-date' is not supported"),
        (json!({"Headers": "x"}), "'Headers' must be an object"),
        (json!({"Transform": {"RequestBodyEncoding": "ZIP"}}), "NONE, URL_ENCODED"),
    ] {
        let execution = states.call(&with(get(&connection), more.clone()));
        let (error, cause) = states.failure(&execution);
        assert_eq!(error, "States.Runtime", "{more}");
        assert!(cause.contains(part), "{more}: {cause}");
        assert!(!states.events(&execution).contains(&"TaskScheduled".to_owned()), "{more}");
    }
    // The connection decides when it is asked.
    let gone = format!("{connection}0");
    let execution = states.call(&get(&gone));
    assert_eq!(states.failure(&execution).0, "Events.ConnectionResource.ResourceNotFound");
    states.world.ok("AWSEvents.DeauthorizeConnection", json!({"Name": "c"}));
    let execution = states.call(&get(&connection));
    assert_eq!(states.failure(&execution).0, "Events.ConnectionResource.InvalidConnectionState");
    assert!(states.world.take_asked().is_empty());
}

#[test]
fn a_failed_request_is_tried_again_as_the_state_says() {
    let mut states = States::new();
    let connection = states.with_key();
    let retrier = json!({"ErrorEquals": ["States.Http.StatusCode.429"], "IntervalSeconds": 2,
                         "MaxAttempts": 1});
    let catcher = json!({"ErrorEquals": ["States.TaskFailed"], "Next": "Caught"});
    let machine = states.machine(
        "m",
        "Call",
        json!({
            "Call": {"Type": "Task", "Resource": "arn:aws:states:::http:invoke",
                     "Parameters": get(&connection), "Retry": [retrier], "Catch": [catcher],
                     "End": true},
            "Caught": {"Type": "Succeed"},
        }),
    );
    let execution = states.start(&machine, &json!({}));
    for _ in 0..2 {
        let (id, ..) = states.asked();
        states.serve(id, 429, "text/plain", b"slower");
        states.world.advance_seconds(2);
    }
    let wanted = json!({"Error": "States.Http.StatusCode.429", "Cause": "slower"});
    assert_eq!(states.output(&execution), wanted);
}

#[test]
fn a_state_can_be_tried_and_shows_what_was_sent() {
    let mut states = States::new();
    let connection = states.with_key();
    let state = json!({"Type": "Task", "Resource": "arn:aws:states:::http:invoke", "End": true,
                       "Parameters": get(&connection)});
    let asked = json!({"definition": state.to_string(), "roleArn": ROLE,
                       "inspectionLevel": "TRACE"});
    let call = states.waits("TestState", asked);
    let (id, ..) = states.asked();
    states.serve(id, 200, "text/plain", b"hello");
    let answer = states.answer(call).expect("it was answered");
    assert_eq!(answer["status"], "SUCCEEDED");
    let data = &answer["inspectionData"];
    assert_eq!(data["request"]["url"], "https://api.example.com/v1");
    assert_eq!(data["response"]["statusCode"], "200");
    assert_eq!(data["response"]["body"], "hello");
    assert!(!data.to_string().contains("secret"), "{data}");
}
