//! Requests against constraints.

use serde_json::{Value, json};

use super::{Model, Shape, Shapes};
use crate::kernel::RequestModel;
use crate::wire::WireError;

/// A text of every service's constraints.
const ALL: &[(&str, &str)] = &[
    ("cloudwatch", include_str!("../../cloudwatch/model.json")),
    ("eventbridge", include_str!("../../eventbridge/model.json")),
    ("lambda", include_str!("../../lambda/model.json")),
    ("logs", include_str!("../../logs/model.json")),
    ("pipes", include_str!("../../pipes/model.json")),
    ("scheduler", include_str!("../../scheduler/model.json")),
    ("stepfunctions", include_str!("../../stepfunctions/model.json")),
];

/// Patterns that look ahead or behind, which costs more than linear time: they are not held against
/// requests.
const NOT_COMPILED: &[(&str, &str)] = &[
    ("eventbridge", "PathParameter"),
    ("lambda", "Alias"),
    ("lambda", "CollectionName"),
    ("lambda", "FunctionUrlFunctionName"),
    ("lambda", "FunctionUrlQualifier"),
    ("lambda", "S3Bucket"),
    ("pipes", "EventBridgeEventSource"),
    ("pipes", "PathParameter"),
    ("scheduler", "Source"),
    ("stepfunctions", "CharacterRestrictedName"),
];

#[test]
fn every_pattern_is_one_of_ours_or_listed() {
    let mut found = Vec::new();
    for (service, text) in ALL {
        let shapes: Shapes = serde_json::from_str(text).expect(service);
        for (name, shape) in &shapes.shapes {
            if let Shape::Text { pattern: Some(pattern), .. } = shape
                && pattern.compiled().is_none()
            {
                found.push((*service, name.clone()));
            }
        }
    }
    let found: Vec<(&str, &str)> =
        found.iter().map(|(service, name)| (*service, &**name)).collect();
    assert_eq!(found, NOT_COMPILED);
}

static THINGS: Model = Model::new(
    r#"{
        "operations": {"MakeThing": "ThingRequest"},
        "shapes": {
            "ThingRequest": {"structure": {"members": [
                {"name": "Name", "shape": "Name", "required": true},
                {"name": "Kind", "shape": "Kind"},
                {"name": "Count", "shape": "Count"},
                {"name": "Names", "shape": "Names"},
                {"name": "Secret", "shape": "Secret"},
                {"name": "Tags", "shape": "Tags"},
                {"name": "Labels", "shape": "Labels"},
                {"name": "Free"}
            ]}},
            "Name": {"text": {"bounds": {"min": 1, "max": 4}, "pattern": "[\\w.]+"}},
            "Kind": {"words": ["HEAD", "POST", "PUT", "GET", "OPTIONS"]},
            "Count": {"number": {"bounds": {"min": 1, "max": 10}}},
            "Names": {"list": {"of": "Name", "bounds": {"min": 1, "max": 2}}},
            "Secret": {"text": {"bounds": {"max": 3}, "sensitive": true}},
            "Tag": {"structure": {"members": [
                {"name": "Key", "shape": "Name", "required": true}, {"name": "Value"}
            ]}},
            "Tags": {"list": {"of": "Tag", "bounds": {"max": 2}}},
            "Labels": {"map": {"key": "Name", "value": "Secret", "bounds": {"max": 1}}}
        }
    }"#,
    |operation, broken| {
        assert_eq!(operation, "MakeThing");
        WireError::sender("ValidationException", broken.0)
    },
);

fn broken(request: &Value) -> Option<String> {
    THINGS.check("MakeThing", request).err().map(|error| error.message)
}

#[test]
fn a_request_within_its_bounds_passes() {
    for request in [
        json!({"Name": "a"}),
        json!({"Name": "a_.9", "Kind": "PUT", "Count": 10, "Names": ["a", "b"], "Secret": ""}),
        json!({"Name": "a", "Tags": [{"Key": "k"}], "Labels": {"k": "v"}, "Free": {"any": 1}}),
        json!({"Name": "a", "Kind": null, "Count": null, "Unknown": "x"}),
    ] {
        assert_eq!(broken(&request), None, "{request}");
    }
}

