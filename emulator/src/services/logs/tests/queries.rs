//! Insights over the wire: starting, results, stopping, saved queries.

use serde_json::{Value, json};

use super::{Logs, START};
use crate::cloud::testing::World;
use crate::kernel::{Lifecycle, Settings};

impl Logs {
    fn start(&mut self, query: &str) -> String {
        let start = START / 1000;
        let input = json!({
            "logGroupName": "g", "queryString": query,
            "startTime": start - 60, "endTime": start + 60,
        });
        self.ok("StartQuery", input)["queryId"].as_str().unwrap().to_owned()
    }

    /// The rows of a query, as `field=value` without `@ptr`.
    fn rows(&mut self, query: &str) -> Vec<String> {
        let id = self.start(query);
        let answer = self.ok("GetQueryResults", json!({"queryId": id}));
        assert_eq!(answer["status"], "Complete");
        rows(&answer)
    }
}

fn rows(answer: &Value) -> Vec<String> {
    let text = |field: &Value| {
        let part = |name: &str| field[name].as_str().unwrap().to_owned();
        format!("{}={}", part("field"), part("value"))
    };
    let all = answer["results"].as_array().unwrap();
    all.iter()
        .map(|row| {
            let fields = row.as_array().unwrap().iter().map(text);
            fields.filter(|field| !field.starts_with("@ptr=")).collect::<Vec<_>>().join(" ")
        })
        .collect()
}

