//! FIFO topics.

use super::*;

#[test]
fn a_fifo_topic_publishes_once_in_five_minutes() {
    let mut sns = Sns::new();
    fifo_topic(&mut sns, "true");
    sns.queue("q.fifo", &[("FifoQueue", "true")]);
    sns.queue("q", &[]);
    sns.subscribe("t.fifo", "q.fifo", &[]);
    sns.subscribe("t.fifo", "q", &[]);
    let group = [("MessageGroupId", "g")];
    let first = sns.publish("t.fifo", "Test", &group);
    sns.0.advance_seconds(299);
    assert_eq!(sns.publish("t.fifo", "Test", &group), first);
    let message = sns.receive("q.fifo").remove(0);
    // The SHA-256 of the message. Recorded on 2023-10-19.
    let hash = "532eaabd9574880dbf76b9b8cc00832c20a6ec113d682299550d7a6e0f345e25";
    assert_eq!(message["Attributes"]["MessageDeduplicationId"], hash);
    assert_eq!(message["Attributes"]["MessageGroupId"], "g");
    let standard = sns.receive("q").remove(0);
    assert_eq!(standard["Attributes"].get("MessageGroupId"), None);
    let body: Value = serde_json::from_str(standard["Body"].as_str().unwrap()).unwrap();
    assert_eq!(body["SequenceNumber"], "10000000000000000001");
    assert_eq!(body.get("Signature"), None);
    sns.0.advance_seconds(1);
    assert_ne!(sns.publish("t.fifo", "Test", &group), first);
}

/// Recorded on 2023-10-20.
#[test]
fn fifo_topics_have_their_own_rules() {
    let mut sns = Sns::new();
    fifo_topic(&mut sns, "false");
    let topic = topic_arn("t.fifo");
    let form = [("TopicArn", topic.as_str()), ("Message", "m")];
    let group = "Invalid parameter: The MessageGroupId parameter is required for FIFO topics";
    sns.invalid("Publish", &form, group);
    let form = [("TopicArn", topic.as_str()), ("Message", "m"), ("MessageGroupId", "g")];
    let id = "Invalid parameter: The topic should either have ContentBasedDeduplication enabled \
        or MessageDeduplicationId provided explicitly";
    sns.invalid("Publish", &form, id);
    let arn = sns.subscribe("t.fifo", "q.fifo", &[]);
    let policy = json!({"deadLetterTargetArn": queue_arn("dlq")}).to_string();
    let form = [
        ("SubscriptionArn", arn.as_str()),
        ("AttributeName", "RedrivePolicy"),
        ("AttributeValue", &policy),
    ];
    sns.invalid(
        "SetSubscriptionAttributes",
        &form,
        "Invalid parameter: RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription \
         to a FIFO Topic.",
    );
}
