//! Insights: tables of queries over a few events, and statistics against naive references.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::aggregate::percentile;
use super::{Query, Run};
use crate::cloud::testing::World;

const START: i64 = 1_767_225_600_000;

/// The rows of a query over messages that are ten seconds apart, as `field=value`.
fn rows(messages: &[String], query: &str) -> Vec<String> {
    let mut world = World::new();
    let mut ok =
        |operation: &str, input: Value| world.ok(&format!("Logs_20140328.{operation}"), input);
    let names = json!({"logGroupName": "g", "logStreamName": "s"});
    ok("CreateLogGroup", json!({"logGroupName": "g"}));
    ok("CreateLogStream", names.clone());
    let events: Vec<Value> = (0..)
        .zip(messages)
        .map(|(at, message)| json!({"timestamp": START + at * 10_000, "message": message}))
        .collect();
    if !events.is_empty() {
        let mut put = names;
        put["logEvents"] = events.into();
        ok("PutLogEvents", put);
    }
    let id = ok(
        "StartQuery",
        json!({
            "logGroupName": "g", "queryString": query,
            "startTime": START / 1000, "endTime": START / 1000 + 7200,
        }),
    )["queryId"]
        .clone();
    let answer = ok("GetQueryResults", json!({"queryId": id}));
    let row = |row: &Value| {
        let fields = row.as_array().unwrap().iter();
        let fields = fields.filter(|it| it["field"] != "@ptr");
        let text = |part: &Value| part.as_str().unwrap().to_owned();
        let fields = fields.map(|it| format!("{}={}", text(&it["field"]), text(&it["value"])));
        fields.collect::<Vec<_>>().join(" ")
    };
    answer["results"].as_array().unwrap().iter().map(row).collect()
}

fn orders() -> Vec<String> {
    [
        r#"{"order": 1, "state": "paid", "ms": 10, "who": {"name": "Ann"}, "tags": ["x", "y"]}"#,
        r#"{"order": 2, "state": "sent", "ms": 30, "who": {"name": "Bob"}}"#,
        r#"{"order": 3, "state": "paid", "ms": 20.5, "ip": "10.1.2.3"}"#,
        "user=eve, took:15 ms [done]",
    ]
    .map(str::to_owned)
    .to_vec()
}

#[test]
fn commands() {
    for (query, wanted) in [
        (
            "fields order, state | sort order",
            vec!["", "order=1 state=paid", "order=2 state=sent", "order=3 state=paid"],
        ),
        ("fields order | filter state = 'paid' and ms >= 20", vec!["order=3"]),
        (
            "fields order | filter state = \"sent\" or order = 1 | sort order desc",
            vec!["order=2", "order=1"],
        ),
        ("fields order | filter not ispresent(order)", vec![""]),
        ("fields order | filter who.name like /^A/", vec!["order=1"]),
        ("fields order | filter who.name like 'o'", vec!["order=2"]),
        ("fields order | filter state not like /paid/ and ispresent(state)", vec!["order=2"]),
        ("fields order | filter state =~ /pa.d/ | sort ms", vec!["order=1", "order=3"]),
        ("fields order | filter order in [1, 3] | sort order", vec!["order=1", "order=3"]),
        ("fields order | filter order not in [1, 3] and ispresent(order)", vec!["order=2"]),
        ("fields tags.1 as second | filter ispresent(second)", vec!["second=y"]),
        ("fields ms * 2 + 1 as twice | filter order = 3", vec!["twice=42"]),
        ("fields -ms % 4 ^ 2, (ms - 1) / 2 as b | filter order = 1", vec!["-ms % 4 ^ 2=-10 b=4.5"]),
        ("fields order | limit 2", vec!["", "order=3"]),
        ("sort ms desc | limit 1 | display order", vec!["order=2"]),
        ("fields state | filter ispresent(state) | dedup state", vec!["state=paid", "state=sent"]),
        (
            "parse 'user=*, took:* ms' as user, took | filter ispresent(user) | display user, took",
            vec!["user=eve took=15"],
        ),
        ("parse @message /took:(?<took>\\d+)/ | filter took > 14 | display took", vec!["took=15"]),
        ("parse '[*]' as last | filter last = 'done' | display last", vec!["last=done"]),
        ("filter order = 2 # a comment\n| display `order`", vec!["order=2"]),
        ("fields @logStream, @log | limit 1", vec!["@logStream=s @log=000000000000:g"]),
        (
            "filter order=1",
            vec![
                "@timestamp=2026-01-01 00:00:00.000 @message={\"order\": 1, \"state\": \"paid\", \
             \"ms\": 10, \"who\": {\"name\": \"Ann\"}, \"tags\": [\"x\", \"y\"]}",
            ],
        ),
    ] {
        assert_eq!(rows(&orders(), query), wanted, "{query}");
    }
}

