//! Archives of FIFO topics, and replays of them.

use super::*;

const START: &str = "2026-01-01T00:00:00.000Z";

/// A FIFO topic with an archive of so many days, and a queue that the tests subscribe later.
fn with_archive(days: &str) -> Sns {
    let mut sns = Sns::new();
    sns.queue("q", &[("VisibilityTimeout", "43200")]);
    fifo_topic(&mut sns, "true");
    set(&mut sns, &json!({"MessageRetentionPeriod": days}).to_string());
    sns
}

fn set(sns: &mut Sns, policy: &str) {
    let topic = topic_arn("t.fifo");
    let form = [
        ("TopicArn", topic.as_str()),
        ("AttributeName", "ArchivePolicy"),
        ("AttributeValue", policy),
    ];
    sns.ok("SetTopicAttributes", &form);
}

fn publish(sns: &mut Sns, texts: impl IntoIterator<Item = String>) {
    for text in texts {
        sns.publish("t.fifo", &text, &[("MessageGroupId", "g")]);
    }
}

fn policy(from: &str, to: Option<&str>) -> String {
    let mut policy = json!({"PointType": "Timestamp", "StartingPoint": from});
    if let Some(to) = to {
        policy["EndingPoint"] = json!(to);
    }
    policy.to_string()
}

fn received(sns: &mut Sns) -> Vec<Value> {
    std::iter::from_fn(|| Some(sns.notifications("q")).filter(|it| !it.is_empty()))
        .flatten()
        .collect()
}

fn texts(notifications: &[Value]) -> Vec<&str> {
    notifications.iter().map(|it| it["Message"].as_str().unwrap()).collect()
}

#[test]
fn a_new_subscription_gets_what_was_published_before_it() {
    let mut sns = with_archive("30");
    publish(&mut sns, ["a".to_owned()]);
    sns.0.advance_seconds(10);
    publish(&mut sns, ["b".to_owned()]);
    let arn = sns.subscribe("t.fifo", "q", &[("ReplayPolicy", &policy(START, None))]);
    assert!(sns.subscription(&arn).contains("<key>ReplayStatus</key><value>Pending</value>"));
    // It comes after the others, although the replay has only begun.
    publish(&mut sns, ["c".to_owned()]);
    assert!(received(&mut sns).is_empty());
    sns.0.advance_seconds(1);
    let got = received(&mut sns);
    assert_eq!(texts(&got), ["a", "b", "c"]);
    assert!(got.iter().all(|it| it["Replayed"] == true));
    assert_eq!(
        (&got[0]["Timestamp"], &got[0]["SequenceNumber"]),
        (&json!(START), &json!("10000000000000000001"))
    );
    assert!(sns.subscription(&arn).contains("<key>ReplayStatus</key><value>Completed</value>"));
    publish(&mut sns, ["d".to_owned()]);
    let got = received(&mut sns);
    assert_eq!((texts(&got), got[0].get("Replayed")), (vec!["d"], None));
}

#[test]
fn a_replay_goes_in_steps_and_ends_where_it_should() {
    let mut sns = with_archive("1");
    publish(&mut sns, (0..250).map(|number| number.to_string()));
    sns.0.advance_seconds(60);
    publish(&mut sns, ["late".to_owned()]);
    let arn = sns.subscribe("t.fifo", "q", &[("RawMessageDelivery", "false")]);
    let end = "2026-01-01T00:00:30Z";
    let form = |value: &str| {
        [
            ("SubscriptionArn", arn.clone()),
            ("AttributeName", "ReplayPolicy".to_owned()),
            ("AttributeValue", value.to_owned()),
        ]
    };
    let set = |sns: &mut Sns, value: &str| {
        let form = form(value);
        sns.call("SetSubscriptionAttributes", &form.each_ref().map(|(n, v)| (*n, v.as_str()))).0
    };
    assert_eq!(set(&mut sns, &policy(START, Some(end))), 200);
    for (step, status) in [(100, "In progress"), (100, "In progress"), (50, "Completed")] {
        sns.0.advance_seconds(1);
        assert_eq!(received(&mut sns).len(), step);
        let shown = format!("<key>ReplayStatus</key><value>{status}</value>");
        assert!(sns.subscription(&arn).contains(&shown), "{status}");
    }
    publish(&mut sns, ["after the end".to_owned()]);
    sns.0.advance_seconds(60);
    assert!(received(&mut sns).is_empty());
    // Without a policy it gets what is published again.
    assert_eq!(set(&mut sns, ""), 200);
    publish(&mut sns, ["again".to_owned()]);
    assert_eq!(texts(&received(&mut sns)), ["again"]);
    for wrong in [
        policy("yesterday", None),
        policy("2025-12-31T00:00:00Z", None),
        policy("2026-01-02T00:00:00Z", None),
        policy(START, Some(START)),
        r#"{"PointType":"Sequence","StartingPoint":"1"}"#.to_owned(),
        "[".to_owned(),
    ] {
        assert_eq!(set(&mut sns, &wrong), 400, "{wrong}");
    }
    assert!(!sns.subscription(&arn).contains("ReplayPolicy"));
}

#[test]
fn an_archive_forgets_and_can_be_ended() {
    let mut sns = with_archive("1");
    publish(&mut sns, ["old".to_owned()]);
    sns.0.advance_seconds(86_401);
    publish(&mut sns, ["new".to_owned()]);
    let topic = topic_arn("t.fifo");
    let shown = sns.ok("GetTopicAttributes", &[("TopicArn", &topic)]);
    assert!(
        shown.contains("<key>BeginningArchiveTime</key><value>2026-01-01T00:00:01.000Z</value>")
    );
    sns.subscribe("t.fifo", "q", &[("ReplayPolicy", &policy("2026-01-01T00:00:01Z", None))]);
    sns.0.advance_seconds(1);
    assert_eq!(texts(&received(&mut sns)), ["new"]);
    let active = sns.refused("DeleteTopic", &[("TopicArn", &topic)]);
    assert_eq!((active.0, active.1.as_str()), (400, "InvalidState"));
    for wrong in ["0", "366", "x"] {
        let policy = json!({"MessageRetentionPeriod": wrong}).to_string();
        let form = [
            ("TopicArn", topic.as_str()),
            ("AttributeName", "ArchivePolicy"),
            ("AttributeValue", &policy),
        ];
        assert_eq!(sns.refused("SetTopicAttributes", &form).1, "InvalidParameter");
    }
    set(&mut sns, "{}");
    sns.0.restart();
    sns.ok("DeleteTopic", &[("TopicArn", &topic)]);
}
