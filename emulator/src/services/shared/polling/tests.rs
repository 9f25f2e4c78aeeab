//! What functions say of batches; the rest is tested where pollers have owners.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::json;

use super::{Filter, Record, Verdict};
use crate::wire::Timestamp;

fn records(ids: &[&str]) -> Vec<Record> {
    let record = |id: &&str| Record {
        id: Arc::from(*id),
        handle: Arc::from(*id),
        event: Arc::from("{}"),
        at: Timestamp::from_millis(0),
        shard: Arc::default(),
        hash: 0,
    };
    ids.iter().map(record).collect()
}

#[test]
fn answers_say_what_has_failed() {
    let records = records(&["a", "b", "c"]);
    let partly = |places: &[usize]| Verdict::Partly(places.iter().copied().collect());
    for (answer, verdict) in [
        ("", Verdict::Done),
        ("null", Verdict::Done),
        ("{}", Verdict::Done),
        (r#"{"batchItemFailures":null}"#, Verdict::Done),
        (r#"{"batchItemFailures":[]}"#, Verdict::Done),
        (r#"{"batchItemFailures":[{"itemIdentifier":"b"}]}"#, partly(&[1])),
        (
            r#"{"batchItemFailures":[{"itemIdentifier":"c"},{"itemIdentifier":"a"}]}"#,
            partly(&[0, 2]),
        ),
        (r#"{"batchItemFailures":[{"itemIdentifier":"x"}]}"#, Verdict::Failed),
        (
            r#"{"batchItemFailures":[{"itemIdentifier":"a"},{"itemIdentifier":""}]}"#,
            Verdict::Failed,
        ),
        (r#"{"batchItemFailures":[{"itemIdentifier":null}]}"#, Verdict::Failed),
        (r#"{"batchItemFailures":[{"id":"a"}]}"#, Verdict::Failed),
        (r#"{"batchItemFailures":"a"}"#, Verdict::Failed),
        ("\"ok\"", Verdict::Failed),
        ("{", Verdict::Failed),
    ] {
        assert_eq!(Verdict::of_answer(answer, &records, |it| &it.id), verdict, "{answer}");
    }
    assert_eq!(Verdict::of_places(BTreeSet::new()), Verdict::Done);
}

#[test]
fn filters_look_into_bodies_that_are_json() {
    for (pattern, body, matches) in [
        (r#"{"body":{"a":[1]}}"#, "{\"a\":1}", true),
        (r#"{"body":{"a":[1]}}"#, "{\"a\":2}", false),
        (r#"{"body":{"a":[1]}}"#, "a", false),
        (r#"{"body":["a"]}"#, "a", true),
        (r#"{"body":["5"]}"#, "5", true),
        (r#"{"body":[{"prefix":"{"}]}"#, "{\"a\":1}", false),
        (r#"{"x":["y"]}"#, "{\"a\":1}", true),
        (r#"{"x":["z"]}"#, "a", false),
    ] {
        let event = json!({"x": "y", "body": body});
        assert_eq!(Filter::parse(pattern).unwrap().matches(&event), matches, "{pattern} {body}");
    }
}
