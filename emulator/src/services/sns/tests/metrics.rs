//! The metrics of a topic, as CloudWatch shows them.

use super::*;

fn sums(sns: &mut Sns, metric: &str) -> Vec<f64> {
    let request = json!({
        "Namespace": "AWS/SNS", "MetricName": metric,
        "Dimensions": [{"Name": "TopicName", "Value": "t"}],
        "StartTime": 1_767_225_600, "EndTime": 1_767_225_600 + 600, "Period": 60,
        "Statistics": ["Sum"]
    });
    let answer = sns.0.ok("GraniteServiceVersion20100801.GetMetricStatistics", request);
    let mut points = answer["Datapoints"].as_array().unwrap().clone();
    points.sort_by_key(|point| point["Timestamp"].as_f64().unwrap() as u64);
    points.iter().map(|point| point["Sum"].as_f64().unwrap()).collect()
}

#[test]
fn what_happens_at_a_topic_is_counted() {
    let policy = r#"{"kind":["a"]}"#;
    let (mut sns, _) = Sns::with_subscription(&[("FilterPolicy", policy)]);
    let dlq = json!({"deadLetterTargetArn": queue_arn("dlq")}).to_string();
    sns.queue("dlq", &[]);
    sns.subscribe("t", "absent", &[("RedrivePolicy", &dlq)]);
    let closed = json!({"deadLetterTargetArn": queue_arn("no-queue")}).to_string();
    sns.subscribe("t", "absent-too", &[("RedrivePolicy", &closed)]);
    sns.publish("t", "four", &attributes(&[("kind", "String", "a")]).borrowed());
    sns.publish("t", "four", &attributes(&[("kind", "String", "b")]).borrowed());
    sns.publish("t", "four", &[]);
    sns.0.advance_seconds(120);
    sns.publish("t", "m", &[]);
    sns.0.advance_seconds(60);
    for (metric, expected) in [
        ("NumberOfMessagesPublished", vec![3.0, 1.0]),
        ("PublishSize", vec![34.0, 1.0]),
        ("NumberOfNotificationsDelivered", vec![1.0]),
        ("NumberOfNotificationsFailed", vec![6.0, 2.0]),
        ("NumberOfNotificationsRedrivenToDlq", vec![3.0, 1.0]),
        ("NumberOfNotificationsFailedToRedriveToDlq", vec![3.0, 1.0]),
        ("NumberOfNotificationsFilteredOut", vec![2.0, 1.0]),
        ("NumberOfNotificationsFilteredOut-MessageAttributes", vec![1.0]),
        ("NumberOfNotificationsFilteredOut-NoMessageAttributes", vec![1.0, 1.0]),
        ("NumberOfNotificationsFilteredOut-MessageBody", vec![]),
    ] {
        assert_eq!(sums(&mut sns, metric), expected, "{metric}");
    }
}
