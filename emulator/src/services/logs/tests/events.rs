//! Events: what may be put, and reading them page by page.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Logs, START, messages};
use crate::services::logs::putting::BYTES_MAX;

#[test]
fn a_batch_is_checked_as_a_whole() {
    let mut logs = Logs::new();
    let event = |at: i64, message: &str| json!({"timestamp": START + at, "message": message});
    let many = vec![event(0, "x"); 10_001];
    let large = "x".repeat(1_048_576 - 26);
    for (events, message) in [
        (json!([event(1, "a"), event(0, "b")]), "must be in chronological order."),
        (json!([event(-86_400_001, "a"), event(0, "b")]), "cannot span more than 24 hours."),
        (
            json!([]),
            "at 'logEvents' failed to satisfy constraint: Member must have length greater \
                     than or equal to 1",
        ),
        (json!(many), "Member must have length less than or equal to 10000"),
        (
            json!([event(0, &format!("{large}x"))]),
            "Log event too large: 1048577 bytes exceeds limit of 1048576",
        ),
        (
            json!([event(0, &large), event(0, "x")]),
            "Upload too large: 1048603 bytes exceeds limit of 1048576",
        ),
        (json!([event(0, "")]), "length greater than or equal to 1"),
        (json!([{"message": "x"}]), "Value null at 'logEvents.1.member.timestamp'"),
        (json!([{"timestamp": -1, "message": "x"}]), "greater than or equal to 0"),
    ] {
        let input = json!({"logGroupName": "g", "logStreamName": "s", "logEvents": events});
        let refused = logs.err("PutLogEvents", input);
        assert_eq!(refused.0, "InvalidParameterException");
        assert!(refused.1.contains(message), "{} is not {message}", refused.1);
    }
    let whole = json!([event(-86_400_000, "a"), event(0, "b")]);
    logs.ok("PutLogEvents", json!({"logGroupName": "g", "logStreamName": "s", "logEvents": whole}));
    let largest = json!([event(0, &large)]);
    let input = json!({"logGroupName": "g", "logStreamName": "s", "logEvents": largest});
    logs.ok("PutLogEvents", input);
    assert_eq!(logs.found(json!({"endTime": START})), ["a"]);
}

#[test]
fn events_are_rejected_one_by_one_for_their_age() {
    const DAY: i64 = 86_400_000;
    const HOURS: i64 = 3_600_000;
    for (times, rejected) in [
        (vec![-14 * DAY - 1, -14 * DAY], json!({"tooOldLogEventEndIndex": 1})),
        (vec![0, 2 * HOURS], Value::Null),
        (vec![0, 2 * HOURS, 2 * HOURS + 1], json!({"tooNewLogEventStartIndex": 2})),
        (vec![2 * HOURS + 1], json!({"tooNewLogEventStartIndex": 0})),
    ] {
        let mut logs = Logs::new();
        let events: Vec<Value> = times
            .iter()
            .map(|at| json!({"timestamp": START + at, "message": at.to_string()}))
            .collect();
        let input = json!({"logGroupName": "g", "logStreamName": "s", "logEvents": events});
        let answer = logs.ok("PutLogEvents", input);
        assert_eq!(answer["rejectedLogEventsInfo"], rejected, "{times:?}");
        let refused = ["tooOldLogEventEndIndex", "tooNewLogEventStartIndex"]
            .map(|name| rejected[name].as_u64());
        let from = refused[0].unwrap_or(0) as usize;
        let to = refused[1].map_or(times.len(), |to| to as usize);
        let kept: Vec<String> = times[from..to].iter().map(ToString::to_string).collect();
        assert_eq!(logs.found(json!({})), kept);
    }
}

