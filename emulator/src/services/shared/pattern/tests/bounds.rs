//! What a pattern may cost: deep ones are refused, large ones before the work is done.

use super::*;

fn nested(levels: usize) -> String {
    format!("{}[1]{}", r#"{"a":"#.repeat(levels), "}".repeat(levels))
}

#[test]
fn depth_has_a_bound() {
    assert!(EventPattern::parse(&nested(999)).is_ok());
    for levels in [1000, 10_000, 100_000] {
        let reason = EventPattern::parse(&nested(levels)).unwrap_err().reason;
        assert!(reason.contains("nesting depth (1001) exceeds the maximum allowed"), "{reason}");
        let policy = FilterPolicy::parse(&nested(levels), FilterPolicyScope::MessageBody);
        assert!(policy.unwrap_err().to_string().contains("nesting depth"), "{levels}");
    }
    for deep in ["[", r#"{"$or":["#, r#"{"a":[{"numeric":["#] {
        let text = format!(r#"{{"a":{}"#, deep.repeat(100_000));
        assert!(EventPattern::parse(&text).is_err(), "{deep}");
    }
}

/// 95 kB of alternatives took five seconds before they were refused.
#[test]
fn a_filter_policy_is_refused_before_it_is_spread() {
    let alternatives = |keys: usize| {
        let fields = |of: usize| {
            let field = |key: usize| format!(r#""k{of}_{key}":[1]"#);
            (0..keys).map(field).collect::<Vec<_>>().join(",")
        };
        format!(r#"{{"$or":[{{{}}},{{{}}}]}}"#, fields(0), fields(1))
    };
    // Nine pairs make 512 branches; what follows would be put into each of them.
    let pairs: Vec<String> =
        (0..9).map(|n| format!(r#""$or":[{{"a{n}":[1]}},{{"b{n}":[1]}}]"#)).collect();
    let many: Vec<String> = (0..8000).map(|n| format!(r#""key{n}":[1]"#)).collect();
    let text = format!("{{{},{}}}", pairs.join(","), many.join(","));
    let scope = FilterPolicyScope::MessageAttributes;
    let refused = FilterPolicy::parse(&text, scope);
    assert_eq!(refused.unwrap_err(), FilterPolicyError::TooManyKeys);
    let refused = FilterPolicy::parse(&alternatives(4000), scope);
    assert_eq!(refused.unwrap_err(), FilterPolicyError::TooManyKeys);
    // A name that comes again counts once, as it came last.
    let again = vec![r#""a":[1]"#; 8000].join(",");
    let policy = FilterPolicy::parse(&format!(r#"{{{again},"a":[2]}}"#), scope).unwrap();
    assert!(policy.matches(&json!({"a": 2}), ""));
    assert!(!policy.matches(&json!({"a": 1}), ""));
}
