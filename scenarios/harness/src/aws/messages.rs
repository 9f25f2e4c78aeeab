//! Queues, topics and buses: what enters them, and what lies in queues.

use super::door::{Aws, arn, short};
use super::words::{Done, read, written};
use crate::world::{Arguments, WorldError, text};
use serde_json::{Map, Value, json};

const COUNTS: [&str; 3] = [
    "ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible",
    "ApproximateNumberOfMessagesDelayed",
];

pub(super) async fn send_message(aws: &Aws, with: &Arguments) -> Done {
    let mut input = json!({
        "QueueUrl": short(text(with, "queue")?),
        "MessageBody": written(with.get("body")),
    });
    put(&mut input, "MessageAttributes", attributes(with));
    put(&mut input, "MessageGroupId", with.get("group").cloned());
    put(&mut input, "MessageDeduplicationId", with.get("deduplication_id").cloned());
    put(&mut input, "DelaySeconds", with.get("delay_seconds").cloned());
    let sent = aws.ask("sqs", "SendMessage", &input).await?;
    Ok(json!({ "id": sent["MessageId"] }))
}

pub(super) async fn publish(aws: &Aws, with: &Arguments) -> Done {
    let mut input = json!({
        "TopicArn": arn("sns", "", text(with, "topic")?),
        "Message": written(with.get("message")),
    });
    put(&mut input, "Subject", with.get("subject").cloned());
    put(&mut input, "MessageAttributes", attributes(with));
    put(&mut input, "MessageGroupId", with.get("group").cloned());
    put(&mut input, "MessageDeduplicationId", with.get("deduplication_id").cloned());
    let published = aws.ask("sns", "Publish", &input).await?;
    Ok(json!({ "id": published["MessageId"] }))
}

pub(super) async fn put_event(aws: &Aws, with: &Arguments) -> Done {
    let mut entry = json!({
        "Source": text(with, "source")?,
        "DetailType": text(with, "detail_type")?,
        "Detail": written(with.get("detail")),
    });
    put(&mut entry, "EventBusName", with.get("bus").cloned());
    let put = aws.ask("events", "PutEvents", &json!({ "Entries": [entry] })).await?;
    let entry = &put["Entries"][0];
    match entry["ErrorCode"].as_str() {
        Some(code) => {
            let told = entry["ErrorMessage"].as_str().unwrap_or_default();
            Err(WorldError(format!("PutEvents: {code}: {told}")))
        }
        None => Ok(json!({ "id": entry["EventId"] })),
    }
}

pub(super) async fn redrive(aws: &Aws, with: &Arguments) -> Done {
    let source = arn("sqs", "", short(text(with, "queue")?));
    aws.ask("sqs", "StartMessageMoveTask", &json!({ "SourceArn": source })).await
}

pub(super) async fn purge_queue(aws: &Aws, with: &Arguments) -> Done {
    aws.ask("sqs", "PurgeQueue", &json!({ "QueueUrl": short(text(with, "queue")?) })).await
}

pub(super) async fn queue_depth(aws: &Aws, of: &Arguments) -> Done {
    Ok(json!(counts(aws, text(of, "queue")?).await?.iter().sum::<u64>()))
}

pub(super) async fn queue(aws: &Aws, of: &Arguments) -> Done {
    let [visible, in_flight, delayed] = counts(aws, text(of, "queue")?).await?;
    Ok(json!({ "visible": visible, "in_flight": in_flight, "delayed": delayed }))
}

/// Messages that are visible, in flight and delayed. The operation also lets those go that are too
/// old by now.
async fn counts(aws: &Aws, queue: &str) -> Result<[u64; 3], WorldError> {
    let input = json!({ "QueueUrl": short(queue), "AttributeNames": COUNTS });
    let answer = aws.ask("sqs", "GetQueueAttributes", &input).await?;
    let count = |name| answer["Attributes"][name].as_str().and_then(|it| it.parse().ok());
    Ok(COUNTS.map(|name| count(name).unwrap_or(0)))
}

pub(super) async fn messages(aws: &Aws, of: &Arguments) -> Done {
    lying(aws, short(text(of, "queue")?), of.get("count").and_then(Value::as_u64)).await
}

pub(super) async fn dead_letters(aws: &Aws, of: &Arguments) -> Done {
    let queue = short(text(of, "queue")?);
    let to = dead_letter_queue(aws, queue).await?;
    let to = to.ok_or_else(|| WorldError(format!("{queue} has no dead-letter queue")))?;
    lying(aws, &to, None).await
}

/// The name of the queue where a queue's dead letters go, if it has one.
pub(super) async fn dead_letter_queue(
    aws: &Aws,
    queue: &str,
) -> Result<Option<String>, WorldError> {
    let input = json!({ "QueueUrl": queue, "AttributeNames": ["RedrivePolicy"] });
    let answer = aws.ask("sqs", "GetQueueAttributes", &input).await?;
    let policy = answer["Attributes"]["RedrivePolicy"].as_str().unwrap_or("{}");
    let policy: Value = serde_json::from_str(policy).unwrap_or_default();
    Ok(policy["deadLetterTargetArn"].as_str().map(|target| short(target).to_owned()))
}

async fn lying(aws: &Aws, queue: &str, count: Option<u64>) -> Done {
    let mut messages = aws.messages(queue, count).await?;
    for message in messages.as_array_mut().into_iter().flatten() {
        let body = message["body"].as_str().map(read);
        message["body"] = body.unwrap_or_default();
        let attributes = message["attributes"].as_object().into_iter().flatten();
        let plain = attributes.filter_map(|(name, it)| {
            let value = it["StringValue"].as_str().or(it["BinaryValue"].as_str())?;
            Some((name.clone(), json!(value)))
        });
        message["attributes"] = Value::Object(plain.collect());
    }
    Ok(messages)
}

/// Message attributes as AWS has them: numbers are numbers, anything else is a text.
fn attributes(with: &Arguments) -> Option<Value> {
    let attributes = with.get("attributes")?.as_object()?;
    let one = |(name, value): (&String, &Value)| {
        let kind = if value.is_number() { "Number" } else { "String" };
        let value = written(Some(value));
        (name.clone(), json!({ "DataType": kind, "StringValue": value }))
    };
    Some(Value::Object(attributes.iter().map(one).collect::<Map<_, _>>()))
}

fn put(input: &mut Value, member: &str, value: Option<Value>) {
    if let Some(value) = value {
        input[member] = value;
    }
}