#[test]
fn functions() {
    for (expression, wanted) in [
        ("abs(-3)", "3"),
        ("ceil(1.2)", "2"),
        ("floor(1.8)", "1"),
        ("greatest(1, ms, 3)", "10"),
        ("least(2, ms)", "2"),
        ("log(1)", "0"),
        ("sqrt(16)", "4"),
        ("strlen('äb')", "2"),
        ("toupper('ab')", "AB"),
        ("tolower('AB')", "ab"),
        ("trim('  a ')", "a"),
        ("ltrim('xxa', 'x')", "a"),
        ("rtrim('axx', 'x')", "a"),
        ("substr('abcdef', 2)", "cdef"),
        ("substr('abcdef', 2, 3)", "cde"),
        ("replace('a-b', '-', '+')", "a+b"),
        ("strcontains('abc', 'b')", "1"),
        ("concat('a', order, state)", "a1paid"),
        ("coalesce(nothing, state)", "paid"),
        ("isempty('')", "1"),
        ("isblank(' x')", "0"),
        ("isValidIp('::1')", "1"),
        ("isValidIpV4('::1')", "0"),
        ("isValidIpV6('::1')", "1"),
        ("isIpInSubnet('10.1.2.3', '10.0.0.0/8')", "1"),
        ("isIpv4InSubnet('11.1.2.3', '10.0.0.0/8')", "0"),
        ("isIpv6InSubnet('fe80::1', 'fe80::/10')", "1"),
        ("isIpInSubnet('1.2.3.4', '0.0.0.0/0')", "1"),
        ("tomillis(@timestamp)", "1767225600000"),
        ("frommillis(0)", "1970-01-01 00:00:00.000"),
        ("now()", "1767225600"),
        ("datefloor(@timestamp, 1d)", "2026-01-01 00:00:00.000"),
        ("dateceil(frommillis(1), 1s)", "1970-01-01 00:00:01.000"),
        ("bin(1h)", "2026-01-01 00:00:00.000"),
        ("datefloor(frommillis(1778000000000), 1mo)", "2026-05-01 00:00:00.000"),
        ("dateceil(frommillis(1778000000000), 1month)", "2026-06-01 00:00:00.000"),
        ("datefloor(frommillis(1778000000000), 2qtrs)", "2026-01-01 00:00:00.000"),
        ("datefloor(frommillis(1778000000000), 1q)", "2026-04-01 00:00:00.000"),
        ("dateceil(frommillis(1778000000000), 1y)", "2027-01-01 00:00:00.000"),
        ("dateceil(frommillis(1767225600000), 1yr)", "2026-01-01 00:00:00.000"),
        ("datefloor(frommillis(1778000000000), 2hrs)", "2026-05-05 16:00:00.000"),
        ("jsonparse('{\"a\": [1, {\"b\": 2}]}')", "{\"a\":[1,{\"b\":2}]}"),
        ("jsonstringify(jsonparse('[1, 2]'))", "[1,2]"),
        ("concat('x', jsonstringify(jsonparse('{}')))", "x{}"),
        ("1 = 1.0", "1"),
        ("'b' > 'a'", "1"),
        ("not (1 < 2 and true)", "0"),
    ] {
        let query = format!("fields {expression} as x | filter order = 1");
        assert_eq!(rows(&orders(), &query), [format!("x={wanted}")], "{expression}");
    }
    // What has no value is no field.
    for expression in [
        "nothing + 1",
        "1 / 0",
        "sqrt(-1)",
        "abs('x')",
        "trim(nothing)",
        "datefloor(-1, 1d)",
        "datefloor(9 ^ 99, 1d)",
        "frommillis(9 ^ 99)",
        "jsonparse('x')",
        "jsonparse('7')",
        "jsonparse(nothing)",
        "jsonstringify(state)",
    ] {
        let query = format!("fields {expression} as x | filter order = 1");
        assert_eq!(rows(&orders(), &query), [""], "{expression}");
    }
}

