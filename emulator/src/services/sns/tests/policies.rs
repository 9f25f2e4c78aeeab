//! A topic's policy: what is added to it and taken out, and whom it lets in.

use super::*;

const OTHER: &str = "222222222222";

fn policy(sns: &mut Sns) -> Value {
    let xml = sns.ok("GetTopicAttributes", &[("TopicArn", &topic_arn("t"))]);
    let (_, rest) = xml.split_once("<key>Policy</key>").unwrap();
    serde_json::from_str(&element(rest, "value")).unwrap()
}

fn grant(label: &str, action: &str) -> Vec<(&'static str, String)> {
    vec![
        ("TopicArn", topic_arn("t")),
        ("Label", label.to_owned()),
        ("AWSAccountId.member.1", OTHER.to_owned()),
        ("ActionName.member.1", action.to_owned()),
    ]
}

fn borrowed<'f>(form: &'f [(&'static str, String)]) -> Vec<(&'f str, &'f str)> {
    form.iter().map(|(name, value)| (*name, value.as_str())).collect()
}

/// Recorded on 2025-12-11.
#[test]
fn permissions_are_statements() {
    let mut sns = Sns::new();
    sns.ok("CreateTopic", &[("Name", "t")]);
    let form = grant("mine", "Publish");
    sns.ok("AddPermission", &borrowed(&form));
    let statements = policy(&mut sns)["Statement"].clone();
    assert_eq!(statements.as_array().unwrap().len(), 2);
    assert_eq!(
        statements[1],
        json!({
            "Sid": "mine", "Effect": "Allow",
            "Principal": {"AWS": format!("arn:aws:iam::{OTHER}:root")},
            "Action": "SNS:Publish", "Resource": topic_arn("t"),
        })
    );
    assert_eq!(sns.refused("AddPermission", &borrowed(&form)).1, "InvalidParameter");
    for form in [grant("a b", "Publish"), grant("x", "Fly"), grant("", "Publish")] {
        assert_eq!(sns.refused("AddPermission", &borrowed(&form)).1, "InvalidParameter");
    }
    let topic = topic_arn("t");
    sns.ok("RemovePermission", &[("TopicArn", &topic), ("Label", "mine")]);
    sns.ok("RemovePermission", &[("TopicArn", &topic), ("Label", "mine")]);
    assert_eq!(policy(&mut sns)["Statement"].as_array().unwrap().len(), 1);
}

#[test]
fn another_account_publishes_if_a_statement_lets_it() {
    let (mut sns, _) = Sns::with_subscription(&[("RawMessageDelivery", "true")]);
    let form = format!("Action=Publish&Message=m&TopicArn={}", encode(&topic_arn("t")));
    let (status, xml) = sns.signed(OTHER, "us-east-1", &form);
    assert_eq!((status, element(&xml, "Code").as_str()), (403, "AuthorizationError"));
    let message = element(&xml, "Message");
    for part in ["user/skyrig is not authorized to perform: SNS:Publish", &topic_arn("t")] {
        assert!(message.contains(part), "{message}");
    }
    sns.ok("AddPermission", &borrowed(&grant("mine", "Publish")));
    assert_eq!(sns.signed(OTHER, "us-east-1", &form).0, 200);
    assert_eq!(sns.receive("q")[0]["Body"], "m");
    let delete = format!("Action=DeleteTopic&TopicArn={}", encode(&topic_arn("t")));
    assert_eq!(sns.signed(OTHER, "us-east-1", &delete).0, 403);
    // A statement that denies counts for the owner too.
    let deny = json!({"Statement": {
        "Effect": "Deny", "Principal": "*", "Action": "SNS:Publish", "Resource": topic_arn("t"),
    }});
    let set = [
        ("TopicArn", topic_arn("t")),
        ("AttributeName", "Policy".to_owned()),
        ("AttributeValue", deny.to_string()),
    ];
    sns.ok("SetTopicAttributes", &borrowed(&set));
    assert_eq!(sns.signed(ACCOUNT, "us-east-1", &form).0, 403);
}

#[test]
fn the_queue_of_another_account_is_asked() {
    let mut sns = Sns::new();
    sns.ok("CreateTopic", &[("Name", "t")]);
    let allow = json!({"Statement": {
        "Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": "*",
    }});
    let queue = json!({"QueueName": "q", "Attributes": {"Policy": allow.to_string()}});
    sns.0.call_as(OTHER, "AmazonSQS.CreateQueue", queue).unwrap();
    let topic = topic_arn("t");
    let queue = format!("arn:aws:sqs:us-east-1:{OTHER}:q");
    let form = [("TopicArn", topic.as_str()), ("Protocol", "sqs"), ("Endpoint", queue.as_str())];
    let xml = sns.ok("Subscribe", &form);
    assert_eq!(element(&xml, "SubscriptionArn"), "pending confirmation");
    let receive = json!({"QueueUrl": "q", "MaxNumberOfMessages": 10});
    let got = sns.0.call_as(OTHER, "AmazonSQS.ReceiveMessage", receive.clone()).unwrap();
    let asked: Value = serde_json::from_str(got["Messages"][0]["Body"].as_str().unwrap()).unwrap();
    assert_eq!(asked["Type"], "SubscriptionConfirmation");
    sns.publish("t", "early", &[]);
    assert_eq!(sns.get(asked["SubscribeURL"].as_str().unwrap()).0, 200);
    sns.publish("t", "m", &[]);
    let got = sns.0.call_as(OTHER, "AmazonSQS.ReceiveMessage", receive).unwrap();
    let messages = got["Messages"].as_array().unwrap();
    assert_eq!(messages.len(), 1);
    assert!(messages[0]["Body"].as_str().unwrap().contains("\"Message\":\"m\""));
}

#[test]
fn data_protection_policies_are_kept() {
    let mut sns = Sns::new();
    let text = r#"{"Name":"p","Statement":[]}"#;
    sns.ok("CreateTopic", &[("Name", "t"), ("DataProtectionPolicy", text)]);
    let topic = topic_arn("t");
    let get = [("ResourceArn", topic.as_str())];
    assert_eq!(element(&sns.ok("GetDataProtectionPolicy", &get), "DataProtectionPolicy"), text);
    let put = |text| [("ResourceArn", topic_arn("t")), ("DataProtectionPolicy", text)];
    assert_eq!(sns.refused("PutDataProtectionPolicy", &borrowed(&put("{".to_owned()))).0, 400);
    sns.ok("PutDataProtectionPolicy", &borrowed(&put(String::new())));
    assert!(!sns.ok("GetDataProtectionPolicy", &get).contains("<DataProtectionPolicy>"));
}

#[test]
fn a_policy_speaks_of_topics_only() {
    let mut sns = Sns::new();
    sns.ok("CreateTopic", &[("Name", "t")]);
    let topic = topic_arn("t");
    let set = |action: &str| {
        let statement = json!({
            "Effect": "Allow", "Principal": "*", "Action": ["SNS:Publish", action],
            "Resource": topic,
        });
        let policy = json!({"Version": "2012-10-17", "Statement": [statement]});
        policy.to_string()
    };
    let form = |value: String| {
        [("TopicArn", topic.clone()), ("AttributeName", "Policy".into()), ("AttributeValue", value)]
    };
    for action in ["sns:CreateTopic", "SNS:Fly", "sqs:SendMessage", "sqs:*"] {
        let told = "Invalid parameter: Policy statement action out of service scope!";
        sns.invalid("SetTopicAttributes", &borrowed(&form(set(action))), told);
    }
    for action in ["SNS:Receive", "sns:publish", "SNS:*", "sns:Get*"] {
        sns.ok("SetTopicAttributes", &borrowed(&form(set(action))));
    }
    sns.ok("AddPermission", &borrowed(&grant("r", "Receive")));
}

#[test]
fn a_subscription_is_its_owners_and_the_topics() {
    const THIRD: &str = "333333333333";
    let (mut sns, arn) = Sns::with_subscription(&[]);
    let arn = encode(&arn);
    let get = format!("Action=GetSubscriptionAttributes&SubscriptionArn={arn}");
    let set = format!(
        "Action=SetSubscriptionAttributes&SubscriptionArn={arn}&AttributeName=RawMessageDelivery\
         &AttributeValue=true"
    );
    let end = format!("Action=Unsubscribe&SubscriptionArn={arn}");
    for form in [&get, &set, &end] {
        let (status, xml) = sns.signed(THIRD, "us-east-1", form);
        assert_eq!((status, element(&xml, "Code").as_str()), (403, "AuthorizationError"), "{form}");
    }
    for form in [&get, &set, &end] {
        assert_eq!(sns.signed(ACCOUNT, "us-east-1", form).0, 200, "{form}");
    }
}
