//! Patterns against AWS's recorded answers, and what the recordings leave open.

mod arrays;
mod bounds;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

const RECORDED: &str = include_str!("../../../../../tests/recordings/event-patterns.json");

/// JSON as the recordings' client wrote it: a space after each comma and colon.
fn spaced(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members: Vec<_> = members
                .iter()
                .map(|(name, value)| format!("{}: {}", json!(name), spaced(value)))
                .collect();
            format!("{{{}}}", members.join(", "))
        }
        Value::Array(elements) => {
            let elements: Vec<_> = elements.iter().map(spaced).collect();
            format!("[{}]", elements.join(", "))
        }
        leaf => leaf.to_string(),
    }
}

#[test]
fn every_recorded_pattern() {
    let cases: Vec<Value> = serde_json::from_str(RECORDED).unwrap();
    assert_eq!(cases.len(), 76);
    for case in cases {
        let name = &case["name"];
        let pattern = EventPattern::parse(&spaced(&case["pattern"]));
        match case["expect"].as_str().unwrap() {
            "error" => {
                let error = pattern.expect_err(name.as_str().unwrap()).to_string();
                // The recording hides the place that the pattern names.
                let error =
                    error.replace("aws:events:us-east-1:*", "<partition>:events:<region>:*");
                assert_eq!(error, case["error"]["MessageRaw"].as_str().unwrap(), "{name}");
            }
            expected => {
                let matched = pattern.unwrap().matches(&case["event"]);
                assert_eq!(matched, expected == "match", "{name}");
            }
        }
    }
}

fn check(pattern: &str, event: Value, matches: bool) {
    let compiled = EventPattern::parse(pattern).unwrap();
    assert_eq!(compiled.matches(&event), matches, "{pattern} on {event}");
    let reasons = compiled.mismatches(&Event::new(&event));
    assert_eq!(reasons.is_empty(), matches, "{pattern} on {event}: {reasons:?}");
}

