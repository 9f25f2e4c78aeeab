//! API destinations: what they are, and the requests that leave for them.

use serde_json::{Value, json};

use super::connections::{Asked, oauth};
use super::{Events, PATTERN, arn};

const INVALID: &str = "ValidationException";
const ROLE: &str = "arn:aws:iam::000000000000:role/r";

impl Events {
    /// With a connection `c`, an API destination `d` at `https://example.com/*/x?a=1`, and a rule
    /// `r` that sends to it, with `more` of a target.
    fn with_destination(kind: &str, auth: &Value, rate: Option<i32>, more: &Value) -> Self {
        let mut events = Self::new();
        events.queue("dlq");
        let conn = events.connection(kind, auth);
        let made = events.ok(
            "CreateApiDestination",
            json!({
                "Name": "d", "ConnectionArn": conn, "HttpMethod": "POST",
                "InvocationEndpoint": "https://example.com/*/x?a=1",
                "InvocationRateLimitPerSecond": rate,
            }),
        );
        events.ok("PutRule", json!({"Name": "r", "EventPattern": PATTERN}));
        let mut target = json!({
            "Id": "t", "Arn": made["ApiDestinationArn"], "RoleArn": ROLE,
            "DeadLetterConfig": {"Arn": arn("sqs", "dlq")},
        });
        target.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        events.target("r", target);
        events
    }

    /// Code and retries of the one event that was given up.
    fn dead(&mut self) -> (String, String) {
        let message = self.receive("dlq").remove(0);
        let text = |name: &str| {
            message["MessageAttributes"][name]["StringValue"].as_str().unwrap().to_owned()
        };
        (text("ERROR_CODE"), text("RETRY_ATTEMPTS"))
    }
}

fn basic() -> Value {
    json!({"BasicAuthParameters": {"Username": "user", "Password": "pass"}})
}

#[test]
fn api_destinations_come_and_go() {
    let mut events = Events::new();
    let conn = events.connection("BASIC", &basic());
    let create = json!({
        "Name": "d", "ConnectionArn": conn, "HttpMethod": "PUT", "Description": "what",
        "InvocationEndpoint": "https://example.com/api", "InvocationRateLimitPerSecond": 5,
    });
    let made = events.ok("CreateApiDestination", create.clone());
    assert_eq!(made["ApiDestinationState"], "ACTIVE");
    let exists = "An api-destination 'd' already exists.";
    events.refused("CreateApiDestination", create, "ResourceAlreadyExistsException", exists);
    let shown = events.ok("DescribeApiDestination", json!({"Name": "d"}));
    let now = 1_767_225_600.0;
    let mut expected = json!({
        "Name": "d", "ApiDestinationArn": made["ApiDestinationArn"], "ConnectionArn": conn,
        "ApiDestinationState": "ACTIVE", "CreationTime": now, "LastModifiedTime": now,
        "HttpMethod": "PUT", "InvocationEndpoint": "https://example.com/api",
        "InvocationRateLimitPerSecond": 5, "Description": "what",
    });
    assert_eq!(shown, expected);
    expected.as_object_mut().unwrap().remove("Description");
    for (filter, found) in [
        (json!({}), true),
        (json!({"NamePrefix": "d"}), true),
        (json!({"NamePrefix": "x"}), false),
        (json!({"ConnectionArn": conn}), true),
        (json!({"ConnectionArn": format!("{conn}0")}), false),
    ] {
        let all = if found { json!([expected]) } else { json!([]) };
        assert_eq!(events.ok("ListApiDestinations", filter), json!({"ApiDestinations": all}));
    }
    events.0.advance_seconds(1);
    events.ok("UpdateApiDestination", json!({"Name": "d", "HttpMethod": "GET"}));
    let shown = events.ok("DescribeApiDestination", json!({"Name": "d"}));
    assert_eq!((&shown["HttpMethod"], &shown["Description"]), (&json!("GET"), &json!("what")));
    assert_eq!(shown["LastModifiedTime"], now + 1.0);
    events.ok("DeauthorizeConnection", json!({"Name": "c"}));
    let shown = events.ok("DescribeApiDestination", json!({"Name": "d"}));
    assert_eq!(shown["ApiDestinationState"], "INACTIVE");
    events.ok("DeleteApiDestination", json!({"Name": "d"}));
    for (operation, deed) in [("Describe", "describe"), ("Delete", "delete"), ("Update", "update")]
    {
        let text = format!(
            "Failed to {deed} the api-destination(s). An api-destination 'd' does not exist."
        );
        let operation = format!("{operation}ApiDestination");
        events.refused(&operation, json!({"Name": "d"}), "ResourceNotFoundException", &text);
    }
}

