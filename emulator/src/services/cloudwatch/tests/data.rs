//! GetMetricData: metrics, metric math, searches, Metrics Insights, labels, pages.

use serde_json::{Value, json};

use super::*;

/// Puts values of the metric `name` minute by minute; `None` is a gap.
fn put_minutes(world: &mut World, name: &str, dimensions: &[(&str, &str)], values: &[Option<f64>]) {
    let dimensions: Vec<Value> =
        dimensions.iter().map(|(name, value)| json!({"Name": name, "Value": value})).collect();
    let datum = |(minute, value): (i64, &Option<f64>)| {
        Some(json!({
            "MetricName": name, "Dimensions": dimensions, "Value": (*value)?,
            "Timestamp": START + minute * 60,
        }))
    };
    let data: Vec<Value> = (0..).zip(values).filter_map(datum).collect();
    if !data.is_empty() {
        ok(world, "PutMetricData", json!({"Namespace": "N", "MetricData": data}));
    }
}

fn metric(id: &str, name: &str) -> Value {
    let metric = json!({"Namespace": "N", "MetricName": name});
    json!({"Id": id, "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Sum"}})
}

fn hidden(id: &str) -> Value {
    let mut query = metric(id, id);
    query["ReturnData"] = false.into();
    query
}

/// The answer for the first `minutes`, the oldest first.
fn data(world: &mut World, minutes: i64, queries: Value) -> Value {
    ok(
        world,
        "GetMetricData",
        json!({
            "MetricDataQueries": queries, "StartTime": START, "EndTime": START + minutes * 60,
            "ScanBy": "TimestampAscending",
        }),
    )
}

/// Labels and values of the results; a gap is null.
fn series(answer: &Value, minutes: i64) -> Vec<(String, Value)> {
    let one = |result: &Value| {
        let mut values = vec![Value::Null; minutes as usize];
        let times = result["Timestamps"].as_array().unwrap().iter();
        for (time, value) in times.zip(result["Values"].as_array().unwrap()) {
            values[(time.as_f64().unwrap() as i64 - START) as usize / 60] = value.clone();
        }
        (result["Label"].as_str().unwrap().to_owned(), json!(values))
    };
    answer["MetricDataResults"].as_array().unwrap().iter().map(one).collect()
}

/// Five minutes of some metrics.
fn some_metrics(world: &mut World) {
    let full = |values: [f64; 5]| values.map(Some);
    put_minutes(world, "m1", &[], &[Some(1.0), Some(1.0), Some(0.0), Some(0.0), None]);
    put_minutes(world, "m2", &[], &[Some(30.0), None, Some(0.0), Some(0.0), Some(30.0)]);
    put_minutes(world, "m3", &[], &[Some(0.0), Some(0.0), Some(20.0), None, Some(20.0)]);
    put_minutes(world, "m4", &[], &full([1.0, 2.0, 3.0, 4.0, 5.0]));
    put_minutes(world, "x1", &[], &[Some(30.0), Some(20.0), Some(0.0), Some(0.0), None]);
    put_minutes(world, "x2", &[], &[Some(20.0), None, Some(20.0), None, None]);
}

