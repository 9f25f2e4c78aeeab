use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::*;
use crate::wire::{Blob, Timestamp, cbor};

#[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Everything {
    flag: Option<bool>,
    small: Option<i32>,
    large: Option<u64>,
    ratio: Option<f64>,
    text: Option<String>,
    at: Option<Timestamp>,
    bytes: Option<Blob>,
    list: Option<Vec<Everything>>,
    map: Option<BTreeMap<String, i64>>,
    plain: Option<Plain>,
    union: Option<Union>,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum Plain {
    A,
    B,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum Union {
    S(String),
    L(Vec<Union>),
    Named { inner: i32 },
}

fn full() -> Everything {
    let union = Union::L(vec![Union::S("x".to_owned()), Union::Named { inner: -7 }]);
    Everything {
        flag: Some(true),
        small: Some(-3),
        large: Some(u64::MAX),
        ratio: Some(0.25),
        text: Some("wörld\n".to_owned()),
        at: Some(Timestamp::from_millis(1_500)),
        bytes: Some(Blob(vec![0, 255])),
        list: Some(vec![Everything { plain: Some(Plain::A), ..Default::default() }]),
        map: Some(BTreeMap::from([("a".to_owned(), i64::MIN), ("b".to_owned(), 2)])),
        plain: Some(Plain::B),
        union: Some(union),
    }
}

fn of_json<T: DeserializeOwned>(body: &str) -> Result<T, String> {
    let document = from_json(body.as_bytes()).map_err(|error| error.to_string())?;
    read(document, Kind::Text).map_err(|error| error.to_string())
}

#[test]
fn trees_say_the_same_as_direct_readers_and_writers() {
    let value = full();
    let written = tree(&value).unwrap();
    let json = serde_json::to_string(&written).unwrap();
    assert_eq!(json, serde_json::to_string(&value).unwrap());
    assert_eq!(of_json::<Everything>(&json).unwrap(), value);
    let bytes = cbor::to_vec(&written).unwrap();
    assert_eq!(bytes, cbor::to_vec(&value).unwrap());
    let read: Everything = read(from_cbor(&bytes).unwrap(), Kind::Binary).unwrap();
    assert_eq!(read, value);
}

#[test]
fn members_that_are_null_or_unknown_are_passed_over() {
    let read: Everything = of_json(r#"{"Text": null, "Flag": true, "Other": [{"a": 1}]}"#).unwrap();
    assert_eq!(read, Everything { flag: Some(true), ..Default::default() });
}

#[test]
fn numbers_without_a_form_in_json_are_texts() {
    for (text, number) in
        [("NaN", f64::NAN), ("Infinity", f64::INFINITY), ("-Infinity", f64::NEG_INFINITY)]
    {
        let json = format!(r#"{{"Ratio":"{text}"}}"#);
        let value: Everything = of_json(&json).unwrap();
        assert_eq!(value.ratio.unwrap().to_bits(), number.to_bits(), "{text}");
        let written = tree(&value).unwrap();
        assert!(serde_json::to_string(&written).unwrap().contains(&json[1..json.len() - 1]));
        let read: Everything =
            read(from_cbor(&cbor::to_vec(&written).unwrap()).unwrap(), Kind::Binary).unwrap();
        assert_eq!(read.ratio.unwrap().to_bits(), number.to_bits(), "{text}");
    }
    for other in ["nan", "inf", "1.5", ""] {
        let refused = of_json::<Everything>(&json!({"Ratio": other}).to_string());
        assert!(refused.unwrap_err().contains("expected f64"), "{other}");
    }
}

#[test]
fn what_is_wrong_is_said() {
    for (body, message) in [
        (r#"{"Small": "x"}"#, "invalid type: string \"x\", expected i32"),
        (r#"{"Small": 3000000000}"#, "invalid value: integer `3000000000`, expected i32"),
        (r#"{"Text": 7}"#, "invalid type: integer `7`, expected a string"),
        (r#"{"List": {}}"#, "invalid type: map, expected a sequence"),
        (r#"{"Map": []}"#, "invalid type: sequence, expected a map"),
        (r#"[]"#, "invalid type: sequence, expected struct Everything"),
        (r#"{"Plain": "C"}"#, "unknown variant `C`, expected `A` or `B`"),
        (r#"{"Union": {"S": "x", "L": []}}"#, "expected a map of one entry"),
        (r#"{"Flag": "#, "EOF while parsing a value at line 1 column 9"),
    ] {
        assert_eq!(of_json::<Everything>(body).unwrap_err(), message, "{body}");
    }
}

#[test]
fn depth_has_a_bound() {
    let deep = "[".repeat(100_000);
    assert!(of_json::<serde_json::Value>(&deep).unwrap_err().contains("recursion limit"));
    let deep = vec![0x81; 100_000];
    assert_eq!(from_cbor(&deep).err(), Some(cbor::CborError::TooDeep));
}

#[test]
fn blobs_and_times_are_those_of_the_protocol() {
    let body = json!({"At": 1.5, "Bytes": "AP8="}).to_string();
    let expected = full();
    let read_json: Everything = of_json(&body).unwrap();
    assert_eq!((read_json.at, &read_json.bytes), (expected.at, &expected.bytes));
    let iso: Everything = of_json(r#"{"At": "1970-01-01T00:00:01.5Z"}"#).unwrap();
    assert_eq!(iso.at, expected.at);
    let text = cbor::to_vec(&json!({"At": "1970-01-01T00:00:01.5Z"})).unwrap();
    assert!(read::<Everything>(from_cbor(&text).unwrap(), Kind::Binary).is_err());
}