#[test]
fn statistics() {
    for (query, wanted) in [
        ("stats count(*)", vec!["count(*)=4"]),
        ("stats count() as n, count(ms) as m", vec!["n=4 m=3"]),
        (
            "stats count(*) as n by state | sort state",
            vec!["n=1", "state=paid n=2", "state=sent n=1"],
        ),
        (
            "stats sum(ms) as s, avg(ms) as a, min(ms) as low, max(ms) as high",
            vec!["s=60.5 a=20.166666666666668 low=10 high=30"],
        ),
        ("stats pct(ms, 50) as p, stddev(order) as d", vec!["p=20.5 d=0.816496580927726"]),
        ("stats count_distinct(state) as kinds", vec!["kinds=2"]),
        ("stats earliest(order) as first, latest(order) as last", vec!["first=1 last=3"]),
        ("stats sortsFirst(state) as a, sortsLast(state) as b", vec!["a=paid b=sent"]),
        (
            "stats count(*) as n by bin(20s) | sort n, `bin(20s)`",
            vec!["bin(20s)=2026-01-01 00:00:00.000 n=2", "bin(20s)=2026-01-01 00:00:20.000 n=2"],
        ),
        (
            "stats max(ms) as high, min(ms) as low, high - low as span",
            vec!["high=30 low=10 span=20"],
        ),
        ("stats sum(ms) / count(ms) * 2 as r", vec!["r=40.333333333333336"]),
        ("stats count(*) as n by state | stats max(n) as most", vec!["most=2"]),
        ("filter ms > 1000 | stats count(*) as n, sum(ms) as s", vec!["n=0"]),
        ("filter ms > 1000 | stats count(*) as n by state", vec![]),
    ] {
        assert_eq!(rows(&orders(), query), wanted, "{query}");
    }
}

#[test]
fn members_of_structures() {
    let inner = r#"{"n": 5, "list": [{"k": "a"}, {"k": "b", "x-y": [7, 8]}], "empty": []}"#;
    let messages = [serde_json::json!({"inner": inner, "kind": "o"}).to_string(), "x".to_owned()];
    let begin = "filter kind = 'o' | fields jsonParse(inner) as js";
    let keys: Vec<&str> = vec!["k=a", "k=b"];
    for (rest, wanted) in [
        ("display js.n, js.list[1].k as k", vec!["js.n=5 k=b"]),
        ("display js.list[1].`x-y`[0] as x, js.list.0.k", vec!["x=7 js.list.0.k=a"]),
        ("display js.list[2].k as k, js.no as no", vec![""]),
        ("filter js.n > 4 and js.list[0].k like 'a' | display kind", vec!["kind=o"]),
        ("unnest js.list into item | display item.k as k", keys.clone()),
        ("unnest js.list into item | limit 1 | display item.k as k, kind", vec!["k=a kind=o"]),
        ("unnest js.list into item | filter item.k = 'b' | display kind", vec!["kind=o"]),
        (
            "unnest js.list into i | unnest i.`x-y` into j | display i.k as k, j",
            vec!["k=a", "k=b j=7", "k=b j=8"],
        ),
        (
            "unnest js.list into item | stats count(*) as n by item.k as k",
            vec!["k=a n=1", "k=b n=1"],
        ),
        ("unnest js.empty into item | display kind", vec![]),
        ("unnest js.n into item | display item", vec!["item=5"]),
        ("unnest kind into item | display item", vec!["item=o"]),
        ("unnest js.no into item | display kind, item", vec!["kind=o"]),
        ("limit 1 | unnest js.list into item | display item.k as k", keys.clone()),
        (
            "sort kind | unnest js.list into item | sort item.k desc | display item.k as k",
            vec!["k=b", "k=a"],
        ),
        ("unnest js.list into js | display js.k as k", keys),
        ("stats count(*) as n by js.n", vec!["js.n=5 n=1"]),
    ] {
        assert_eq!(rows(&messages, &format!("{begin} | {rest}")), wanted, "{rest}");
    }
}