/// The tables of the user guide, and what it says of each function.
#[test]
fn expressions_come_to_what_the_guide_says() {
    let mut world = World::new();
    world.advance_seconds(600);
    some_metrics(&mut world);
    for (expression, expected) in [
        ("IF(m1, m2, m3)", json!([30.0, 0.0, 20.0, null, null])),
        ("IF(m1, 5, m3)", json!([5.0, 5.0, 20.0, null, null])),
        ("IF(m1, m2, 5)", json!([30.0, 0.0, 5.0, 5.0, null])),
        ("IF(m4 < 3, m4)", json!([1.0, 2.0, null, null, null])),
        ("IF(m4 < 3, 10, 2)", json!([10.0, 10.0, 2.0, 2.0, 2.0])),
        ("IF(1, m4, m1)", json!([1.0, 2.0, 3.0, 4.0, 5.0])),
        ("IF(0, m4)", json!([null, null, null, null, null])),
        ("x1 < x2", json!([0.0, 0.0, 1.0, 0.0, null])),
        ("x1 >= 30", json!([1.0, 0.0, 0.0, 0.0, null])),
        ("x1 > 15 AND x2 > 15", json!([1.0, 0.0, 0.0, 0.0, null])),
        ("m4 - AVG(m4)", json!([-2.0, -1.0, 0.0, 1.0, 2.0])),
        ("m4 / m3", json!([null, null, 0.15, null, 0.25])),
        ("m4 ^ 2", json!([1.0, 4.0, 9.0, 16.0, 25.0])),
        ("-5 * m4 + 2 ^ -1", json!([-4.5, -9.5, -14.5, -19.5, -24.5])),
        (
            "SUM(100 / [m4, m2])",
            json!([100.0 + 100.0 / 30.0, 50.0, 100.0 / 3.0, 25.0, 20.0 + 100.0 / 30.0]),
        ),
        ("SUM(METRICS()) / METRIC_COUNT(METRICS(\"m\"))", json!([20.5, 5.75, 10.75, 1.0, 13.75])),
        ("AVG([m1, m2])", json!([15.5, 0.5, 0.0, 0.0, 15.0])),
        ("MIN([m1, m2])", json!([1.0, 1.0, 0.0, 0.0, 30.0])),
        ("MAX([m1, m2])", json!([30.0, 1.0, 0.0, 0.0, 30.0])),
        ("STDDEV([m1, m2])", json!([14.5, 0.0, 0.0, 0.0, 0.0])),
        ("DATAPOINT_COUNT([m1, m2])", json!([2.0, 1.0, 2.0, 2.0, 1.0])),
        ("DIFF(m4)", json!([null, 1.0, 1.0, 1.0, 1.0])),
        ("RATE(m4)", json!([null, 1.0 / 60.0, 1.0 / 60.0, 1.0 / 60.0, 1.0 / 60.0])),
        ("DIFF_TIME(x2)", json!([null, null, 120.0, null, null])),
        ("RUNNING_SUM(m4)", json!([1.0, 3.0, 6.0, 10.0, 15.0])),
        ("FILL(x2, 0)", json!([20.0, 0.0, 20.0, 0.0, 0.0])),
        ("FILL(x2, REPEAT)", json!([20.0, 20.0, 20.0, 20.0, 20.0])),
        ("FILL(m3, LINEAR)", json!([0.0, 0.0, 20.0, 20.0, 20.0])),
        ("FILL(x2, m4)", json!([20.0, 2.0, 20.0, 4.0, 5.0])),
        ("FILL(x2, MIN(m4))", json!([20.0, 1.0, 20.0, 1.0, 1.0])),
        ("FLOOR(m4 / 2)", json!([0.0, 1.0, 1.0, 2.0, 2.0])),
        ("CEIL(m4 / 2)", json!([1.0, 1.0, 2.0, 2.0, 3.0])),
        ("ABS(-m4)", json!([1.0, 2.0, 3.0, 4.0, 5.0])),
        ("LOG10(100 * m4 / m4)", json!([2.0, 2.0, 2.0, 2.0, 2.0])),
        ("LOG(m1)", json!([0.0, 0.0, null, null, null])),
        ("MINUTE(m1)", json!([0.0, 1.0, 2.0, 3.0, 4.0])),
        ("HOUR(m1) + DAY(m1) + DATE(m1) + MONTH(m1)", json!([6.0, 6.0, 6.0, 6.0, 6.0])),
        ("YEAR(m1)", json!([2026.0, 2026.0, 2026.0, 2026.0, 2026.0])),
        ("EPOCH(m1) - EPOCH(m1) + PERIOD(m1)", json!([60.0, 60.0, 60.0, 60.0, 60.0])),
        ("TIME_SERIES(MAX(m4))", json!([5.0, 5.0, 5.0, 5.0, 5.0])),
        ("FIRST(SORT(METRICS(), SUM, DESC))", json!([30.0, null, 0.0, 0.0, 30.0])),
        ("LAST(SORT([m4, m1], MAX, DESC))", json!([1.0, 1.0, 0.0, 0.0, null])),
        ("SUM(SLICE(SORT(METRICS(), AVG, ASC), 1, 2))", json!([1.0, 2.0, 3.0, 4.0, 5.0])),
        ("m1 || x2", json!([1.0, 1.0, 1.0, 0.0, null])),
    ] {
        let ids = ["m1", "m2", "m3", "m4", "x1", "x2"];
        let mut queries: Vec<Value> = ids.into_iter().map(hidden).collect();
        queries.push(json!({"Id": "e", "Expression": expression}));
        let answer = data(&mut world, 5, json!(queries));
        let expected = vec![("e".to_owned(), expected)];
        assert_eq!(series(&answer, 5), expected, "{expression}");
    }
}