#[test]
fn a_query_answers_rows_and_statistics() {
    let mut logs = Logs::new();
    logs.put("s", &[r#"{"level": "INFO", "ms": 5}"#, r#"{"level": "ERROR", "ms": 7}"#, "plain"]);
    assert_eq!(
        logs.rows("fields @timestamp, level | filter ispresent(ms)"),
        [
            "@timestamp=2026-01-01 00:00:01.000 level=ERROR",
            "@timestamp=2026-01-01 00:00:00.000 level=INFO",
        ]
    );
    let id = logs.start("filter level = 'ERROR' | limit 1");
    let answer = logs.ok("GetQueryResults", json!({"queryId": id}));
    let statistics = &answer["statistics"];
    assert_eq!(statistics["recordsScanned"], 3.0);
    assert_eq!(statistics["recordsMatched"], 1.0);
    let pointer = answer["results"][0].as_array().unwrap().last().unwrap();
    assert_eq!(pointer["field"], "@ptr");
    let record = logs.ok("GetLogRecord", json!({"logRecordPointer": pointer["value"]}));
    assert_eq!(record["logRecord"]["ms"], "7");
    assert_eq!(record["logRecord"]["@log"], "000000000000:g");
    assert_eq!(
        logs.err("GetLogRecord", json!({"logRecordPointer": "x"})).0,
        "InvalidParameterException"
    );
}

#[test]
fn groups_are_searched_together() {
    let mut logs = Logs::new();
    logs.ok("CreateLogGroup", json!({"logGroupName": "h"}));
    logs.ok("CreateLogStream", json!({"logGroupName": "h", "logStreamName": "s"}));
    logs.put("s", &["g0", "g1"]);
    let events = json!([{"timestamp": START + 500, "message": "h0"}]);
    logs.ok(
        "PutLogEvents",
        json!({"logGroupName": "h", "logStreamName": "s", "logEvents": events}),
    );
    let start = START / 1000;
    let input = json!({
        "logGroupNames": ["g", "h"], "queryString": "fields @message, @log",
        "startTime": start, "endTime": start + 60,
    });
    let id = logs.ok("StartQuery", input)["queryId"].clone();
    let answer = logs.ok("GetQueryResults", json!({"queryId": id}));
    assert_eq!(
        rows(&answer),
        [
            "@message=g1 @log=000000000000:g",
            "@message=h0 @log=000000000000:h",
            "@message=g0 @log=000000000000:g",
        ]
    );
}

#[test]
fn a_query_that_cannot_be_read_says_where() {
    let mut logs = Logs::new();
    let start = START / 1000;
    let ask = |query: &str| {
        json!({
            "logGroupName": "g", "queryString": query, "startTime": start, "endTime": start + 1,
        })
    };
    let refused = logs.world.err("Logs_20140328.StartQuery", ask("fields @message |\n filter ="));
    assert_eq!(refused.shape, "MalformedQueryException");
    assert_eq!(refused.message, "unexpected symbol found = at line 2 and position 8");
    let place = json!({"startCharOffset": 26, "endCharOffset": 27});
    assert_eq!(refused.body["queryCompileError"]["location"], place);
    let refused = logs.world.err("Logs_20140328.StartQuery", ask("pattern @message"));
    assert!(refused.message.contains("pattern is not implemented"), "{refused:?}");
    for (input, shape) in [
        (json!({"queryLanguage": "SQL"}), "NotImplementedException"),
        (json!({"endTime": start}), "InvalidParameterException"),
        (json!({"logGroupName": "absent"}), "ResourceNotFoundException"),
        (json!({"limit": 100_001}), "InvalidParameterException"),
        (json!({"logGroupNames": ["g"]}), "InvalidParameterException"),
        (json!({"logGroupIdentifiers": ["g"]}), "InvalidParameterException"),
    ] {
        let mut whole = ask("limit 1");
        whole.as_object_mut().unwrap().extend(input.as_object().unwrap().clone());
        assert_eq!(logs.err("StartQuery", whole).0, shape, "{input}");
    }
}

#[test]
fn a_query_of_which_somebody_was_told_that_it_is_over_is_not_stopped() {
    let mut logs = Logs::new();
    let (told, other) = (logs.start("limit 5"), logs.start("limit 6"));
    let status = |logs: &mut Logs, id: &str| {
        logs.ok("GetQueryResults", json!({"queryId": id}))["status"].clone()
    };
    assert_eq!(status(&mut logs, &told), "Complete");
    assert_eq!(logs.err("StopQuery", json!({"queryId": told})).0, "InvalidParameterException");
    assert_eq!(status(&mut logs, &told), "Complete");
    assert_eq!(logs.ok("StopQuery", json!({"queryId": other}))["success"], true);
    assert_eq!(status(&mut logs, &other), "Cancelled");
}

#[test]
fn with_timed_states_a_query_runs_for_a_while() {
    let settings = Settings { lifecycle: Lifecycle::Timed, ..Settings::default() };
    let mut logs = Logs { world: World::with(settings) };
    logs.ok("CreateLogGroup", json!({"logGroupName": "g"}));
    logs.ok("CreateLogStream", json!({"logGroupName": "g", "logStreamName": "s"}));
    logs.put("s", &["x"]);
    let (done, stopped) = (logs.start("limit 5"), logs.start("limit 6"));
    let status = |logs: &mut Logs, id: &str| {
        let answer = logs.ok("GetQueryResults", json!({"queryId": id}));
        (answer["status"].as_str().unwrap().to_owned(), answer["results"].as_array().unwrap().len())
    };
    assert_eq!(status(&mut logs, &done), ("Running".to_owned(), 0));
    assert_eq!(logs.ok("StopQuery", json!({"queryId": stopped}))["success"], true);
    logs.world.advance_seconds(2);
    assert_eq!(status(&mut logs, &done), ("Complete".to_owned(), 1));
    assert_eq!(status(&mut logs, &stopped), ("Cancelled".to_owned(), 0));
    assert_eq!(logs.err("StopQuery", json!({"queryId": done})).0, "InvalidParameterException");
    let all = logs.ok("DescribeQueries", json!({"logGroupName": "g"}));
    let texts = |all: &Value| {
        let all = all["queries"].as_array().unwrap().iter();
        all.map(|it| it["queryString"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(texts(&all), ["limit 6", "limit 5"]);
    let cancelled = logs.ok("DescribeQueries", json!({"status": "Cancelled"}));
    assert_eq!(texts(&cancelled), ["limit 6"]);
    logs.world.advance_seconds(8 * 86_400);
    assert_eq!(
        logs.err("GetQueryResults", json!({"queryId": done})).0,
        "ResourceNotFoundException"
    );
    assert!(texts(&logs.ok("DescribeQueries", json!({}))).is_empty());
}

#[test]
fn rows_come_in_pages() {
    let mut logs = Logs::new();
    logs.put("s", &["a", "b", "c", "d", "e"]);
    let id = logs.start("fields @message | sort @message asc");
    let mut found = Vec::new();
    let mut input = json!({"queryId": id, "maxItems": 2});
    loop {
        let page = logs.ok("GetQueryResults", input.clone());
        found.extend(rows(&page));
        match page["nextToken"].as_str() {
            Some(token) => input["nextToken"] = token.into(),
            None => break,
        }
    }
    assert_eq!(found, ["a", "b", "c", "d", "e"].map(|it| format!("@message={it}")));
}

#[test]
fn queries_are_saved() {
    let mut logs = Logs::new();
    let put = |name: &str| json!({"name": name, "queryString": "limit 1", "logGroupNames": ["g"]});
    let first = logs.ok("PutQueryDefinition", put("b"))["queryDefinitionId"].clone();
    logs.ok("PutQueryDefinition", put("a"));
    let mut changed = put("c");
    changed["queryDefinitionId"] = first.clone();
    logs.ok("PutQueryDefinition", changed.clone());
    let all = logs.ok("DescribeQueryDefinitions", json!({}));
    let names = all["queryDefinitions"].as_array().unwrap().iter().map(|it| it["name"].clone());
    assert_eq!(names.collect::<Vec<_>>(), ["a", "c"]);
    let delete = json!({"queryDefinitionId": first});
    assert_eq!(logs.ok("DeleteQueryDefinition", delete.clone())["success"], true);
    assert_eq!(logs.err("DeleteQueryDefinition", delete).0, "ResourceNotFoundException");
    assert_eq!(logs.err("PutQueryDefinition", changed).0, "ResourceNotFoundException");
}