/// All messages of the stream, by the tokens of one direction.
fn walk(logs: &mut Logs, limit: usize, forward: bool) -> Vec<String> {
    let mut input = json!({
        "logGroupName": "g", "logStreamName": "s", "limit": limit, "startFromHead": forward,
    });
    let token = if forward { "nextForwardToken" } else { "nextBackwardToken" };
    let mut all = Vec::new();
    loop {
        let page = logs.ok("GetLogEvents", input.clone());
        let found = messages(&page);
        if page[token] == input["nextToken"] {
            assert!(found.is_empty());
            return all;
        }
        match forward {
            true => all.extend(found),
            false => drop(all.splice(0..0, found)),
        }
        input["nextToken"] = page[token].clone();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever the times, pages give every event once, ordered by time and then as they came.
    #[test]
    fn pages_give_every_event_once(
        batches in proptest::collection::vec(proptest::collection::vec(0..5_i64, 1..6), 1..6),
        limit in 1..7_usize,
    ) {
        let mut logs = Logs::new();
        let mut all = Vec::new();
        for mut times in batches {
            times.sort_unstable();
            let mut events = Vec::new();
            for at in times {
                let message = format!("{}", all.len());
                events.push(json!({"timestamp": START + at, "message": message}));
                all.push((at, message));
            }
            let input = json!({"logGroupName": "g", "logStreamName": "s", "logEvents": events});
            logs.ok("PutLogEvents", input);
        }
        all.sort_by_key(|(at, _)| *at);
        let wanted: Vec<String> = all.into_iter().map(|(_, message)| message).collect();
        prop_assert_eq!(&walk(&mut logs, limit, true), &wanted);
        prop_assert_eq!(&walk(&mut logs, limit, false), &wanted);
        for head in [true, false] {
            let mut found = Vec::new();
            let mut input = json!({"logGroupName": "g", "limit": limit, "startFromHead": head});
            loop {
                let page = logs.ok("FilterLogEvents", input.clone());
                found.extend(messages(&page));
                match page["nextToken"].as_str() {
                    Some(token) => input["nextToken"] = token.into(),
                    None => break,
                }
            }
            if !head {
                found.reverse();
            }
            prop_assert_eq!(&found, &wanted);
        }
    }
}

#[test]
fn who_comes_back_with_the_last_token_finds_what_came_since() {
    let mut logs = Logs::new();
    let mut input = json!({"logGroupName": "g", "logStreamName": "s", "startFromHead": true});
    let first = logs.ok("GetLogEvents", input.clone());
    assert!(messages(&first).is_empty());
    logs.put("s", &["one"]);
    input["nextToken"] = first["nextForwardToken"].clone();
    let second = logs.ok("GetLogEvents", input.clone());
    assert_eq!(messages(&second), ["one"]);
    input["nextToken"] = second["nextForwardToken"].clone();
    assert!(messages(&logs.ok("GetLogEvents", input.clone())).is_empty());
    logs.put("s", &["two"]);
    assert_eq!(messages(&logs.ok("GetLogEvents", input.clone())), ["two"]);
    for token in ["f/1/s", "x/0/s", "f", "b//s"] {
        input["nextToken"] = token.into();
        assert!(logs.err("GetLogEvents", input.clone()).1.contains("nextToken is invalid"));
    }
}

#[test]
fn times_bound_what_is_read() {
    let mut logs = Logs::new();
    logs.put("s", &["0", "1", "2", "3"]);
    for (start, end, wanted) in [
        (Some(1000), None, vec!["1", "2", "3"]),
        (None, Some(2000), vec!["0", "1"]),
        (Some(1000), Some(1000), vec![]),
        (Some(3000), Some(1000), vec![]),
        (Some(1001), Some(2001), vec!["2"]),
    ] {
        let mut input = json!({});
        start.inspect(|start| input["startTime"] = (START + start).into());
        end.inspect(|end: &i64| input["endTime"] = (START + end).into());
        assert_eq!(logs.found(input.clone()), wanted, "{input}");
        input["logGroupName"] = "g".into();
        input["logStreamName"] = "s".into();
        assert_eq!(messages(&logs.ok("GetLogEvents", input)), wanted);
    }
}

#[test]
fn streams_are_searched_together_or_by_name() {
    let mut logs = Logs::new();
    for name in ["t1", "t2"] {
        logs.ok("CreateLogStream", json!({"logGroupName": "g", "logStreamName": name}));
    }
    logs.put("t2", &["a", "c error"]);
    logs.put("s", &["b error"]);
    logs.put("t1", &["d"]);
    for (input, wanted) in [
        (json!({}), vec!["a", "b error", "d", "c error"]),
        (json!({"filterPattern": "error"}), vec!["b error", "c error"]),
        (json!({"logStreamNames": ["s", "t1"]}), vec!["b error", "d"]),
        (json!({"logStreamNamePrefix": "t"}), vec!["a", "d", "c error"]),
    ] {
        assert_eq!(logs.found(input.clone()), wanted, "{input}");
    }
    for (input, shape) in [
        (json!({"logStreamNames": ["s"], "logStreamNamePrefix": "t"}), "InvalidParameterException"),
        (json!({"logStreamNames": ["absent"]}), "ResourceNotFoundException"),
        (json!({"filterPattern": "{ x"}), "InvalidParameterException"),
    ] {
        let mut input = input;
        input["logGroupName"] = "g".into();
        assert_eq!(logs.err("FilterLogEvents", input).0, shape);
    }
}

#[test]
fn memory_has_a_bound_and_the_first_events_go() {
    let mut logs = Logs::new();
    logs.ok("CreateLogStream", json!({"logGroupName": "g", "logStreamName": "t"}));
    let message = "x".repeat(1_048_576 - 26);
    let batches = BYTES_MAX / 1_048_576;
    let stored = |logs: &mut Logs| {
        logs.ok("DescribeLogGroups", json!({}))["logGroups"][0]["storedBytes"].as_u64().unwrap()
    };
    logs.put("t", &["first of all"]);
    for number in 0..batches - 1 {
        let stream = if number % 2 == 0 { "s" } else { "t" };
        logs.put(stream, &[&message]);
    }
    assert!(logs.found(json!({"limit": 1})).contains(&"first of all".to_owned()));
    logs.put("s", &[&message]);
    let held = stored(&mut logs);
    assert!(held <= BYTES_MAX / 4 * 3 && held > BYTES_MAX / 2, "{held}");
    assert!(logs.found(json!({"filterPattern": "first"})).is_empty());
}

#[test]
fn a_restart_from_a_snapshot_finds_everything() {
    let mut logs = Logs::new();
    logs.put("s", &["one", "two"]);
    let filter = json!({
        "logGroupName": "g", "filterName": "f", "filterPattern": "{ $.a = %x+% }",
        "metricTransformations": [
            {"metricName": "m", "metricNamespace": "N", "metricValue": "$.b"},
        ],
    });
    logs.ok("PutMetricFilter", filter);
    logs.world.restart();
    assert_eq!(logs.found(json!({})), ["one", "two"]);
    let filters = logs.ok("DescribeMetricFilters", json!({"logGroupName": "g"}));
    assert_eq!(filters["metricFilters"][0]["filterPattern"], "{ $.a = %x+% }");
}