#[test]
fn arrays_have_a_label_for_each_series() {
    let mut world = World::new();
    some_metrics(&mut world);
    let labels = |world: &mut World, expression: &str, label: Value| -> Vec<String> {
        let mut last = json!({"Id": "e", "Expression": expression});
        if !label.is_null() {
            last["Label"] = label;
        }
        let answer = data(world, 5, json!([hidden("m1"), hidden("m4"), hidden("x2"), last]));
        series(&answer, 5).into_iter().map(|(label, _)| label).collect()
    };
    for (expression, label, expected) in [
        ("METRICS() * 2", Value::Null, vec!["m1", "m4", "x2"]),
        ("METRICS(\"m\")", json!("Filled:"), vec!["Filled: m1", "Filled: m4"]),
        ("METRICS(\"m\")", json!(""), vec!["m1", "m4"]),
        ("METRICS(\"m\")", json!("${LABEL} of ${MAX}"), vec!["m1 of 1", "m4 of 5"]),
        ("m1 + m4", json!("both"), vec!["both"]),
        ("m1 + m4", json!("${SUM}"), vec!["17"]),
        ("REMOVE_EMPTY([m1, IF(0, m4)])", Value::Null, vec!["m1"]),
    ] {
        assert_eq!(labels(&mut world, expression, label), expected, "{expression}");
    }
}

#[test]
fn expressions_build_on_one_another_in_any_order() {
    let mut world = World::new();
    some_metrics(&mut world);
    let queries = json!([
        {"Id": "e2", "Expression": "e1 * 2"},
        {"Id": "e1", "Expression": "m4 + 1", "ReturnData": false},
        metric("m4", "m4"),
    ]);
    let answer = data(&mut world, 2, queries);
    let expected = [("e2".to_owned(), json!([4.0, 6.0])), ("m4".to_owned(), json!([1.0, 2.0]))];
    assert_eq!(series(&answer, 2), expected);
}

#[test]
fn a_search_finds_metrics_and_tells_them_apart() {
    let mut world = World::new();
    for (name, queue, value) in [("Sent", "a", 1.0), ("Sent", "b", 2.0), ("Received", "a", 4.0)] {
        put_minutes(&mut world, name, &[("Queue", queue)], &[Some(value)]);
    }
    put_minutes(&mut world, "Sent", &[], &[Some(8.0)]);
    for (expression, expected) in [
        ("SEARCH('{N,Queue} MetricName=\"Sent\"', 'Sum', 60)", vec![("a", 1.0), ("b", 2.0)]),
        (
            "SEARCH('{N,Queue}', 'Sum', 60)",
            vec![("a Received", 4.0), ("a Sent", 1.0), ("b Sent", 2.0)],
        ),
        ("SUM(SEARCH('{N,Queue} sent', 'Sum', 60))", vec![("e", 3.0)]),
        ("SEARCH('{N} Queue=b', 'Maximum')", vec![("Sent", 2.0)]),
        ("SEARCH('nothing', 'Sum', 60)", vec![]),
        ("SELECT SUM(Sent) FROM N", vec![("e", 11.0)]),
        ("SELECT COUNT(Sent) FROM SCHEMA(N, Queue)", vec![("e", 2.0)]),
        ("SELECT MAX(Sent) FROM N GROUP BY Queue", vec![("Other", 8.0), ("a", 1.0), ("b", 2.0)]),
        (
            "SELECT AVG(Sent) FROM N WHERE Queue != 'a' GROUP BY Queue ORDER BY MAX() DESC LIMIT 1",
            vec![("Other", 8.0)],
        ),
    ] {
        let query = json!([{"Id": "e", "Expression": expression, "Period": 60}]);
        let answer = data(&mut world, 1, query);
        let expected: Vec<_> =
            expected.into_iter().map(|(label, value)| (label.to_owned(), json!([value]))).collect();
        assert_eq!(series(&answer, 1), expected, "{expression}");
    }
}

#[test]
fn more_metrics_than_a_search_returns_are_told_of() {
    let mut world = World::new();
    for page in 0..2 {
        let datum = |n: u32| json!({"MetricName": format!("m{page}x{n}"), "Value": 1});
        let all: Vec<Value> = (0..300).map(datum).collect();
        ok(&mut world, "PutMetricData", json!({"Namespace": "N", "MetricData": all}));
    }
    let query = json!([{"Id": "e", "Expression": "SEARCH('{N}', 'Sum', 60)"}]);
    let answer = data(&mut world, 1, query);
    assert_eq!(answer["MetricDataResults"].as_array().unwrap().len(), 500);
    assert_eq!(answer["Messages"][0]["Code"], "MaxMetricsExceeded");
}