#[test]
fn operators() {
    let value = |wanted: &str, actual: Value, matches: bool| {
        check(&format!(r#"{{"v":[{wanted}]}}"#), json!({ "v": actual }), matches);
    };
    value("1", json!(1.0), true);
    value("1e2", json!(100), true);
    value("1", json!("1"), false);
    value("\"1\"", json!(1), false);
    value("true", json!(true), true);
    value("null", json!(null), true);
    value("\"\"", json!(""), true);
    value(r#"{"exactly":"a"}"#, json!("a"), true);
    value(r#"{"prefix":{"equals-ignore-case":"AB"}}"#, json!("abc"), true);
    value(r#"{"prefix":{"equals-ignore-case":"ABC"}}"#, json!("ab"), false);
    value(r#"{"suffix":{"equals-ignore-case":"BC"}}"#, json!("abc"), true);
    value(r#"{"suffix":"c"}"#, json!("abc"), true);
    value(r#"{"equals-ignore-case":"Straße"}"#, json!("sTRAßE"), true);
    value(r#"{"equals-ignore-case":"a"}"#, json!("ab"), false);
    value(r#"{"wildcard":"*"}"#, json!(""), true);
    value(r#"{"wildcard":"a*a"}"#, json!("a"), false);
    value(r#"{"wildcard":"a*b*c"}"#, json!("a-b-b-c"), true);
    value(r#"{"wildcard":"a*b*c"}"#, json!("a-c-b"), false);
    value(r#"{"wildcard":"a\\*b"}"#, json!("a*b"), true);
    value(r#"{"wildcard":"a\\*b"}"#, json!("a1b"), false);
    value(r#"{"anything-but":["a","b"]}"#, json!(1), true);
    value(r#"{"anything-but":1}"#, json!(1.0), false);
    value(r#"{"anything-but":{"wildcard":["a*","*z"]}}"#, json!("b"), true);
    value(r#"{"anything-but":{"suffix":"z"}}"#, json!("az"), false);
    value(r#"{"numeric":["=",1]}"#, json!(1.0), true);
    value(r#"{"numeric":["<",1]}"#, json!(1), false);
    value(r#"{"numeric":[">",0,"<=",5]}"#, json!(5), true);
    value(r#"{"numeric":[">",0,"<=",5]}"#, json!(0), false);
    value(r#"{"cidr":"10.0.0.5/24"}"#, json!("10.0.0.4"), true);
    value(r#"{"cidr":"10.0.0.5/31"}"#, json!("10.0.0.4"), true);
    value(r#"{"cidr":"10.0.0.5/31"}"#, json!("10.0.0.6"), false);
    value(r#""10.0.0.1""#, json!("010.0.0.1"), true);
    value(r#"{"exactly":"10.0.0.1"}"#, json!("010.0.0.1"), false);
    value(r#"{"anything-but":["10.0.0.1"]}"#, json!("010.0.0.1"), true);
    value(r#"{"equals-ignore-case":"\ud83d\ude00a"}"#, json!("\u{1F600}a"), false);
    value(r#"{"suffix":{"equals-ignore-case":"\ud83d\ude00a"}}"#, json!("\u{1F600}a"), false);
    value(r#"{"suffix":"\ud83d\ude00a"}"#, json!("\u{1F600}a"), true);
    value(r#"{"suffix":{"equals-ignore-case":"A"}}"#, json!("\u{1F600}a"), true);
    value(r#"{"cidr":"10.0.0.5/24"}"#, json!("10.0.0.255"), true);
    value(r#"{"cidr":"10.0.0.0/24"}"#, json!("10.0.1.0"), false);
    value(r#"{"cidr":"10.0.0.0/24"}"#, json!("::a00:1"), false);
    value(r#""2001:db8::1""#, json!("2001:0db8:0:0:0:0:0:1"), true);
    value(r#"{"exists":true}"#, json!(null), true);
    value(r#"{"exists":true}"#, json!({"a": 1}), false);
    value(r#"{"exists":false}"#, json!({"a": 1}), true);
    value(r#""a""#, json!(["b", "a"]), true);
    value(r#"{"anything-but":"a"}"#, json!(["b", "a"]), true);
    value(r#"{"anything-but":"a"}"#, json!([]), false);
}

#[test]
fn fields_of_one_object_match_within_one_element() {
    let pattern = r#"{"items":{"sku":["a"],"count":[{"numeric":[">",1]}]}}"#;
    check(pattern, json!({"items": [{"sku": "a", "count": 1}, {"sku": "b", "count": 2}]}), false);
    check(pattern, json!({"items": [{"sku": "b", "count": 1}, {"sku": "a", "count": 2}]}), true);
    let nested = r#"{"o":{"items":{"sku":["a"]},"id":[1]}}"#;
    let event = |first: &str, second: &str| {
        json!({"o": [{"id": 1, "items": [{"sku": first}, {"sku": "x"}]},
                     {"id": 2, "items": [{"sku": second}]}]})
    };
    check(nested, event("a", "x"), true);
    check(nested, event("x", "a"), false);
    // Two arrays side by side do not bind each other.
    let both = r#"{"a":{"x":[1]},"b":{"y":[2]}}"#;
    check(both, json!({"a": [{"x": 0}, {"x": 1}], "b": [{"y": 2}]}), true);
}

#[test]
fn alternatives() {
    let pattern = r#"{"source":["s"],"$or":[{"a":[1]},{"b":[2],"c":[3]}],"d":[4]}"#;
    check(pattern, json!({"source": "s", "a": 1, "d": 4}), true);
    check(pattern, json!({"source": "s", "b": 2, "c": 3, "d": 4}), true);
    check(pattern, json!({"source": "s", "b": 2, "d": 4}), false);
    check(pattern, json!({"source": "s", "a": 1}), false);
    check(pattern, json!({"source": "t", "a": 1, "d": 4}), false);
}

#[test]
fn refusals_name_the_place() {
    let check = |pattern: &str, reason: &str| {
        let error = EventPattern::parse(pattern).unwrap_err();
        let short = error.reason.split("\n at ").next().unwrap();
        let place = error.reason.rsplit(", ").next().unwrap().trim_end_matches(']');
        let got = if error.reason.contains("\n at ") {
            format!("{short} ({place})")
        } else {
            short.to_owned()
        };
        assert_eq!(got, reason, "{pattern}");
    };
    check("", "Filter is not an object (column: 1)");
    check("[]", "Filter is not an object (column: 2)");
    check("{}", "Empty objects are not allowed (column: 3)");
    check(r#"{"a":{}}"#, "Empty objects are not allowed (column: 8)");
    check(r#"{"a":[]}"#, "Empty arrays are not allowed (column: 8)");
    check("{\n\"a\": 1}", "\"a\" must be an object or an array (column: 7)");
    check(
        r#"{"a":[["b"]]}"#,
        "Match value must be String, number, true, false, or null (column: 8)",
    );
    check(
        r#"{"a":[{"prefix":"b","suffix":"c"}]}"#,
        "Only one key allowed in match expression (column: 31)",
    );
    check(
        r#"{"a":[{"exists":1}]}"#,
        "exists match pattern must be either true or false. (column: 18)",
    );
    check(r#"{"a":[{"numeric":[">",5,"<",5]}]}"#, "Bottom must be less than top (column: 31)");
    check(r#"{"a":[{"numeric":["!",5]}]}"#, "Unrecognized numeric range operator: ! (column: 24)");
    check(r#"{"a":[{"numeric":[5]}]}"#, "Invalid member in numeric match: 5 (column: 20)");
    check(r#"{"a":[{"cidr":"10.0.0.0/33"}]}"#, "IPv4 mask bits must be < 32");
    check(r#"{"$or":{}}"#, "It must be an Array followed with $or. (column: 9)");
    check(
        r#"{"$or":[{"a":[1]}]}"#,
        "There must have at least 2 Objects in $or relationship. (column: 19)",
    );
    check(
        r#"{"$or":[{"prefix":[1]},{"b":[1]}]}"#,
        "prefix is Ruler reserved fieldName which cannot be used inside $or. (column: 20)",
    );
    check(
        "nope",
        "Unrecognized token 'nope': was expecting (JSON String, Number, Array, Object or token \
         'null', 'true' or 'false') (column: 5)",
    );
    check(
        "{a:1}",
        "Unexpected character ('a' (code 97)): was expecting double-quote to start field name \
         (column: 3)",
    );
    let forks = r#""$or":[{"a":[1]},{"b":[1]}],"#.repeat(12);
    let bomb = format!("{{{forks}\"c\":[1]}}");
    assert!(EventPattern::parse(&bomb).unwrap_err().reason.starts_with("Rule is too complex"));
}

#[test]
fn long_patterns_are_quoted_in_part() {
    let pattern = format!(r#"{{"a":["{}"],"b":1}}"#, "x".repeat(600));
    let reason = EventPattern::parse(&pattern).unwrap_err().reason;
    assert!(reason.ends_with("x\"[truncated 116 chars]; line: 1, column: 616]"), "{reason}");
}

/// Recorded on 2024-05-15 and 2024-12-03.
#[test]
fn filter_policies_refuse_in_their_own_words() {
    let check = |policy: &str, reason: &str, column: usize| {
        let error = FilterPolicy::parse(policy, FilterPolicyScope::MessageAttributes).unwrap_err();
        let place = match column {
            0 => String::new(),
            _ => format!("\n at [Source: (String)\"{policy}\"; line: 1, column: {column}]"),
        };
        assert_eq!(error.to_string(), format!("FilterPolicy: {reason}{place}"), "{policy}");
    };
    let no_list = "must be an object or an array";
    let no_string = "suffix match pattern must be a string";
    let unsupported = "Unsupported anything-but pattern: ";
    check(r#"{"key":[{"cidr":"bad-filter"}]}"#, "Malformed CIDR, one '/' required", 0);
    check(r#"{"key":[{"cidr":"bad-filter/64"}]}"#, "Nonstandard IP address: bad-filter", 0);
    check(r#"{"key":[{"cidr":"xx.11.xx/8"}]}"#, "Nonstandard IP address: xx.11.xx", 0);
    check(
        r#"{"key":[{"cidr":"bad-/64filter"}]}"#,
        "Malformed CIDR, mask bits must be an integer",
        0,
    );
    check(r#"{"key":[{"cidr":["bad-filter"]}]}"#, "prefix match pattern must be a string", 18);
    check(r#"{"key":[]}"#, "Empty arrays are not allowed", 10);
    check(r#"{"key":[{"suffix":[]}]}"#, no_string, 20);
    check(r#"{"key":[{"suffix":null}]}"#, no_string, 23);
    check(r#"{"key":[{"suffix":100}]}"#, no_string, 22);
    check(r#"{"key":[{"suffix":["test","test2"]}]}"#, no_string, 20);
    check(r#"{"key":{"not-an-operator":"value"}}"#, &format!("\"not-an-operator\" {no_list}"), 28);
    check(r#"{"key":{"suffix":"value","prefix":"value"}}"#, &format!("\"suffix\" {no_list}"), 19);
    check(r#"{"key":[{"anything-but":{"exists":false}}]}"#, &format!("{unsupported}exists"), 40);
    check(r#"{"key":[{"anything-but":{"suffix":"test"}}]}"#, &format!("{unsupported}suffix"), 36);
    check(
        r#"{"key":[{"anything-but":{"wrong-operator":null}}]}"#,
        &format!("{unsupported}wrong-operator"),
        47,
    );
    check(
        r#"{"key":[{"anything-but":{"prefix":false}}]}"#,
        "prefix match pattern must be a string",
        40,
    );
}

#[test]
fn filter_policies_that_are_no_json() {
    let error = FilterPolicy::parse("{invalid", FilterPolicyScope::MessageBody).unwrap_err();
    assert_eq!(
        error.to_string(),
        "FilterPolicy: failed to parse JSON. Unexpected character ('i' (code 105)): was expecting \
         double-quote to start field name\n at [Source: REDACTED \
         (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled); line: 1, column: 2]"
    );
}

#[test]
fn filter_policies_have_limits() {
    let parse = |policy: Value, scope| FilterPolicy::parse(&policy.to_string(), scope);
    let (attributes, body) = (FilterPolicyScope::MessageAttributes, FilterPolicyScope::MessageBody);
    let keys = |count| (0..count).map(|key| (format!("k{key}"), json!([1]))).collect::<Value>();
    let values = |count: usize| (0..count).collect::<Vec<_>>();
    assert!(parse(keys(5), attributes).is_ok());
    assert_eq!(parse(keys(6), attributes), Err(FilterPolicyError::TooManyKeys));
    assert!(parse(json!({"a": values(150)}), attributes).is_ok());
    assert_eq!(parse(json!({"a": values(151)}), attributes), Err(FilterPolicyError::TooComplex));
    let product = json!({"a": values(13), "b": values(12)});
    assert_eq!(parse(product, attributes), Err(FilterPolicyError::TooComplex));
    let nested = json!({"a": {"b": values(75)}});
    assert_eq!(parse(nested.clone(), attributes), Err(FilterPolicyError::Nested));
    assert!(parse(nested, body).is_ok());
    let deep = json!({"a": {"b": values(76)}});
    assert_eq!(parse(deep, body), Err(FilterPolicyError::TooComplex));
}

#[test]
fn filter_policies_match_attributes_or_body() {
    let attributes = |rows: &[(&str, &str, &str)]| -> Value {
        rows.iter()
            .filter_map(|(name, kind, text)| Some((name.to_string(), attribute_value(kind, text)?)))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    let check = |policy: &str, rows: &[(&str, &str, &str)], matches: bool| {
        let policy = FilterPolicy::parse(policy, FilterPolicyScope::MessageAttributes).unwrap();
        assert_eq!(policy.matches(&attributes(rows), "{}"), matches, "{rows:?}");
    };
    let numeric = r#"{"price":[{"numeric":[">=",100]}]}"#;
    check(numeric, &[("price", "Number", "100")], true);
    check(numeric, &[("price", "String", "100")], false);
    check(r#"{"a":["x"]}"#, &[("a", "String.Array", r#"["y","x"]"#)], true);
    check(r#"{"a":["x"]}"#, &[("a", "String.Array", "x")], false);
    check(r#"{"a":[{"exists":true}]}"#, &[("a", "Binary", "eA==")], false);
    check(r#"{"a":[{"exists":false}]}"#, &[], true);
    check(r#"{"a":[{"anything-but":"x"}]}"#, &[], false);
    let in_body =
        FilterPolicy::parse(r#"{"a":{"b":["x"]}}"#, FilterPolicyScope::MessageBody).unwrap();
    for (body, matches) in [
        (r#"{"a":{"b":"x"}}"#, true),
        (r#"{"a":[{"b":"y"},{"b":"x"}]}"#, true),
        (r#"[{"a":{"b":"x"}}]"#, false),
        ("text", false),
    ] {
        assert_eq!(in_body.matches(&json!({}), body), matches, "{body}");
    }
}

#[test]
fn a_mismatch_is_explained() {
    let pattern =
        EventPattern::parse(r#"{"source":["shop"],"detail":{"n":[{"numeric":[">", 5]}]}}"#)
            .unwrap();
    let check = |event: Value, sentence: &str| {
        let reasons = pattern.mismatches(&Event::new(&event));
        let reasons: Vec<_> = reasons.iter().map(|it| it.reason.as_str()).collect();
        assert_eq!(reasons, [sentence]);
    };
    check(json!({"source": "shop"}), r#"detail.n is absent, wanted [{"numeric":[">", 5]}]"#);
    let wrong = json!({"source": "other", "detail": {"n": 6}});
    check(wrong, r#"source is "other", wanted ["shop"]"#);
}

fn index_of(patterns: &[EventPattern]) -> PatternIndex {
    let mut index = PatternIndex::default();
    for (number, pattern) in patterns.iter().enumerate() {
        index.insert(&number.to_string(), pattern);
    }
    index
}

#[test]
fn a_bus_of_a_thousand_rules_tries_few() {
    let patterns: Vec<_> = (0..1000)
        .map(|n| {
            let pattern = json!({"source": ["shop"], "detail": {"customer": [n.to_string()]}});
            EventPattern::parse(&pattern.to_string()).unwrap()
        })
        .collect();
    let event = json!({"source": "shop", "detail": {"customer": "617"}});
    let index = index_of(&patterns);
    let candidates = index.candidates(&Event::new(&event));
    assert!(candidates.contains("617"));
    assert!(candidates.len() <= 2, "{candidates:?}");
}

fn condition() -> impl Strategy<Value = Value> {
    prop_oneof![
        prop::sample::select(vec![json!("a"), json!("b"), json!(1), json!(2.0), json!(null)]),
        prop::sample::select(vec![
            json!({"prefix": "a"}),
            json!({"exists": false}),
            json!({"exists": true}),
            json!({"anything-but": ["a"]}),
            json!({"numeric": [">", 1]}),
        ]),
    ]
}

fn fields(depth: u32) -> BoxedStrategy<Value> {
    let conditions = prop::collection::vec(condition(), 1..3).prop_map(Value::Array);
    let value = match depth {
        0 => conditions.boxed(),
        _ => prop_oneof![3 => conditions, 1 => fields(depth - 1)].boxed(),
    };
    prop::collection::btree_map("[xyz]", value, 1..3)
        .prop_map(|fields| fields.into_iter().collect::<serde_json::Map<_, _>>().into())
        .boxed()
}

fn pattern() -> impl Strategy<Value = Value> {
    (fields(1), prop::option::of(prop::collection::vec(fields(0), 2..4))).prop_map(
        |(mut pattern, alternatives)| {
            if let Some(alternatives) = alternatives {
                pattern["$or"] = alternatives.into();
            }
            pattern
        },
    )
}

fn event() -> impl Strategy<Value = Value> {
    let leaf = prop::sample::select(vec![json!("a"), json!("ab"), json!("b"), json!(1), json!(2)]);
    let node = leaf.prop_recursive(2, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::Array),
            prop::collection::btree_map("[xyz]", inner, 0..3)
                .prop_map(|fields| fields.into_iter().collect::<serde_json::Map<_, _>>().into()),
        ]
    });
    prop::collection::btree_map("[xyz]", node, 0..4)
        .prop_map(|fields| fields.into_iter().collect::<serde_json::Map<_, _>>().into())
}

proptest! {
    /// The index leaves out no pattern that matches, before and after removals.
    #[test]
    fn an_index_finds_what_a_walk_finds(
        patterns in prop::collection::vec(pattern(), 0..12),
        removed in prop::collection::vec(any::<bool>(), 12),
        event in event(),
    ) {
        let patterns: Vec<_> = patterns
            .iter()
            .map(|pattern| EventPattern::parse(&pattern.to_string()).unwrap())
            .collect();
        let mut index = index_of(&patterns);
        let event = Event::new(&event);
        for (number, pattern) in patterns.iter().enumerate() {
            if removed[number] {
                index.remove(&number.to_string(), pattern);
            }
        }
        let candidates = index.candidates(&event);
        for (number, pattern) in patterns.iter().enumerate() {
            let found = candidates.contains(number.to_string().as_str());
            prop_assert!(found || removed[number] || !pattern.matches_event(&event));
            prop_assert!(!(found && removed[number]));
        }
    }

    /// No text makes the reader panic.
    #[test]
    fn any_text_is_read_or_refused(text in r#"[\[\]{}",:\\ a1.n-]{0,24}"#) {
        let _ = EventPattern::parse(&text);
    }
}