#[test]
fn a_list_is_not_made_into_more_rows_than_a_query_looks_at() {
    let message = format!("[{}]", vec!["0"; 2000].join(","));
    let lists = "| unnest j into x | unnest j into y";
    let query = format!("fields jsonParse(@message) as j {lists} | stats count(*) as n");
    assert_eq!(rows(&[message], &query), ["n=999500"]);
}

#[test]
fn lines_of_functions_have_fields_of_their_own() {
    let mut world = World::new();
    let mut ok =
        |operation: &str, input: Value| world.ok(&format!("Logs_20140328.{operation}"), input);
    let group = "/aws/lambda/f";
    ok("CreateLogGroup", json!({"logGroupName": group}));
    ok("CreateLogStream", json!({"logGroupName": group, "logStreamName": "s"}));
    let report = "REPORT RequestId: abc\tDuration: 12.5 ms\tBilled Duration: 13 ms\t\
                  Memory Size: 128 MB\tMax Memory Used: 64 MB\tInit Duration: 100.1 ms";
    let events = json!([{"timestamp": START, "message": report}]);
    ok("PutLogEvents", json!({"logGroupName": group, "logStreamName": "s", "logEvents": events}));
    let query = "filter @type = 'REPORT' | fields @requestId, @duration, @billedDuration, \
                 @maxMemoryUsed, @memorySize, @initDuration";
    let start = START / 1000;
    let id = ok(
        "StartQuery",
        json!({
            "logGroupName": group, "queryString": query, "startTime": start, "endTime": start + 1,
        }),
    );
    let answer = ok("GetQueryResults", json!({"queryId": id["queryId"]}));
    let values = answer["results"][0].as_array().unwrap().iter().map(|it| it["value"].clone());
    let values: Vec<Value> = values.take(6).collect();
    assert_eq!(values, ["abc", "12.5", "13", "64000000", "128000000", "100.1"]);
}

#[test]
fn what_is_no_query_is_refused() {
    let deep = format!("filter {}1{}", "(".repeat(40), ")".repeat(40));
    let long = format!("filter 1{}", "+1".repeat(257));
    for (query, told) in [
        ("", "unexpected symbol found <EOF> at line 1 and position 0"),
        ("find x", "unexpected symbol found find at line 1 and position 0"),
        ("filter", "unexpected symbol found <EOF> at line 1 and position 6"),
        ("filter a = ", "unexpected symbol found <EOF>"),
        ("filter (a = 1", "unexpected symbol found <EOF>"),
        ("fields a,", "unexpected symbol found <EOF>"),
        ("fields a b", "unexpected symbol found b at line 1 and position 9"),
        ("limit 0", "unexpected symbol found 0"),
        ("limit x", "unexpected symbol found x"),
        ("stats a", "unexpected symbol found <EOF>"),
        ("fields count(*)", "unexpected symbol found count(*)"),
        ("filter nothing(1)", "unexpected symbol found nothing(1)"),
        ("filter abs()", "abs takes 1 to 1 arguments"),
        ("unnest a", "unexpected symbol found <EOF>"),
        ("unnest a into", "unexpected symbol found <EOF>"),
        ("fields a[b]", "unexpected symbol found [b]"),
        ("filter a like b", "unexpected symbol found b"),
        ("filter a like /(/", "/(/ is no regular expression"),
        ("parse '* *' as a", "another number of * than of fields"),
        ("parse /a/", "no named group"),
        ("stats count(*) by bin(5x)", "unexpected symbol found"),
        ("diff", "diff is not implemented"),
        ("filter 'a", "unexpected symbol found 'a"),
        (&deep, "nested too deeply"),
        (&long, "more than 256 operators"),
    ] {
        let error = Query::parse(query).expect_err(query);
        assert!(error.message.contains(told), "{query}: {} is not {told}", error.message);
        assert!(error.start <= error.end);
    }
}

