//! Conditions on one array's elements hold for one element: against a reference, and in bounded
//! work.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{event, pattern};
use crate::services::shared::pattern::EventPattern;
use crate::services::shared::pattern::matcher::Matcher;

/// A leaf, and the element of each array that it lies in.
type Leaf<'v> = (&'v Value, BTreeMap<u32, usize>);

/// Everything in an event by its path: slow, and plainly right.
#[derive(Default)]
struct Flat<'v> {
    leaves: BTreeMap<String, Vec<Leaf<'v>>>,
    arrays: u32,
}

impl<'v> Flat<'v> {
    fn add(&mut self, path: &str, value: &'v Value, within: &BTreeMap<u32, usize>) {
        match value {
            Value::Object(members) => members.iter().for_each(|(name, value)| {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                self.add(&path, value, within);
            }),
            Value::Array(elements) => {
                self.arrays += 1;
                let array = self.arrays;
                for (position, element) in elements.iter().enumerate() {
                    let mut within = within.clone();
                    if element.is_object() || element.is_array() {
                        within.insert(array, position);
                    }
                    self.add(path, element, &within);
                }
            }
            leaf => {
                let leaves = self.leaves.entry(path.to_owned()).or_default();
                leaves.push((leaf, within.clone()));
            }
        }
    }

    /// Tries each leaf for each condition.
    fn matches(&self, pattern: &EventPattern) -> bool {
        pattern.branches.iter().any(|branch| {
            let mut found = vec![BTreeMap::new()];
            for (path, condition) in branch {
                let leaves = self.leaves.get(&**path).map_or(&[][..], Vec::as_slice);
                if leaves.is_empty() && condition.matchers.contains(&Matcher::Absent) {
                    continue;
                }
                let fits = |(value, _): &&Leaf<'_>| {
                    condition.matchers.iter().any(|matcher| matcher.matches(value))
                };
                let together = |(_, within): &Leaf<'_>| {
                    let goes = |other: &&BTreeMap<u32, usize>| {
                        other.iter().all(|(array, at)| within.get(array).is_none_or(|it| it == at))
                    };
                    let both = |other: &BTreeMap<u32, usize>| {
                        other.iter().chain(within).map(|(array, at)| (*array, *at)).collect()
                    };
                    found.iter().filter(goes).map(both).collect::<Vec<_>>()
                };
                found = leaves.iter().filter(fits).flat_map(together).collect();
            }
            !found.is_empty()
        })
    }
}

/// Events with arrays below each other and beside each other, and names with points and dashes.
fn nested() -> impl Strategy<Value = Value> {
    let leaf = prop::sample::select(vec![json!("a"), json!("b"), json!(1), json!(2)]);
    let names = || prop::sample::select(vec!["x", "y", "z", "x-y"]).prop_map(str::to_owned);
    let node = leaf.prop_recursive(4, 40, 4, move |inner| {
        let member = (names(), inner.clone());
        prop_oneof![
            2 => prop::collection::vec(inner, 0..4).prop_map(Value::Array),
            3 => prop::collection::vec(member, 0..4)
                .prop_map(|members| members.into_iter().collect::<serde_json::Map<_, _>>().into()),
        ]
    });
    prop::collection::btree_map("[xyz]", node, 0..4)
        .prop_map(|fields| fields.into_iter().collect::<serde_json::Map<_, _>>().into())
}

fn deep_pattern() -> impl Strategy<Value = Value> {
    let leaf = prop::sample::select(vec![
        json!(["a"]),
        json!(["b", 1]),
        json!([{"anything-but": "a"}]),
        json!([{"exists": true}]),
        json!([{"exists": false}]),
    ]);
    let names = || prop::sample::select(vec!["x", "y", "z", "x-y"]).prop_map(str::to_owned);
    let node = leaf.prop_recursive(3, 20, 3, move |inner| {
        prop::collection::btree_map(names(), inner, 1..4)
            .prop_map(|fields| fields.into_iter().collect::<serde_json::Map<_, _>>().into())
    });
    prop::collection::btree_map("[xyz]", node, 1..4)
        .prop_map(|fields| fields.into_iter().collect::<serde_json::Map<_, _>>().into())
}

proptest! {
    #[test]
    fn a_pattern_matches_what_the_reference_matches(
        pattern in prop_oneof![pattern(), deep_pattern()],
        event in prop_oneof![event(), nested()],
    ) {
        let pattern = EventPattern::parse(&pattern.to_string()).unwrap();
        let mut flat = Flat::default();
        flat.add("", &event, &BTreeMap::new());
        prop_assert_eq!(pattern.matches(&event), flat.matches(&pattern));
    }
}

/// All pairs of elements, and of those with the elements of other arrays, were kept: 10^14.
#[test]
fn long_arrays_cost_no_more_than_their_elements() {
    let elements = |last: &str| -> Value {
        let element = |n: usize| json!({"x": "a", "y": "b", "n": n});
        let mut elements: Vec<_> = (0..5000).map(element).collect();
        elements.push(json!({"x": "a", "y": last}));
        elements.into()
    };
    let fields = json!({"x": ["a"], "y": ["c"], "n": [{"exists": false}]});
    let pattern = json!({"one": fields, "three": fields, "two": fields});
    let pattern = EventPattern::parse(&pattern.to_string()).unwrap();
    let event = |last| json!({"one": elements("c"), "two": elements("c"), "three": elements(last)});
    assert!(!pattern.matches(&event("d")));
    let pattern = json!({"one": {"x": ["a"], "y": ["c"]}, "three": {"x": ["a"], "y": ["c"]}});
    let pattern = EventPattern::parse(&pattern.to_string()).unwrap();
    assert!(pattern.matches(&event("c")));
    assert!(!pattern.matches(&event("d")));
}

/// Each leaf was kept with its whole path: 30 GB of this megabyte.
#[test]
fn long_names_cost_no_more_than_once() {
    let leaves: serde_json::Map<_, _> = (0..60_000).map(|n| (format!("{n}"), json!(n))).collect();
    let mut event: Value = leaves.into();
    for _ in 0..100 {
        event = json!({"x".repeat(5000): event});
    }
    let event = json!({"source": "shop", "detail": event});
    let pattern = EventPattern::parse(r#"{"source": ["shop"]}"#).unwrap();
    assert!(pattern.matches(&event));
}

/// As event-ruler has it: a plain value is in no element of its own array.
#[test]
fn a_plain_value_goes_with_every_element() {
    let pattern = EventPattern::parse(r#"{"a":[false],"a.b":[1]}"#).unwrap();
    for (text, expected) in [
        (r#"{"a":[false,{"b":1}]}"#, true),
        (r#"{"a":[[false],{"b":1}]}"#, false),
        (r#"{"a":[[false,{"b":1}]]}"#, true),
        (r#"{"a":[[false],[{"b":1}]]}"#, false),
        (r#"{"a":[[[false]],{"b":1}]}"#, false),
    ] {
        let event: Value = serde_json::from_str(text).unwrap();
        assert_eq!(pattern.matches(&event), expected, "{text}");
    }
}
