use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::*;
use crate::wire::examples::*;
use crate::wire::{Blob, Timestamp};

fn round_trip<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(value: &T) {
    let cbor = to_vec(value).unwrap();
    assert_eq!(&from_slice::<T>(&cbor).unwrap(), value, "{cbor:02x?}");
    let json = serde_json::to_string(value).unwrap();
    assert_eq!(&serde_json::from_str::<T>(&json).unwrap(), value, "JSON {json}");
}

fn attribute_value() -> AttributeValue {
    use AttributeValue::*;
    M(BTreeMap::from([
        ("text".to_owned(), S("å".to_owned())),
        ("number".to_owned(), N("1.50".to_owned())),
        ("bytes".to_owned(), B(Blob(vec![0, 255]))),
        ("words".to_owned(), StringSet(vec!["a".to_owned()])),
        ("blobs".to_owned(), BinarySet(vec![Blob(vec![]), Blob(vec![7])])),
        ("list".to_owned(), L(vec![L(vec![]), Null(true), Bool(false)])),
        ("map".to_owned(), M(BTreeMap::new())),
    ]))
}

#[test]
fn documents_round_trip_in_cbor_and_json() {
    round_trip(&attribute_value());
    round_trip(&put_metric_data());
    round_trip(&SendMessageBatch::default());
}

#[test]
fn exact_bytes() {
    fn check<T: Serialize + ?Sized>(value: &T, bytes: &[u8]) {
        let written = to_vec(value).unwrap();
        assert_eq!(written, bytes, "{written:02x?}");
    }
    check(&1.0f64, &[0xfb, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0]);
    check(&0.5f32, &[0xfb, 0x3f, 0xe0, 0, 0, 0, 0, 0, 0]);
    check(&Timestamp::from_millis(1_500), &[0xc1, 0xfb, 0x3f, 0xf8, 0, 0, 0, 0, 0, 0]);
    check(&Blob(vec![1, 2]), &[0x42, 1, 2]);
    check(&(23, 24, -1, -25), &[0x84, 0x17, 0x18, 0x18, 0x20, 0x38, 0x18]);
    check(&65_536u64, &[0x1a, 0, 1, 0, 0]);
    check(&i64::MIN, b"\x3b\x7f\xff\xff\xff\xff\xff\xff\xff");
    check(&[Some(true), None], &[0x82, 0xf5, 0xf6]);
    check(&Unit::Count, b"\x65Count");
    check(&AttributeValue::S("x".to_owned()), b"\xa1\x61S\x61x");
    check(&SendMessageBatch::default(), &[0xa0]);
    let tag = Tag { key: Some("k".to_owned()), value: None };
    check(&tag, b"\xa1\x63Key\x61k");
}

#[test]
fn an_indefinite_request_written_by_hand() {
    let mut body = Vec::new();
    body.extend_from_slice(b"\xbf");
    body.extend_from_slice(b"\x69Namespace\x7f\x62Sh\x62op\xff");
    // Unknown members of any type are skipped.
    body.extend_from_slice(
        b"\x67Unknown\xbf\x61a\x9f\x5f\x41\x01\xff\xf7\xff\x61b\xc2\x41\x01\xff",
    );
    body.extend_from_slice(b"\x6aMetricData\x9f\xbf");
    body.extend_from_slice(b"\x6aMetricName\x67Latency");
    body.extend_from_slice(b"\x6aDimensions\x9f");
    body.extend_from_slice(b"\xbf\x64Name\x64Host\x65Value\x63a&b\xff");
    body.extend_from_slice(b"\xa2\x64Name\x64Zone\x65Value\x64eu 1\xff");
    body.extend_from_slice(b"\x69Timestamp\xc1\xfb\x3f\xf8\x00\x00\x00\x00\x00\x00");
    // A double sent as an integer; then a half float, a single float and a null member.
    body.extend_from_slice(b"\x65Value\x01");
    body.extend_from_slice(b"\x66Values\x82\xf9\x34\x00\xfa\x40\x40\x00\x00");
    body.extend_from_slice(b"\x64Unit\x6cBytes/Second");
    body.extend_from_slice(b"\x71StorageResolution\x18\x3c");
    body.extend_from_slice(b"\xff\xff\x76StrictEntityValidation\xf5\xff");
    assert_eq!(from_slice::<PutMetricData>(&body), Ok(put_metric_data()));
    for end in 1..body.len() {
        let cut = from_slice::<PutMetricData>(&body[..end]);
        assert_eq!(cut, Err(CborError::Truncated), "cut at {end}");
    }
}

#[test]
fn timestamps_of_any_number() {
    for (bytes, millis) in [
        (&b"\xc1\x1a\x00\x01\x00\x00"[..], 65_536_000),
        (b"\xc1\x20", -1_000),
        (b"\x05", 5_000),
        (b"\xc1\xf9\x3e\x00", 1_500),
    ] {
        let read = from_slice::<Timestamp>(bytes);
        assert_eq!(read, Ok(Timestamp::from_millis(millis)), "{bytes:02x?}");
    }
    assert!(from_slice::<Timestamp>(b"\x611").is_err());
    assert!(from_slice::<Timestamp>(b"\xc0\x01").is_err());
    assert!(from_slice::<Timestamp>(b"\xc1\xf9\x7c\x00").is_err());
}

