//! Wire types of the tests: what the real services' types look like, in small.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::{Blob, MemberName, Timestamp};

/// DynamoDB's AttributeValue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum AttributeValue {
    S(String),
    N(String),
    B(Blob),
    #[serde(rename = "SS")]
    StringSet(Vec<String>),
    #[serde(rename = "BS")]
    BinarySet(Vec<Blob>),
    M(BTreeMap<String, AttributeValue>),
    L(Vec<AttributeValue>),
    #[serde(rename = "NULL")]
    Null(bool),
    #[serde(rename = "BOOL")]
    Bool(bool),
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct SendMessageBatch {
    pub(super) queue_url: Option<String>,
    pub(super) entries: Option<Vec<BatchEntry>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct BatchEntry {
    pub(super) id: Option<String>,
    pub(super) message_body: Option<String>,
    pub(super) delay_seconds: Option<i32>,
    pub(super) message_attributes: Option<BTreeMap<String, MessageAttribute>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct MessageAttribute {
    pub(super) string_value: Option<String>,
    pub(super) binary_value: Option<Blob>,
    pub(super) data_type: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct ReceiveMessageResult {
    pub(super) messages: Option<Vec<Message>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Message {
    pub(super) message_id: Option<String>,
    pub(super) body: Option<String>,
    pub(super) attributes: Option<BTreeMap<String, String>>,
    pub(super) message_attributes: Option<BTreeMap<String, MessageAttribute>>,
}

/// How SQS spells its members.
pub(super) fn sqs_naming(operation: &str, member: &str) -> MemberName {
    match (operation, member) {
        ("SendMessageBatch", "Entries") => MemberName::flat("SendMessageBatchRequestEntry"),
        (_, "Messages") => MemberName::flat("Message"),
        (_, "Attributes") => MemberName::flat("Attribute"),
        (_, "MessageAttributes") => MemberName::flat("MessageAttribute"),
        (_, "QueueUrls") => MemberName::flat("QueueUrl"),
        (_, "Tags") => MemberName::flat("Tag").entry("Key", "Value"),
        _ => MemberName::DEFAULT,
    }
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Publish {
    pub(super) topic_arn: Option<String>,
    pub(super) message: Option<String>,
    pub(super) message_attributes: Option<BTreeMap<String, MessageAttribute>>,
    pub(super) tags: Option<Vec<Tag>>,
    pub(super) attributes: Option<BTreeMap<String, String>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Tag {
    pub(super) key: Option<String>,
    pub(super) value: Option<String>,
}

/// How SNS spells its members.
pub(super) fn sns_naming(_operation: &str, member: &str) -> MemberName {
    match member {
        "MessageAttributes" => MemberName::DEFAULT.entry("Name", "Value"),
        _ => MemberName::DEFAULT,
    }
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct PutMetricData {
    pub(super) namespace: Option<String>,
    pub(super) metric_data: Option<Vec<MetricDatum>>,
    pub(super) strict_entity_validation: Option<bool>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct MetricDatum {
    pub(super) metric_name: Option<String>,
    pub(super) dimensions: Option<Vec<Dimension>>,
    pub(super) timestamp: Option<Timestamp>,
    pub(super) value: Option<f64>,
    pub(super) values: Option<Vec<f64>>,
    pub(super) unit: Option<Unit>,
    pub(super) storage_resolution: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct Dimension {
    pub(super) name: Option<String>,
    pub(super) value: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Unit {
    Seconds,
    Count,
    #[serde(rename = "Bytes/Second")]
    BytesPerSecond,
}

/// One datum with every member set.
pub(super) fn put_metric_data() -> PutMetricData {
    let dimension = |name: &str, value: &str| Dimension {
        name: Some(name.to_owned()),
        value: Some(value.to_owned()),
    };
    PutMetricData {
        namespace: Some("Shop".to_owned()),
        metric_data: Some(vec![MetricDatum {
            metric_name: Some("Latency".to_owned()),
            dimensions: Some(vec![dimension("Host", "a&b"), dimension("Zone", "eu 1")]),
            timestamp: Some(Timestamp::from_millis(1_500)),
            value: Some(1.0),
            values: Some(vec![0.25, 3.0]),
            unit: Some(Unit::BytesPerSecond),
            storage_resolution: Some(60),
        }]),
        strict_entity_validation: Some(true),
    }
}