#[test]
fn a_percentile_lies_between_two_values() {
    for (percent, wanted) in [(0.0, 1.0), (50.0, 2.5), (75.0, 3.25), (100.0, 4.0)] {
        assert_eq!(percentile(&[1.0, 2.0, 3.0, 4.0], percent), Some(wanted));
    }
    assert_eq!(percentile(&[], 50.0), None);
    assert_eq!(percentile(&[7.0], 99.0), Some(7.0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// `stats … by` against sums over each group by hand.
    #[test]
    fn groups_add_up(orders in proptest::collection::vec((0..3_u8, -50..50_i32), 0..40)) {
        let messages: Vec<String> =
            orders.iter().map(|(kind, n)| format!(r#"{{"kind": "k{kind}", "n": {n}}}"#)).collect();
        let mut groups: BTreeMap<u8, Vec<i32>> = BTreeMap::new();
        for (kind, n) in &orders {
            groups.entry(*kind).or_default().push(*n);
        }
        let wanted: Vec<String> = groups
            .iter()
            .map(|(kind, all)| {
                let distinct: std::collections::BTreeSet<_> = all.iter().collect();
                format!(
                    "kind=k{kind} c={} s={} lo={} hi={} d={} first={} last={}",
                    all.len(), all.iter().sum::<i32>(), all.iter().min().unwrap(),
                    all.iter().max().unwrap(), distinct.len(), all[0], all[all.len() - 1],
                )
            })
            .collect();
        let query = "stats count(*) as c, sum(n) as s, min(n) as lo, max(n) as hi, \
                     count_distinct(n) as d, earliest(n) as first, latest(n) as last by kind \
                     | sort kind";
        prop_assert_eq!(rows(&messages, query), wanted);
    }

    /// `sort | limit` against sorting everything.
    #[test]
    fn the_first_rows_are_those_of_the_whole_order(
        numbers in proptest::collection::vec(-20..20_i32, 0..30),
        limit in 1..10_usize,
    ) {
        let messages: Vec<String> = numbers.iter().map(|n| json!({"n": n}).to_string()).collect();
        let mut sorted = numbers;
        sorted.sort_by(|one, other| other.cmp(one));
        sorted.truncate(limit);
        let wanted: Vec<String> = sorted.into_iter().map(|n| format!("n={n}")).collect();
        let query = format!("fields n | sort n desc | limit {limit}");
        prop_assert_eq!(rows(&messages, &query), wanted);
    }

    /// Reading never panics.
    #[test]
    fn any_text_is_read_or_refused(
        command in "(fields|filter|stats|parse|sort|limit|dedup|display)?",
        rest in "[a-c @|,()=<>!'\"/*#`.\\[\\]0-9-]{0,40}",
    ) {
        if let Ok(query) = Query::parse(&format!("{command}{rest}")) {
            let found = query.run(&Run { now: START, rows_max: 10 }, std::iter::empty());
            prop_assert_eq!(found.scanned, 0);
        }
    }
}
