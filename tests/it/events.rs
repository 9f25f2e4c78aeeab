//! `docs/events.md`: the schema of every event, as the code has it.

use crate::repository;
use orderflow::Role;
use orderflow::contracts::{EventType, IntegrationEvent, Payload, samples};
use orderflow::domain::{OrderId, Timestamp};
use orderflow::role::subscriptions;
use serde_json::{Value, json};
use std::fmt::Write;

const PATH: &str = "docs/events.md";
const HEAD: &str = "# Events

What the order system tells on its EventBridge bus, version 1. Additions leave the version as it is: skip types and members that
you do not know. A test writes this page from the code: `UPDATE_DOCS=1 cargo test --workspace --test it events`.

A delivery is EventBridge's envelope, whose `detail` has the members of every event around the `event_data` of its type:

```json
";

#[test]
fn the_page_of_events_is_fresh() {
    let page = page();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(repository::root().join(PATH), page).expect("docs can be written");
        return;
    }
    let fresh = repository::read(PATH) == page;
    let command = "UPDATE_DOCS=1 cargo test --workspace --test it events";
    assert!(fresh, "{PATH} is out of date: run {command}");
}

/// The members of the page are those that the code reads: each sample is read again, and what is
/// said to be required is.
#[test]
fn a_required_member_is_missed_and_an_optional_one_is_not() {
    let of = |payload: &Payload| members(&serde_json::to_value(payload).expect("JSON"));
    let samples = samples();
    let placed = of(&samples[0]);
    let required = |path: &str| {
        let found = placed.iter().find(|member| member.path == path);
        found.unwrap_or_else(|| panic!("no {path} in {placed:?}")).is_required
    };
    for path in ["customer_id", "items", "items[].quantity", "total.currency"] {
        assert!(required(path), "{path}");
    }
    for path in ["shipping_address", "shipping_address.state"] {
        assert!(!required(path), "{path}");
    }
}

fn page() -> String {
    let samples = samples();
    let mut page = format!("{HEAD}{:#}\n```\n\n", envelope(&samples[0]));
    page.push_str(ABOUT_MEMBERS);
    page.push_str("\n| type | `source` | goes to the roles |\n|---|---|---|\n");
    for event_type in EventType::all() {
        let (name, source) = (event_type.name(), event_type.source().on_bus());
        writeln!(page, "| [{name}](#{}) | `{source}` | {} |", anchor(name), listeners(event_type))
            .unwrap();
    }
    for event_type in EventType::all() {
        let sample = samples.iter().find(|it| it.event_type() == event_type).expect("a sample");
        describe(&mut page, event_type, &serde_json::to_value(sample).expect("JSON"));
    }
    page
}

const ABOUT_MEMBERS: &str = "\
`order_id` is null where no order is behind it. `timestamp` is when it happened. `correlation_id` names the request that started
everything, `causation_id` the event or request that led to this one. `stream` is the history that the event belongs to, and
`sequence` its place there, from 1: a missing number is a missing event, and one that comes again is the same event. Money is in
minor units, such as cents.
";

fn envelope(payload: &Payload) -> Value {
    let event = IntegrationEvent {
        event_id: "7d1e1f0a-5c5e-4b0e-9a43-1f0f6f3f3b9d".to_owned(),
        order_id: OrderId::parse("o-1").ok(),
        payload: payload.clone(),
        timestamp: Timestamp::parse("2026-01-31T12:00:00Z").expect("a time"),
        correlation_id: "request-1".to_owned(),
        causation_id: "request-1".to_owned(),
        stream: "order#o-1".to_owned(),
        sequence: 1,
    };
    let detail: Value = serde_json::from_str(&event.to_detail()).expect("JSON");
    let event_type = payload.event_type();
    json!({ "source": event_type.source().on_bus(), "detail-type": event_type.name(),
        "detail": detail })
}

fn describe(page: &mut String, event_type: EventType, sample: &Value) {
    writeln!(page, "\n## {}\n\n{}\n", event_type.name(), event_type.about()).unwrap();
    let members = members(sample);
    if members.is_empty() {
        page.push_str("`event_data` is empty.\n");
        return;
    }
    page.push_str("| member | type | | example |\n|---|---|---|---|\n");
    for Member { path, value, is_required } in members {
        let need = if is_required { "required" } else { "optional" };
        let (kind, example) = match &value {
            Value::Object(_) => ("object", String::new()),
            Value::Array(_) => ("array", String::new()),
            Value::String(_) => ("string", format!("`{value}`")),
            Value::Number(_) => ("integer", format!("`{value}`")),
            Value::Bool(_) => ("boolean", format!("`{value}`")),
            Value::Null => ("null", String::new()),
        };
        writeln!(page, "| `{path}` | {kind} | {need} | {example} |").unwrap();
    }
}

/// A member of `event_data`, like `total.currency` or `items[].quantity`.
#[derive(Debug)]
struct Member {
    path: String,
    value: Value,
    is_required: bool,
}

/// `sample`: `event_type` and `event_data`.
fn members(sample: &Value) -> Vec<Member> {
    let mut found = Vec::new();
    collect(sample, "/event_data", "", &mut found);
    found
}

fn collect(sample: &Value, pointer: &str, path: &str, found: &mut Vec<Member>) {
    match sample.pointer(pointer) {
        Some(Value::Object(members)) => {
            for (name, value) in members {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                let mut without = sample.clone();
                let parent = without.pointer_mut(pointer).and_then(Value::as_object_mut);
                parent.expect("it was just found").remove(name);
                let is_required = serde_json::from_value::<Payload>(without).is_err();
                found.push(Member { path: path.clone(), value: value.clone(), is_required });
                collect(sample, &format!("{pointer}/{name}"), &path, found);
            }
        }
        Some(Value::Array(_)) => {
            collect(sample, &format!("{pointer}/0"), &format!("{path}[]"), found)
        }
        _ => {}
    }
}

fn listeners(event_type: EventType) -> String {
    let source = event_type.source().on_bus();
    let lists = |list: &Value, text: &str| {
        list.as_array().is_none_or(|all| {
            all.iter().any(|it| {
                let prefix = it["prefix"].as_str();
                *it == json!(text) || prefix.is_some_and(|prefix| text.starts_with(prefix))
            })
        })
    };
    let listens = |role: &Role| {
        subscriptions(*role).iter().any(|it| {
            lists(&it.pattern["source"], source)
                && lists(&it.pattern["detail-type"], event_type.name())
        })
    };
    let roles: Vec<_> = Role::ALL.into_iter().filter(listens).map(Role::as_str).collect();
    roles.join(", ")
}

fn anchor(title: &str) -> String {
    title.to_lowercase().replace(' ', "-")
}