#[test]
fn all_that_a_request_breaks_is_told() {
    let one = |told: &str| format!("1 validation error detected: {told}");
    for (request, told) in [
        (
            json!({}),
            one("Value null at 'name' failed to satisfy constraint: Member must not be null"),
        ),
        (
            json!({"Name": "abcde"}),
            one("Value 'abcde' at 'name' failed to satisfy constraint: Member must have length \
                 less than or equal to 4"),
        ),
        (
            json!({"Name": "\u{e4}"}),
            one("Value '\u{e4}' at 'name' failed to satisfy constraint: Member must satisfy \
                 regular expression pattern: [\\w.]+"),
        ),
        (
            json!({"Name": "", "Count": 0}),
            "3 validation errors detected: Value '' at 'name' failed to satisfy constraint: Member \
             must satisfy regular expression pattern: [\\w.]+; Value '' at 'name' failed to \
             satisfy constraint: Member must have length greater than or equal to 1; Value '0' at \
             'count' failed to satisfy constraint: Member must have value greater than or equal to 1"
                .to_owned(),
        ),
        (
            json!({"Name": "a", "Kind": "x"}),
            one("Value 'x' at 'kind' failed to satisfy constraint: Member must satisfy enum value \
                 set: [HEAD, POST, PUT, GET, OPTIONS]"),
        ),
        (
            json!({"Name": "a", "Count": 11}),
            one("Value '11' at 'count' failed to satisfy constraint: Member must have value less \
                 than or equal to 10"),
        ),
        (
            json!({"Name": "a", "Names": []}),
            one("Value '[]' at 'names' failed to satisfy constraint: Member must have length \
                 greater than or equal to 1"),
        ),
        (
            json!({"Name": "a", "Names": ["b", "-"]}),
            one("Value '[b, -]' at 'names' failed to satisfy constraint: Member must satisfy \
                 constraint: [Member must have length less than or equal to 4, Member must have \
                 length greater than or equal to 1, Member must satisfy regular expression \
                 pattern: [\\w.]+]"),
        ),
        (
            json!({"Name": "a", "Secret": "abcd"}),
            one("Value '***Sensitive Data Redacted***' at 'secret' failed to satisfy constraint: \
                 Member must have length less than or equal to 3"),
        ),
        (
            json!({"Name": "a", "Tags": [{"Key": "k"}, {"Value": "v"}]}),
            one("Value null at 'tags.2.member.key' failed to satisfy constraint: Member must not \
                 be null"),
        ),
        (
            json!({"Name": "a", "Tags": [{"Key": "k", "Value": "v"}, {"Key": "l"}, {"Key": "m"}]}),
            one("Value '[Tag(key=k, value=v), Tag(key=l, value=null), Tag(key=m, value=null)]' at \
                 'tags' failed to satisfy constraint: Member must have length less than or equal \
                 to 2"),
        ),
        (
            json!({"Name": "a", "Labels": {"-": "v"}}),
            one("Value '{-=v}' at 'labels' failed to satisfy constraint: Map keys must satisfy \
                 constraint: [Member must have length less than or equal to 4, Member must have \
                 length greater than or equal to 1, Member must satisfy regular expression \
                 pattern: [\\w.]+]"),
        ),
        (
            json!({"Name": "a", "Labels": {"k": "long"}}),
            one("Value '{k=long}' at 'labels' failed to satisfy constraint: Map value must satisfy \
                 constraint: [Member must have length less than or equal to 3]"),
        ),
    ] {
        assert_eq!(broken(&request), Some(told), "{request}");
    }
}

#[test]
fn what_is_shown_of_a_request_has_a_bound() {
    let name = "n".repeat(1000);
    let tags: Vec<Value> = (0..10_000).map(|_| json!({"Key": "k", "Value": name})).collect();
    let told = broken(&json!({"Name": "a", "Tags": tags})).expect("too many tags");
    assert!(told.len() < 100 * 1024, "{}", told.len());
}
