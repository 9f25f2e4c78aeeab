//! What runs leave in log groups, and what of it a caller is told.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Lambda, decoded, header, returned};
use crate::kernel::{FunctionEnd, FunctionRun, OutputLine};

fn run(end: FunctionEnd, output: &[&str]) -> FunctionRun {
    let line =
        |text: &&str| OutputLine { after: Duration::from_millis(1), text: (*text).to_owned() };
    FunctionRun {
        output: output.iter().map(line).collect(),
        duration: Duration::from_micros(12_345),
        init_duration: Some(Duration::from_micros(100_100)),
        memory_used_megabytes: 40,
        log_stream: "2026/11/30/[$LATEST]0123456789abcdef0123456789abcdef".to_owned(),
        ..FunctionRun::of(end)
    }
}

#[test]
fn a_run_is_logged_as_awss_are() {
    let mut lambda = Lambda::new();
    let call = lambda.invoke("f", &[("x-amz-log-type", "Tail")], "{}").expect_err("it waits");
    let asked = lambda.one();
    lambda.ran(&asked, Ok(run(returned("1"), &["one", "two\n"])));
    let id = &asked.invocation.request_id;
    let expected = [
        format!("START RequestId: {id} Version: $LATEST\n"),
        "one\n".to_owned(),
        "two\n".to_owned(),
        format!("END RequestId: {id}\n"),
        format!(
            "REPORT RequestId: {id}\tDuration: 12.35 ms\tBilled Duration: 113 ms\t\
             Memory Size: 128 MB\tMax Memory Used: 40 MB\tInit Duration: 100.10 ms\t\n"
        ),
    ];
    assert_eq!(lambda.logged("/aws/lambda/f"), expected);
    let response = lambda.answer(call);
    assert_eq!(decoded(header(&response, "x-amz-log-result").unwrap()), expected.concat());
    let streams = json!({"logGroupName": "/aws/lambda/f"});
    let streams = lambda.world.ok("Logs_20140328.DescribeLogStreams", streams);
    let name = "2026/11/30/[$LATEST]0123456789abcdef0123456789abcdef";
    assert_eq!(streams["logStreams"][0]["logStreamName"], name);
}

#[test]
fn what_broke_down_is_logged() {
    let exited = FunctionEnd::Exited { status: "exit status 2".to_owned() };
    for (end, told, status) in [
        (FunctionEnd::TimedOut, "Task timed out after 3.00 seconds\n\n", "Status: timeout\n"),
        (
            exited,
            "Error: Runtime exited with error: exit status 2\n",
            "Status: error\tError Type: Runtime.ExitError\n",
        ),
    ] {
        let mut lambda = Lambda::new();
        lambda.call("f", &json!({}));
        lambda.end(end);
        let lines = lambda.logged("/aws/lambda/f");
        assert_eq!(lines.len(), 4);
        assert!(lines[1].ends_with(told), "{lines:?}");
        assert!(lines[3].ends_with(status), "{lines:?}");
    }
}

#[test]
fn a_caller_is_told_the_last_four_kilobytes() {
    let mut lambda = Lambda::new();
    let call = lambda.invoke("f", &[("x-amz-log-type", "Tail")], "{}").expect_err("it waits");
    let asked = lambda.one();
    let long = "ä".repeat(5000);
    lambda.ran(&asked, Ok(run(returned("1"), &[&long])));
    let response = lambda.answer(call);
    let tail = decoded(header(&response, "x-amz-log-result").unwrap());
    assert!((4095..=4096).contains(&tail.len()), "{}", tail.len());
    assert!(tail.ends_with("Init Duration: 100.10 ms\t\n"));
}

#[test]
fn logs_in_json_have_levels() {
    for (level, fine, broken) in [
        ("DEBUG", vec!["start", "runtimeDone", "report"], vec!["start", "runtimeDone", "report"]),
        ("INFO", vec!["start", "report"], vec!["start", "runtimeDone", "report"]),
        ("WARN", vec![], vec!["runtimeDone", "report"]),
    ] {
        let mut lambda = Lambda::new();
        let logging = json!({
            "LogFormat": "JSON", "SystemLogLevel": level, "LogGroup": "mine",
        });
        lambda.create("g", &json!({"LoggingConfig": logging}));
        let mut logged = |end: FunctionEnd| -> Vec<Value> {
            lambda.call("g", &json!({}));
            let asked = lambda.one();
            lambda.ran(&asked, Ok(run(end, &["{\"level\":\"INFO\"}"])));
            let lines = lambda.logged("mine");
            lambda.world.ok("Logs_20140328.DeleteLogGroup", json!({"logGroupName": "mine"}));
            lines.iter().map(|line| serde_json::from_str(line).unwrap()).collect()
        };
        let kinds = |lines: &[Value]| -> Vec<String> {
            let kind = |line: &Value| Some(line["type"].as_str()?.to_owned());
            lines.iter().filter_map(kind).collect()
        };
        let named = |kinds: Vec<&str>| -> Vec<String> {
            kinds.into_iter().map(|kind| format!("platform.{kind}")).collect()
        };
        let lines = logged(returned("1"));
        assert_eq!(kinds(&lines), named(fine), "{level}");
        let lines = logged(FunctionEnd::TimedOut);
        assert_eq!(kinds(&lines), named(broken), "{level}");
        let report = &lines[lines.len() - 1]["record"];
        assert_eq!(
            (&report["status"], &report["metrics"]["durationMs"]),
            (&json!("timeout"), &json!(12.345))
        );
    }
}

/// Ten thousand lines are one batch after the other, not a delivery each.
#[test]
fn long_output_is_kept_in_order() {
    let mut lambda = Lambda::new();
    lambda.call("f", &json!({}));
    let asked = lambda.one();
    let lines: Vec<String> = (0..3000).map(|n| format!("{n} {}", "x".repeat(700))).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    lambda.ran(&asked, Ok(run(returned("1"), &lines)));
    let input = json!({
        "logGroupName": "/aws/lambda/f", "startFromHead": true,
        "logStreamName": "2026/11/30/[$LATEST]0123456789abcdef0123456789abcdef",
    });
    let answer = lambda.world.ok("Logs_20140328.GetLogEvents", input);
    let events = answer["events"].as_array().unwrap();
    assert!(events.len() > 1000);
    for (event, line) in events[1..].iter().zip(&lines) {
        assert_eq!(event["message"], format!("{line}\n"));
    }
}
