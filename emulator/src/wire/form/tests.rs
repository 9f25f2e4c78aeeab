use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::*;
use crate::wire::examples::*;
use crate::wire::{Blob, Timestamp, default_naming};

#[test]
fn a_batch_to_sqs() {
    let body = "Action=SendMessageBatch&Version=2012-11-05\
        &QueueUrl=http%3A%2F%2Flocalhost%3A4100%2F000000000000%2Forders\
        &SendMessageBatchRequestEntry.1.Id=one\
        &SendMessageBatchRequestEntry.1.MessageBody=hello+w%C3%B6rld%26\
        &SendMessageBatchRequestEntry.1.DelaySeconds=45\
        &SendMessageBatchRequestEntry.1.MessageAttribute.1.Name=kind\
        &SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.StringValue=a%2Bb\
        &SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.DataType=String\
        &SendMessageBatchRequestEntry.1.MessageAttribute.2.Name=raw\
        &SendMessageBatchRequestEntry.1.MessageAttribute.2.Value.BinaryValue=AP8%3D\
        &SendMessageBatchRequestEntry.1.MessageAttribute.2.Value.DataType=Binary\
        &SendMessageBatchRequestEntry.10.Id=ten\
        &SendMessageBatchRequestEntry.2.Id=two";
    let read: SendMessageBatch =
        from_form(body.as_bytes(), sqs_naming, "SendMessageBatch").unwrap();
    let entries = read.entries.unwrap();
    let ids: Vec<_> = entries.iter().map(|entry| entry.id.as_deref()).collect();
    assert_eq!(ids, [Some("one"), Some("two"), Some("ten")]);
    let url = "http://localhost:4100/000000000000/orders";
    assert_eq!(read.queue_url.as_deref(), Some(url));
    assert_eq!(entries[0].message_body.as_deref(), Some("hello wörld&"));
    assert_eq!(entries[0].delay_seconds, Some(45));
    let kind = MessageAttribute {
        string_value: Some("a+b".to_owned()),
        data_type: Some("String".to_owned()),
        binary_value: None,
    };
    let raw = MessageAttribute {
        binary_value: Some(Blob(vec![0, 255])),
        data_type: Some("Binary".to_owned()),
        string_value: None,
    };
    let attributes = BTreeMap::from([("kind".to_owned(), kind), ("raw".to_owned(), raw)]);
    assert_eq!(entries[0].message_attributes, Some(attributes));
    assert_eq!(parameter(body.as_bytes(), "Action").unwrap(), "SendMessageBatch");
    assert_eq!(parameter(body.as_bytes(), "Absent"), None);
}

#[test]
fn lists_and_maps_of_sns() {
    let body = "Action=Publish&TopicArn=arn%3Aaws%3Asns&Message=m\
        &MessageAttributes.entry.1.Name=store\
        &MessageAttributes.entry.1.Value.DataType=String\
        &MessageAttributes.entry.1.Value.StringValue=x\
        &Attributes.entry.1.key=Policy&Attributes.entry.1.value=\
        &Tags.member.2.Key=b&Tags.member.2.Value=2&Tags.member.1.Key=a";
    let read: Publish = from_form(body.as_bytes(), sns_naming, "Publish").unwrap();
    let tag = |key: &str, value: Option<&str>| Tag {
        key: Some(key.to_owned()),
        value: value.map(str::to_owned),
    };
    assert_eq!(read.tags, Some(vec![tag("a", None), tag("b", Some("2"))]));
    let policy = BTreeMap::from([("Policy".to_owned(), String::new())]);
    assert_eq!(read.attributes, Some(policy));
    let attributes = read.message_attributes.unwrap();
    assert_eq!(attributes["store"].string_value.as_deref(), Some("x"));
}

#[test]
fn metrics_of_cloudwatch() {
    let body = "Namespace=Shop&StrictEntityValidation=true\
        &MetricData.member.1.MetricName=Latency\
        &MetricData.member.1.Dimensions.member.1.Name=Host\
        &MetricData.member.1.Dimensions.member.1.Value=a%26b\
        &MetricData.member.1.Dimensions.member.2.Name=Zone\
        &MetricData.member.1.Dimensions.member.2.Value=eu+1\
        &MetricData.member.1.Timestamp=1970-01-01T00%3A00%3A01.5Z\
        &MetricData.member.1.Value=1&MetricData.member.1.Values.member.1=0.25\
        &MetricData.member.1.Values.member.2=3e0&MetricData.member.1.Unit=Bytes%2FSecond\
        &MetricData.member.1.StorageResolution=60";
    let read = from_form::<PutMetricData>(body.as_bytes(), default_naming, "PutMetricData");
    assert_eq!(read, Ok(put_metric_data()));
    let number = from_form::<MetricDatum>(b"Timestamp=1.5", default_naming, "").unwrap();
    assert_eq!(number.timestamp, Some(Timestamp::from_millis(1_500)));
}

#[test]
fn empty_lists_and_maps() {
    for (body, tags) in [
        ("", None),
        ("Tags=", Some(vec![])),
        ("Tags", Some(vec![])),
        ("Tags.member=", Some(vec![])),
    ] {
        let read: Publish = from_form(body.as_bytes(), sns_naming, "").unwrap();
        assert_eq!(read.tags, tags, "{body}");
    }
    let read: SendMessageBatch =
        from_form(b"SendMessageBatchRequestEntry=", sqs_naming, "SendMessageBatch").unwrap();
    assert_eq!(read.entries, Some(vec![]));
    let read: Publish = from_form(b"Attributes=", sns_naming, "").unwrap();
    assert_eq!(read.attributes, Some(BTreeMap::new()));
}