#[test]
fn empty_inputs_and_null_members() {
    for body in [&b""[..], b"\xa0", b"\xbf\xff", b"\xa1\x69Namespace\xf6"] {
        let read = from_slice::<PutMetricData>(body);
        assert_eq!(read, Ok(PutMetricData::default()), "{body:02x?}");
    }
}

#[test]
fn what_is_refused() {
    #[track_caller]
    fn check<T: DeserializeOwned + std::fmt::Debug>(bytes: &[u8], error: &CborError) {
        assert_eq!(&from_slice::<T>(bytes).unwrap_err(), error, "{bytes:02x?}");
    }
    check::<PutMetricData>(b"\xa0\x00", &CborError::Trailing);
    check::<String>(b"\x7b\xff\xff\xff\xff\xff\xff\xff\xff", &CborError::Truncated);
    check::<Vec<u64>>(b"\x9a\xff\xff\xff\xff\x01", &CborError::Truncated);
    check::<String>(b"\x61\xff", &CborError::Utf8);
    check::<String>(b"\x7f\x41a\xff", &CborError::Malformed(0x41));
    check::<u64>(b"\xff", &CborError::Malformed(0xff));
    check::<u64>(b"\x1c", &CborError::Malformed(0x1c));
    check::<u64>(b"\xf8\x20", &CborError::Malformed(0xf8));
    check::<i64>(b"\x3b\xff\xff\xff\xff\xff\xff\xff\xff", &CborError::IntegerRange);
    check::<AttributeValue>(b"\xa2\x61S\x61x\x61N\x611", &CborError::Length);
    check::<Blob>(b"\x61a", &CborError::Expected("a byte string"));
    check::<String>(b"\x41a", &CborError::Expected("a text string"));
    let mut deep = b"\xa1\x61x".to_vec();
    deep.extend(std::iter::repeat_n(0x9f, 100_000));
    check::<PutMetricData>(&deep, &CborError::TooDeep);
    let deep = b"\xa1\x61L\x81".repeat(DEPTH_MAX);
    check::<AttributeValue>(&deep, &CborError::TooDeep);
    let deep = [&b"\xa1\x61L\x81".repeat(DEPTH_MAX / 2 - 1)[..], b"\xa1\x61L\x80"].concat();
    assert!(from_slice::<AttributeValue>(&deep).is_ok());
    assert!(from_slice::<Unit>(b"\x65Other").is_err());
    assert!(from_slice::<i32>(b"\x1a\xff\xff\xff\xff").is_err());
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Everything {
    text: Option<String>,
    integer: Option<i64>,
    unsigned: Option<u64>,
    float: Option<f64>,
    at: Option<Timestamp>,
    bytes: Option<Blob>,
    sparse: Option<Vec<Option<i32>>>,
    map: Option<BTreeMap<String, Everything>>,
    unit: Option<Unit>,
}

fn everything() -> impl Strategy<Value = Everything> {
    let leaf = Just(Everything::default());
    leaf.prop_recursive(3, 12, 3, |inner| {
        let scalars = (
            any::<Option<String>>(),
            any::<Option<i64>>(),
            any::<Option<u64>>(),
            proptest::option::of(-1e300..1e300f64),
            proptest::option::of(-1_000_000_000_000i64..10_000_000_000_000),
            any::<Option<Vec<u8>>>(),
        );
        let compound = (
            any::<Option<Vec<Option<i32>>>>(),
            proptest::option::of(proptest::collection::btree_map(".*", inner, 0..3)),
            proptest::option::of(prop_oneof![Just(Unit::Count), Just(Unit::BytesPerSecond)]),
        );
        (scalars, compound).prop_map(
            |((text, integer, unsigned, float, at, bytes), (sparse, map, unit))| Everything {
                text,
                integer,
                unsigned,
                float,
                at: at.map(Timestamp::from_millis),
                bytes: bytes.map(Blob),
                sparse,
                map,
                unit,
            },
        )
    })
}

proptest! {
    #[test]
    fn values_round_trip(value in everything()) {
        let cbor = to_vec(&value).unwrap();
        prop_assert_eq!(from_slice::<Everything>(&cbor).unwrap(), value);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = from_slice::<Everything>(&bytes);
        let _ = from_slice::<AttributeValue>(&bytes);
        let _ = from_slice::<serde_json::Value>(&bytes);
    }

    #[test]
    fn damaged_values_are_read_or_refused(
        value in everything(),
        damage in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut cbor = to_vec(&value).unwrap();
        for (at, byte) in damage {
            let at = at.index(cbor.len());
            cbor[at] = byte;
        }
        let _ = from_slice::<Everything>(&cbor);
    }
}
