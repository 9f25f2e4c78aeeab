//! CloudWatch Logs: filter patterns and Insights queries of any form, over messages of any form.

use serde_json::{Value, json};
use skyrig::Settings;
use skyrig::cloud::{Driver, request};
use skyrig::services::logs::pattern::FilterPattern;

use super::answer;

/// Where virtual time begins, in seconds.
const START: i64 = 1_767_225_600;
const ROWS_MAX: usize = 20;

/// A text, up to the first line feed, and the lines behind it.
fn parts(input: &[u8]) -> (String, Vec<String>) {
    let text = String::from_utf8_lossy(input);
    let mut lines = text.split('\n').map(str::to_owned);
    (lines.next().unwrap_or_default(), lines.collect())
}

/// A pattern that was read is read again from its text, and means the same.
pub(crate) fn run_pattern(input: &[u8]) {
    let (pattern, messages) = parts(input);
    let Ok(read) = FilterPattern::parse(&pattern) else { return };
    let again = FilterPattern::parse(read.as_str()).expect("its text is a pattern");
    for message in messages {
        assert_eq!(read.matches_text(&message), again.matches_text(&message));
    }
}

thread_local!(static WORLD: Driver = {
    let mut driver = Driver::new(Settings::default());
    call(&mut driver, "CreateLogGroup", &json!({"logGroupName": "g"}));
    call(&mut driver, "CreateLogStream", &json!({"logGroupName": "g", "logStreamName": "s"}));
    driver
});

fn call(driver: &mut Driver, operation: &str, body: &Value) -> Option<Value> {
    let target = format!("Logs_20140328.{operation}");
    let response = driver.send(request::json(&target, body.to_string()));
    let response = response.expect("it is answered at once");
    answer::check(&response, 200..500);
    let is_ok = response.status().is_success();
    is_ok.then(|| serde_json::from_slice(response.body()).unwrap_or(Value::Null))
}

/// A query that is taken ends with rows that are no more than it may have, and the same ones when
/// it is asked again.
pub(crate) fn run_query(input: &[u8]) {
    let (query, messages) = parts(input);
    let mut driver = WORLD.with(Driver::clone);
    let messages = messages.iter().filter(|message| !message.is_empty());
    let events: Vec<Value> =
        messages.map(|message| json!({"timestamp": START * 1000, "message": message})).collect();
    let put = json!({"logGroupName": "g", "logStreamName": "s", "logEvents": events});
    call(&mut driver, "PutLogEvents", &put);
    let asked = json!({
        "logGroupName": "g", "queryString": query, "startTime": START - 1, "endTime": START + 1,
        "limit": ROWS_MAX,
    });
    let mut rows = || {
        let id = call(&mut driver, "StartQuery", &asked)?["queryId"].clone();
        let found = call(&mut driver, "GetQueryResults", &json!({"queryId": id}));
        let found = found.expect("a query that was started has results");
        assert_eq!(found["status"], "Complete");
        Some(found["results"].clone())
    };
    let Some(first) = rows() else { return };
    assert!(first.as_array().is_some_and(|rows| rows.len() <= ROWS_MAX));
    assert_eq!(rows(), Some(first));
}
