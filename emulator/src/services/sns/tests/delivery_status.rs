//! What a topic writes into log groups about its deliveries.

use super::*;

/// What stands in a log group, as JSON; nothing where there is no such group.
fn written(sns: &mut Sns, group: &str) -> Vec<Value> {
    let found = sns.0.call("Logs_20140328.FilterLogEvents", json!({"logGroupName": group}));
    let found = found.map_or(Value::Null, |answer| answer["events"].clone());
    let events = found.as_array().cloned().unwrap_or_default();
    let message = |event: &Value| serde_json::from_str(event["message"].as_str().unwrap()).unwrap();
    events.iter().map(message).collect()
}

const GROUP: &str = "sns/us-east-1/000000000000/t";
const FAILURES: &str = "sns/us-east-1/000000000000/t/Failure";
const ROLE: &str = "arn:aws:iam::000000000000:role/r";

fn with_attributes(attributes: &[(&str, &str)]) -> Sns {
    let (mut sns, _) = Sns::with_subscription(&[]);
    for (name, value) in attributes {
        let topic = topic_arn("t");
        let form = [("TopicArn", &*topic), ("AttributeName", name), ("AttributeValue", value)];
        sns.ok("SetTopicAttributes", &form);
    }
    sns
}

#[test]
fn a_delivery_to_a_queue_is_written_down() {
    let mut sns = with_attributes(&[("SQSSuccessFeedbackRoleArn", ROLE)]);
    let id = sns.publish("t", "hello", &[]);
    let written = written(&mut sns, GROUP);
    assert_eq!(written.len(), 1, "{written:?}");
    let event = &written[0];
    assert_eq!(event["status"], "SUCCESS");
    assert_eq!(event["notification"]["messageId"], id);
    assert_eq!(event["notification"]["topicArn"], topic_arn("t"));
    assert_eq!(event["notification"]["timestamp"], "2026-01-01 00:00:00.000");
    assert_eq!(event["delivery"]["destination"], queue_arn("q"));
    assert_eq!(event["delivery"]["statusCode"], 200);
    assert_eq!(event["notification"]["messageMD5Sum"].as_str().unwrap().len(), 32);
}

#[test]
fn only_what_is_asked_for_is_written_down() {
    for (attributes, successes) in [
        (&[][..], 0),
        (&[("HTTPSuccessFeedbackRoleArn", ROLE)], 0),
        (&[("SQSFailureFeedbackRoleArn", ROLE)], 0),
        (&[("SQSSuccessFeedbackRoleArn", ROLE), ("SQSSuccessFeedbackSampleRate", "0")], 0),
        (&[("SQSSuccessFeedbackRoleArn", ROLE), ("SQSSuccessFeedbackSampleRate", "100")], 40),
    ] {
        let mut sns = with_attributes(attributes);
        for _ in 0..40 {
            sns.publish("t", "m", &[]);
        }
        assert_eq!(written(&mut sns, GROUP).len(), successes, "{attributes:?}");
        assert!(written(&mut sns, FAILURES).is_empty());
    }
    let half = [("SQSSuccessFeedbackRoleArn", ROLE), ("SQSSuccessFeedbackSampleRate", "50")];
    let mut sns = with_attributes(&half);
    for _ in 0..200 {
        sns.publish("t", "m", &[]);
    }
    let share = written(&mut sns, GROUP).len();
    assert!((50..150).contains(&share), "{share} of 200");
}

#[test]
fn a_failure_is_written_down_apart() {
    let mut sns = with_attributes(&[
        ("SQSSuccessFeedbackRoleArn", ROLE),
        ("SQSSuccessFeedbackSampleRate", "0"),
        ("SQSFailureFeedbackRoleArn", ROLE),
    ]);
    sns.0.ok("AmazonSQS.DeleteQueue", json!({"QueueUrl": "q"}));
    sns.publish("t", "m", &[]);
    let failed = written(&mut sns, FAILURES);
    assert_eq!(failed.len(), 1);
    assert_eq!(
        (&failed[0]["status"], &failed[0]["delivery"]["statusCode"]),
        (&json!("FAILURE"), &json!(400))
    );
    let told = failed[0]["delivery"]["providerResponse"].as_str().unwrap();
    assert!(told.contains("does not exist"), "{told}");
    assert!(written(&mut sns, GROUP).is_empty());
}