#[test]
fn a_band_is_between_what_was_before() {
    let mut world = World::new();
    let values: Vec<_> = (0..20).map(|n| Some(if n % 2 == 0 { 1.0 } else { 3.0 })).collect();
    put_minutes(&mut world, "m1", &[], &values);
    world.advance_seconds(1300);
    let queries = json!([hidden("m1"), {"Id": "e", "Expression": "ANOMALY_DETECTION_BAND(m1, 2)"}]);
    let answer = ok(
        &mut world,
        "GetMetricData",
        json!({
            "MetricDataQueries": queries, "StartTime": START + 1200, "EndTime": START + 1260,
        }),
    );
    let results = answer["MetricDataResults"].as_array().unwrap();
    let all: Vec<_> = results.iter().map(|it| (&it["Label"], &it["Values"])).collect();
    assert_eq!(all.len(), 2);
    assert_eq!(all[0], (&json!("m1 (expected) High"), &json!([4.0])));
    assert_eq!(all[1], (&json!("m1 (expected) Low"), &json!([0.0])));
}

#[test]
fn what_is_wrong_is_said() {
    let query = |query: Value| json!([metric("m1", "m"), query]);
    let expression = |text: &str| query(json!({"Id": "e", "Expression": text}));
    let stat = |stat: Value| {
        let mut metric = metric("m2", "m");
        for (name, value) in stat.as_object().unwrap() {
            metric["MetricStat"][name] = value.clone();
        }
        json!([metric])
    };
    for (queries, message) in [
        (
            query(json!({"Id": "E", "Expression": "m1"})),
            "The value E for parameter MetricDataQueries.member.2.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.",
        ),
        (
            query(metric("m1", "x")),
            "The values for parameter id in MetricDataQueries are not unique.",
        ),
        (
            query(json!({"Id": "e"})),
            "At least one of the parameters MetricDataQueries.member.2.MetricStat and MetricDataQueries.member.2.Expression must be specified.",
        ),
        (expression("m1 +"), "Error in expression 'e': Syntax error: unexpected end."),
        (expression("m2"), "Error in expression 'e': Undefined id 'm2'."),
        (expression("FOO(m1)"), "Error in expression 'e': Unknown function 'FOO'."),
        (expression("sum(m1)"), "Error in expression 'e': Unknown function 'sum'."),
        (
            expression("SUM(m1)"),
            "Error in expression 'e': The expression must return a time series or an array of time series, not a scalar.",
        ),
        (
            expression("[m1] + [m1]"),
            "Error in expression 'e': Unsupported operand types for +: an array of time series and an array of time series.",
        ),
        (
            expression("SUM(1)"),
            "Error in expression 'e': Function SUM: argument 1 must be a time series or an array of them, not a scalar.",
        ),
        (
            expression("FILL(m1)"),
            "Error in expression 'e': Function FILL: 2 arguments are needed, not 1.",
        ),
        (
            expression("SORT([m1], P99, ASC)"),
            "Error in expression 'e': Function SORT: argument 2 must be one of AVG, MAX, MIN, SUM.",
        ),
        (
            expression("e + 1"),
            "Error in expression 'e': The expressions refer to one another in a circle.",
        ),
        (
            expression("SEARCH('{N', 'Sum', 60)"),
            "Error in expression 'e': Function SEARCH: a schema has no end.",
        ),
        (
            expression("SELECT AVG(m) FROM N"),
            "The parameter MetricDataQueries.member.2.Period is required.",
        ),
        (
            expression(&"(".repeat(60)),
            "Error in expression 'e': The expression is nested too deeply.",
        ),
        (
            stat(json!({"Period": 61})),
            "The parameter MetricDataQueries.member.1.MetricStat.Period must be 1, 5, 10, 20, 30 or a multiple of 60.",
        ),
        (
            stat(json!({"Stat": "Median"})),
            "The value Median for parameter MetricDataQueries.member.1.MetricStat.Stat is not supported.",
        ),
    ] {
        let input = json!({
            "MetricDataQueries": queries, "StartTime": START, "EndTime": START + 60,
        });
        check_error("GetMetricData", input, "ValidationError", message);
    }
}