/// Recorded on 2024-12-09.
#[test]
fn api_destinations_are_checked() {
    let mut events = Events::new();
    let body = json!({
        "Name": "d", "ConnectionArn": "x", "HttpMethod": "X", "InvocationEndpoint": "invalid",
    });
    let text = "2 validation errors detected: Value 'x' at 'connectionArn' failed to satisfy \
        constraint: Member must satisfy regular expression pattern: \
        ^arn:aws([a-z]|\\-)*:events:([a-z]|\\d|\\-)*:([0-9]{12})?:connection\\/\
        [\\.\\-_A-Za-z0-9]+\\/[\\-A-Za-z0-9]+$; Value 'X' at 'httpMethod' failed to satisfy \
        constraint: Member must satisfy enum value set: \
        [HEAD, POST, PATCH, DELETE, PUT, GET, OPTIONS]";
    events.refused("CreateApiDestination", body.clone(), INVALID, text);
    let conn = events.connection("BASIC", &basic());
    let good = json!({
        "Name": "d", "ConnectionArn": conn, "HttpMethod": "GET", "InvocationEndpoint": "invalid",
    });
    let text = "Parameter InvocationEndpoint is not valid. Reason: it must be the URL of an HTTPS \
        server.";
    events.refused("CreateApiDestination", good.clone(), INVALID, text);
    let mut other = good;
    other["InvocationEndpoint"] = json!("http://127.0.0.1:9/x");
    other["ConnectionArn"] = json!(arn("events", "connection/missing/1"));
    let refused = events.err("CreateApiDestination", other);
    assert_eq!(refused.shape, "ResourceNotFoundException");
    // A target must be there.
    events.ok("PutRule", json!({"Name": "r", "EventPattern": PATTERN}));
    let targets = json!([{"Id": "t", "Arn": arn("events", "api-destination/d/1"), "RoleArn": "r"}]);
    let refused = events.err("PutTargets", json!({"Rule": "r", "Targets": targets}));
    assert_eq!(refused.shape, "ResourceNotFoundException");
}

