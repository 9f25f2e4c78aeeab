use std::collections::BTreeMap;

use serde::Serialize;

use super::*;
use crate::wire::examples::*;
use crate::wire::{Blob, Naming, Timestamp, default_naming};

#[track_caller]
fn check<T: Serialize>(value: &T, naming: Naming, xml: &str) {
    let mut out = String::new();
    to_xml(value, naming, "Operation", &mut out).unwrap();
    assert_eq!(out, xml);
}

#[test]
fn received_messages_of_sqs() {
    let message = Message {
        message_id: Some("id-1".to_owned()),
        body: Some("a<b>&\"c\"\r\n".to_owned()),
        attributes: Some(BTreeMap::from([
            ("ApproximateReceiveCount".to_owned(), "1".to_owned()),
            ("SenderId".to_owned(), "AIDA".to_owned()),
        ])),
        message_attributes: Some(BTreeMap::from([(
            "raw".to_owned(),
            MessageAttribute {
                binary_value: Some(Blob(vec![0, 255])),
                data_type: Some("Binary".to_owned()),
                string_value: None,
            },
        )])),
    };
    let plain = Message { message_id: Some("id-2".to_owned()), ..Message::default() };
    check(
        &ReceiveMessageResult { messages: Some(vec![message, plain]) },
        sqs_naming,
        concat!(
            "<Message><MessageId>id-1</MessageId>",
            "<Body>a&lt;b&gt;&amp;&quot;c&quot;&#13;\n</Body>",
            "<Attribute><Name>ApproximateReceiveCount</Name><Value>1</Value></Attribute>",
            "<Attribute><Name>SenderId</Name><Value>AIDA</Value></Attribute>",
            "<MessageAttribute><Name>raw</Name><Value><BinaryValue>AP8=</BinaryValue>",
            "<DataType>Binary</DataType></Value></MessageAttribute></Message>",
            "<Message><MessageId>id-2</MessageId></Message>",
        ),
    );
}

#[test]
fn lists_and_maps_with_levels() {
    let tag = Tag { key: Some("k".to_owned()), value: Some(String::new()) };
    check(
        &Publish {
            tags: Some(vec![tag, Tag::default()]),
            attributes: Some(BTreeMap::from([("a".to_owned(), "1".to_owned())])),
            ..Publish::default()
        },
        sns_naming,
        concat!(
            "<Tags><member><Key>k</Key><Value></Value></member><member/></Tags>",
            "<Attributes><entry><key>a</key><value>1</value></entry></Attributes>",
        ),
    );
}

#[test]
fn empty_lists_and_maps() {
    let empty =
        Publish { tags: Some(vec![]), attributes: Some(BTreeMap::new()), ..Publish::default() };
    check(&empty, sns_naming, "<Tags/><Attributes/>");
    let empty = ReceiveMessageResult { messages: Some(vec![]) };
    check(&empty, sqs_naming, "");
    check(&(), sqs_naming, "");
}

#[test]
fn numbers_and_times() {
    check(
        &put_metric_data(),
        default_naming,
        concat!(
            "<Namespace>Shop</Namespace><MetricData><member><MetricName>Latency</MetricName>",
            "<Dimensions><member><Name>Host</Name><Value>a&amp;b</Value></member>",
            "<member><Name>Zone</Name><Value>eu 1</Value></member></Dimensions>",
            "<Timestamp>1970-01-01T00:00:01.500Z</Timestamp><Value>1.0</Value>",
            "<Values><member>0.25</member><member>3.0</member></Values>",
            "<Unit>Bytes/Second</Unit><StorageResolution>60</StorageResolution>",
            "</member></MetricData><StrictEntityValidation>true</StrictEntityValidation>",
        ),
    );
    let times = BTreeMap::from([("t", Timestamp::from_millis(1_000))]);
    #[derive(Serialize)]
    struct Times {
        times: BTreeMap<&'static str, Timestamp>,
        numbers: Vec<f64>,
    }
    check(
        &Times { times, numbers: vec![0.1, -2.5e-8, f64::NAN, f64::NEG_INFINITY] },
        default_naming,
        concat!(
            "<times><entry><key>t</key><value>1970-01-01T00:00:01Z</value></entry></times>",
            "<numbers><member>0.1</member><member>-2.5e-8</member>",
            "<member>NaN</member><member>-Infinity</member></numbers>",
        ),
    );
}

#[test]
fn unions_are_their_one_member() {
    let union = AttributeValue::L(vec![AttributeValue::S("x".to_owned())]);
    check(&union, default_naming, "<L><member><S>x</S></member></L>");
}

#[test]
fn what_has_no_members_is_refused() {
    let mut out = String::new();
    assert!(to_xml("text", default_naming, "", &mut out).is_err());
    assert!(to_xml(&[1], default_naming, "", &mut out).is_err());
}

#[test]
fn escapes() {
    let mut out = String::new();
    escape("ö\r\t\n<&>\"'", &mut out);
    assert_eq!(out, "ö&#13;\t\n&lt;&amp;&gt;&quot;'");
    out.clear();
    escape("a\0b\u{1}\u{1f}\u{fffd}\u{fffe}c\u{ffff}", &mut out);
    assert_eq!(out, "a\u{fffd}b\u{fffd}\u{fffd}\u{fffd}\u{fffd}c\u{fffd}", "no XML character");
}