#[test]
fn what_is_not_here_is_named() {
    let mut world = World::new();
    for function in [
        "LAMBDA('f')",
        "SERVICE_QUOTA(m1)",
        "INSIGHT_RULE_METRIC('r', 'Sum')",
        "DB_PERF_INSIGHTS('a')",
    ] {
        let queries = json!([hidden("m1"), {"Id": "e", "Expression": function}]);
        let input =
            json!({"MetricDataQueries": queries, "StartTime": START, "EndTime": START + 60});
        let refused = world.err(&format!("{TARGET}.GetMetricData"), input);
        assert_eq!(refused.shape, "NotImplementedException");
        let name = function.split('(').next().unwrap();
        assert!(refused.message.contains(name), "{}", refused.message);
    }
}

#[test]
fn a_request_for_too_much_is_refused() {
    let mut world = World::new();
    put_minutes(&mut world, "m1", &[], &[Some(1.0)]);
    let queries = json!([{"Id": "e", "Expression": "TIME_SERIES(1)", "Period": 1}]);
    let input = json!({"MetricDataQueries": queries, "StartTime": 0, "EndTime": START});
    let refused = world.err(&format!("{TARGET}.GetMetricData"), input);
    assert!(refused.message.contains("too much work"), "{}", refused.message);
}

#[test]
fn pages_hold_so_many_points_in_either_order() {
    let mut world = World::new();
    let values = |count: u32| (0..count).map(|n| Some(f64::from(n))).collect::<Vec<_>>();
    put_minutes(&mut world, "m1", &[], &values(5));
    put_minutes(&mut world, "m2", &[], &[]);
    put_minutes(&mut world, "m3", &[], &values(4));
    world.advance_seconds(600);
    for (order, first) in [("TimestampAscending", 0.0), ("TimestampDescending", 4.0)] {
        for max in 1..=10 {
            let mut input = json!({
                "MetricDataQueries": [metric("m1", "m1"), metric("m2", "m2"), metric("m3", "m3")],
                "StartTime": START, "EndTime": START + 600, "ScanBy": order, "MaxDatapoints": max,
            });
            let mut found: Vec<(String, f64)> = Vec::new();
            loop {
                let answer = ok(&mut world, "GetMetricData", input.clone());
                let mut count = 0;
                for result in answer["MetricDataResults"].as_array().unwrap() {
                    for value in result["Values"].as_array().unwrap() {
                        count += 1;
                        let id = result["Id"].as_str().unwrap().to_owned();
                        found.push((id, value.as_f64().unwrap()));
                    }
                }
                assert!(count <= max, "{count} of {max}");
                let Some(token) = answer.get("NextToken") else { break };
                input["NextToken"] = token.clone();
            }
            assert_eq!(found.len(), 9, "{order} {max}: {found:?}");
            assert_eq!(found[0], ("m1".to_owned(), first));
            assert!(found.is_sorted_by_key(|(id, _)| id.clone()));
        }
    }
    let input = json!({
        "MetricDataQueries": [metric("m1", "m1")], "StartTime": START, "EndTime": START + 60,
        "NextToken": "forged",
    });
    assert_eq!(world.err(&format!("{TARGET}.GetMetricData"), input).shape, "InvalidNextToken");
}

#[test]
fn the_newest_comes_first_unless_asked_otherwise() {
    let mut world = World::new();
    put_minutes(&mut world, "m1", &[], &[Some(1.0), Some(2.0)]);
    let queries = json!([metric("m1", "m1")]);
    let input = json!({"MetricDataQueries": queries, "StartTime": START, "EndTime": START + 120});
    let answer = ok(&mut world, "GetMetricData", input);
    let result = &answer["MetricDataResults"][0];
    assert_eq!(result["Values"], json!([2.0, 1.0]));
    assert_eq!(result["StatusCode"], "Complete");
    assert_eq!(answer["Messages"], json!([]));
}

#[test]
fn statistics_beyond_percentiles() {
    let mut world = World::new();
    let values: Vec<u32> = (1..=10).collect();
    put(&mut world, json!({"Values": values}));
    let wanted = json!({"ExtendedStatistics": ["tm90", "TC(2:5)", "PR(:5)", "IQM", "wm90"]});
    let points = statistics(&mut world, 0, 60, 60, wanted);
    let expected = json!({"tm90": 5.0, "TC(2:5)": 3.0, "PR(:5)": 50.0, "IQM": 5.5, "wm90": 5.4});
    assert_eq!(points[0]["ExtendedStatistics"], expected);
}