/// User guide "API destinations"; API reference "HttpParameters".
#[test]
fn an_event_becomes_a_request() {
    let auth = json!({
        "BasicAuthParameters": {"Username": "user", "Password": "pass"},
        "InvocationHttpParameters": {
            "HeaderParameters": [{"Key": "X-Both", "Value": "connection"}],
            "QueryStringParameters": [{"Key": "q", "Value": "connection"}],
            "BodyParameters": [{"Key": "added", "Value": "v"}],
        },
    });
    let http = json!({"InputPath": "$.detail", "HttpParameters": {
        "PathParameterValues": ["$.detail.id"],
        "HeaderParameters": {"X-Both": "target", "X-Own": "$.detail-type", "User-Agent": "me"},
        "QueryStringParameters": {"q": "target", "r": "a b"},
    }});
    let mut events = Events::with_destination("BASIC", &auth, None, &http);
    events.put(&json!({"id": "7/8"}));
    let asked = events.asked();
    assert_eq!(asked.line, "POST https://example.com/7%2F8/x?a=1&r=a%20b&q=connection");
    assert_eq!(asked.body, r#"{"id":"7/8","added":"v"}"#);
    for (name, value) in [
        ("authorization", "Basic dXNlcjpwYXNz"),
        ("content-type", "application/json; charset=utf-8"),
        ("user-agent", "Amazon/EventBridge/ApiDestinations"),
        ("range", "bytes=0-1048575"),
        ("x-both", "connection"),
        ("x-own", "OrderPlaced"),
    ] {
        assert_eq!(asked.header(name), Some(value), "{name}");
    }
    events.answer(&asked, 204, "");
    assert!(events.receive("dlq").is_empty());
    assert_eq!(events.0.cloud.next_deadline(), None);
}

#[test]
fn an_api_key_is_a_header() {
    let auth = json!({"ApiKeyAuthParameters": {"ApiKeyName": "X-Key", "ApiKeyValue": "secret"}});
    let mut events = Events::with_destination("API_KEY", &auth, None, &json!({}));
    events.put(&json!({}));
    let asked = events.asked();
    assert_eq!(asked.header("x-key"), Some("secret"));
    // There is no value for the path's wildcard.
    assert_eq!(asked.line, "POST https://example.com/*/x?a=1");
}

/// User guide "API destination error codes".
#[test]
fn what_a_server_answers_decides() {
    for (status, again) in [
        (200, false),
        (401, true),
        (404, false),
        (409, true),
        (429, true),
        (301, false),
        (503, true),
    ] {
        let retry = json!({"RetryPolicy": {"MaximumRetryAttempts": 1}});
        let mut events = Events::with_destination("BASIC", &basic(), None, &retry);
        events.put(&json!({}));
        let asked = events.asked();
        events.answer(&asked, status, "");
        events.0.advance_seconds(10);
        let second = events.0.take_asked().pop().map(Asked::of);
        assert_eq!(second.is_some(), again, "{status}");
        if let Some(second) = second {
            events.answer(&second, status, "");
        }
        if status == 200 {
            assert!(events.receive("dlq").is_empty());
            continue;
        }
        let retries = if again { "1" } else { "0" };
        assert_eq!(events.dead(), ("ERROR_FROM_TARGET".to_owned(), retries.to_owned()), "{status}");
    }
}

#[test]
fn a_server_may_ask_to_wait() {
    let mut events = Events::with_destination("BASIC", &basic(), None, &json!({}));
    events.put(&json!({}));
    let asked = events.asked();
    events.answer_with(&asked, 429, &[("retry-after", "120")], "");
    events.0.advance_seconds(119);
    assert!(events.0.take_asked().is_empty());
    events.0.advance_seconds(1);
    let asked = events.asked();
    events.answer_with(&asked, 503, &[("retry-after", "-1")], "");
    assert_eq!(events.dead(), ("ERROR_FROM_TARGET".to_owned(), "1".to_owned()));
}

#[test]
fn a_destination_gets_so_many_a_second() {
    let mut events = Events::with_destination("BASIC", &basic(), Some(2), &json!({}));
    for _ in 0..5 {
        events.put(&json!({}));
    }
    let mut counts = vec![events.0.take_asked().len()];
    for _ in 0..4 {
        events.0.advance(std::time::Duration::from_millis(500));
        counts.push(events.0.take_asked().len());
    }
    assert_eq!(counts, [2, 0, 2, 0, 1]);
}

#[test]
fn a_token_that_is_refused_is_fetched_anew() {
    let mut events =
        Events::with_destination("OAUTH_CLIENT_CREDENTIALS", &oauth(), None, &json!({}));
    let question = events.asked();
    // There is no token yet: the event waits.
    events.put(&json!({}));
    assert!(events.0.take_asked().is_empty());
    events.answer(&question, 200, r#"{"access_token":"t1","expires_in":3600}"#);
    events.0.advance_seconds(2);
    let asked = events.asked();
    assert_eq!(asked.header("authorization"), Some("Bearer t1"));
    events.answer(&asked, 401, "");
    let question = events.asked();
    assert!(question.line.contains("/oauth"), "{}", question.line);
    events.answer(&question, 200, r#"{"access_token":"t2","expires_in":3600}"#);
    events.0.advance_seconds(4);
    let asked = events.asked();
    assert_eq!(asked.header("authorization"), Some("Bearer t2"));
    events.answer(&asked, 200, "");
    // It ends.
    events.0.advance_seconds(3600);
    events.put(&json!({}));
    let question = events.asked();
    assert!(question.line.contains("/oauth"), "{}", question.line);
    events.answer(&question, 500, "");
    events.0.advance_seconds(4);
    assert!(events.0.take_asked().is_empty());
    assert_eq!(events.dead().0, "NO_PERMISSIONS");
}

#[test]
fn a_destination_that_is_gone_is_told() {
    let mut events = Events::with_destination("BASIC", &basic(), None, &json!({}));
    events.ok("DeauthorizeConnection", json!({"Name": "c"}));
    events.put(&json!({}));
    assert_eq!(events.dead().0, "NO_PERMISSIONS");
    events.0.ok("AmazonSQS.PurgeQueue", json!({"QueueUrl": "dlq"}));
    events.ok("DeleteApiDestination", json!({"Name": "d"}));
    events.put(&json!({}));
    assert_eq!(events.dead().0, "NO_RESOURCE");
}

/// A delivery that is on its way is part of the state.
#[test]
fn a_request_survives_a_snapshot() {
    let mut events = Events::with_destination("BASIC", &basic(), None, &json!({}));
    events.put(&json!({}));
    let asked: Asked = events.asked();
    events.0.restart();
    events.answer(&asked, 404, "");
    assert_eq!(events.dead().0, "ERROR_FROM_TARGET");
}
