//! One message or change, as whoever deals with it gets it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use crate::kernel::{Arn, Context, MessageId, NodeId};
use crate::wire::Timestamp;

/// One message of a queue or one record of a stream.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Record {
    /// `messageId`, or `eventID`.
    pub(crate) id: Arc<str>,
    /// How its source knows it: a receipt handle, or a sequence number.
    pub(crate) handle: Arc<str>,
    /// JSON, as functions and pipes get it.
    pub(crate) event: Arc<str>,
    /// When it came into its source.
    pub(crate) at: Timestamp,
    /// The shard that it is from; empty for queues.
    pub(crate) shard: Arc<str>,
    /// Of its key, for streams.
    pub(super) hash: u64,
}

impl Record {
    /// What its source has recorded of it; nothing, for a stream's.
    pub(crate) fn cause(&self, ctx: &Context<'_>) -> NodeId {
        let message: Option<MessageId> = self.id.parse().ok().filter(|_| self.shard.is_empty());
        message.map_or(NodeId::NONE, |message| ctx.latest_of(message))
    }

    /// A message as ReceiveMessage tells it.
    pub(super) fn of_message(queue: &Arn, message: &Value) -> Self {
        let text = |name: &str| message[name].as_str().unwrap_or_default();
        let attributes = message["MessageAttributes"].as_object();
        let attributes: Map<String, Value> = attributes
            .into_iter()
            .flatten()
            .map(|(name, value)| (name.clone(), attribute(value)))
            .collect();
        let mut event = json!({
            "messageId": text("MessageId"),
            "receiptHandle": text("ReceiptHandle"),
            "body": text("Body"),
            "attributes": message["Attributes"],
            "messageAttributes": attributes,
            "md5OfBody": text("MD5OfBody"),
            "eventSource": "aws:sqs",
            "eventSourceARN": queue.as_str(),
            "awsRegion": queue.region(),
        });
        if let Some(digest) = message.get("MD5OfMessageAttributes") {
            event["md5OfMessageAttributes"] = digest.clone();
        }
        let sent = message["Attributes"]["SentTimestamp"].as_str();
        let sent = sent.and_then(|text| text.parse().ok()).unwrap_or_default();
        Self {
            id: text("MessageId").into(),
            handle: text("ReceiptHandle").into(),
            event: event.to_string().into(),
            at: Timestamp::from_millis(sent),
            shard: Arc::default(),
            hash: 0,
        }
    }

    /// A change as GetRecords tells it.
    pub(super) fn of_change(stream: &Arn, shard: &Arc<str>, record: &Value) -> Self {
        let mut event = record.clone();
        if let Some(identity) = event.get_mut("userIdentity") {
            *identity = json!({ "type": identity["Type"], "principalId": identity["PrincipalId"] });
        }
        event["eventSourceARN"] = stream.as_str().into();
        let change = &record["dynamodb"];
        let at = change["ApproximateCreationDateTime"].as_f64().unwrap_or_default();
        Self {
            id: record["eventID"].as_str().unwrap_or_default().into(),
            handle: change["SequenceNumber"].as_str().unwrap_or_default().into(),
            event: event.to_string().into(),
            at: Timestamp::from_millis((at * 1000.0) as i64),
            shard: Arc::clone(shard),
            hash: hash(&change["Keys"].to_string()),
        }
    }
}

/// A message attribute as functions get it.
fn attribute(value: &Value) -> Value {
    let mut told = json!({ "stringListValues": [], "binaryListValues": [] });
    for (from, to) in
        [("DataType", "dataType"), ("StringValue", "stringValue"), ("BinaryValue", "binaryValue")]
    {
        if let Some(value) = value.get(from) {
            told[to] = value.clone();
        }
    }
    told
}

/// The same for the same text, on every machine.
fn hash(text: &str) -> u64 {
    let digest = Sha256::digest(text);
    digest.iter().take(8).fold(0, |sum, byte| sum << 8 | u64::from(*byte))
}