#[test]
fn unions_have_one_member() {
    use AttributeValue::{L, N, S};
    #[derive(Debug, Default, PartialEq, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    struct Holder {
        value: Option<AttributeValue>,
    }
    let body = b"Value.L.member.1.S=x&Value.L.member.2.N=1";
    let read: Holder = from_form(body, default_naming, "").unwrap();
    let list = L(vec![S("x".to_owned()), N("1".to_owned())]);
    assert_eq!(read.value, Some(list));
    let two = from_form::<Holder>(b"Value.S=x&Value.N=1", default_naming, "").unwrap_err();
    assert_eq!(two.to_string(), "Value: expected exactly one known member");
}

#[test]
fn errors_say_where_and_what() {
    #[track_caller]
    fn check<T: DeserializeOwned + std::fmt::Debug>(body: &str, message: &str) {
        let error = from_form::<T>(body.as_bytes(), default_naming, "").unwrap_err();
        assert_eq!(error.to_string(), message, "{body}");
    }
    check::<PutMetricData>(
        "MetricData.member.3.Value=x",
        "MetricData.member.3.Value: expected a number",
    );
    check::<BatchEntry>("DelaySeconds=3000000000", "DelaySeconds: expected an integer of 32 bits");
    check::<PutMetricData>(
        "StrictEntityValidation=1",
        "StrictEntityValidation: expected `true` or `false`",
    );
    check::<PutMetricData>("MetricData=x", "MetricData: expected a list or map, not text");
    check::<PutMetricData>("MetricData.1=x", "MetricData: expected `member` and an index");
    check::<PutMetricData>("MetricData.member.x=1", "MetricData.member: expected indexes only");
    check::<PutMetricData>(
        "MetricData.member.1=x",
        "MetricData.member.1: expected a structure, not text",
    );
    check::<PutMetricData>("Namespace.x=1", "Namespace: expected text");
    check::<Publish>(
        "Attributes.entry.1.key=k",
        "Attributes.entry.1: expected `value` in a map's entry",
    );
    check::<MessageAttribute>("BinaryValue=%21", "BinaryValue: invalid base64");
    check::<Publish>("Message=%ff", "Message: expected text in UTF-8");
    check::<Publish>("Message=%4", "Message: expected text in UTF-8");
    check::<Publish>("%ff=x", "%ff: expected a key in UTF-8");
    let date = "Timestamp=yesterday";
    let found = "Timestamp: invalid value: string \"yesterday\", expected a timestamp";
    check::<MetricDatum>(date, found);
    let deep = "a.".repeat(DEPTH_MAX);
    check::<Publish>(&deep, "more than 32 parts in a key");
    let many = "a=&".repeat(PARAMETERS_MAX + 1);
    check::<Publish>(&many, "more than 65536 parameters");
}

#[test]
fn the_first_of_several_values_counts() {
    let body = b"Message=1&Message=2";
    let read: Publish = from_form(body, default_naming, "").unwrap();
    assert_eq!(read.message.as_deref(), Some("1"));
    assert_eq!(parameter(body, "Message").unwrap(), "1");
}

fn key() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just("Tags"),
        Just("Attributes"),
        Just("MessageAttributes"),
        Just("MetricData"),
        Just("member"),
        Just("entry"),
        Just("key"),
        Just("value"),
        Just("Value"),
        Just("1"),
        Just("01"),
        Just("12"),
        Just(""),
        Just("%C3%B6"),
    ];
    proptest::collection::vec(part, 1..6).prop_map(|parts| parts.join("."))
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = from_form::<Publish>(&bytes, sns_naming, "");
        let _ = parameter(&bytes, "Action");
    }

    #[test]
    fn any_keys_are_read_or_refused(keys in proptest::collection::vec(key(), 0..30)) {
        let body = keys.join("=&");
        let _ = from_form::<Publish>(body.as_bytes(), sns_naming, "");
        let _ = from_form::<PutMetricData>(body.as_bytes(), default_naming, "");
        let _ = from_form::<SendMessageBatch>(body.as_bytes(), sqs_naming, "");
    }

    /// What was sent is found, wherever it stands.
    #[test]
    fn lists_keep_the_order_of_their_indexes(
        indexes in proptest::collection::btree_set(any::<u32>(), 0..20),
        seed in any::<usize>(),
    ) {
        let mut pairs: Vec<_> = indexes.iter().collect();
        if !pairs.is_empty() {
            let middle = seed % pairs.len();
            pairs.rotate_left(middle);
        }
        let body: String = pairs
            .iter()
            .map(|index| format!("&Tags.member.{index}.Key={index}"))
            .collect();
        let read: Publish = from_form(body.as_bytes(), sns_naming, "").unwrap();
        let found: Vec<u32> = read
            .tags
            .unwrap_or_default()
            .into_iter()
            .map(|tag| tag.key.unwrap().parse().unwrap())
            .collect();
        prop_assert_eq!(found, indexes.into_iter().collect::<Vec<_>>());
    }
}
