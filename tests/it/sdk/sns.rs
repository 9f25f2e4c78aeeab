//! `aws-sdk-sns`: awsQuery.

use aws_sdk_sns::Client;
use aws_sdk_sns::operation::publish::PublishError;

use super::{QUEUE_ARN, emulator, inbox, receive};

#[tokio::test(start_paused = true)]
async fn what_is_published_arrives_in_a_queue() {
    let emulator = emulator();
    let sns = Client::new(&emulator.sdk_config());
    let (sqs, url) = inbox(&emulator, "sns.amazonaws.com").await;
    let created = sns.create_topic().name("news").send().await.unwrap();
    let topic = created.topic_arn().unwrap();
    let subscribe = sns.subscribe().topic_arn(topic).protocol("sqs");
    let subscribe = subscribe.endpoint(QUEUE_ARN);
    subscribe.send().await.unwrap();
    let publish = sns.publish().topic_arn(topic).message("extra, extra");
    let published = publish.send().await.unwrap();
    let body: serde_json::Value =
        serde_json::from_str(&receive(&sqs, &url).await).expect("an envelope in JSON");
    assert_eq!(body["Message"], "extra, extra");
    assert_eq!(body["MessageId"], published.message_id().unwrap());
    assert_eq!(body["TopicArn"], topic);
}

#[tokio::test(start_paused = true)]
async fn a_missing_topic_is_a_typed_error() {
    let sns = Client::new(&emulator().sdk_config());
    let topic = "arn:aws:sns:us-east-1:000000000000:missing";
    let publish = sns.publish().topic_arn(topic).message("x").send().await;
    let error = publish.unwrap_err().into_service_error();
    let PublishError::NotFoundException(error) = error else {
        panic!("another error: {error:?}");
    };
    assert_eq!(error.message(), Some("Topic does not exist"));
}

#[tokio::test(start_paused = true)]
async fn what_people_get_can_be_read() {
    let emulator = emulator();
    let sns = Client::new(&emulator.sdk_config());
    let created = sns.create_topic().name("news").send().await.unwrap();
    let topic = created.topic_arn().unwrap();
    for (protocol, endpoint) in [("email", "a@b.example"), ("sms", "+15551234567")] {
        let subscribe = sns.subscribe().topic_arn(topic).protocol(protocol).endpoint(endpoint);
        subscribe.send().await.unwrap();
    }
    let asked = emulator.outbox().remove(0);
    let (_, token) = asked.body.split_once("&Token=").unwrap();
    let token = token.split_whitespace().next().unwrap();
    let confirmed = sns.confirm_subscription().topic_arn(topic).token(token).send().await.unwrap();
    assert!(confirmed.subscription_arn().unwrap().starts_with(topic));
    let publish = || sns.publish().topic_arn(topic).message("hello").send();
    let published = publish().await.unwrap();
    let got: Vec<_> = emulator.outbox().into_iter().skip(1).collect();
    assert_eq!(got.len(), 2);
    assert!(got.iter().all(|letter| letter.message_id.as_deref() == published.message_id()));
    assert!(!emulator.answer_text("+15550000000", "STOP"));
    assert!(emulator.answer_text("+15551234567", "STOP"));
    publish().await.unwrap();
    assert_eq!(emulator.outbox().len(), 4, "mail once more, and no text");
    let opted_out = sns.list_phone_numbers_opted_out().send().await.unwrap();
    assert_eq!(opted_out.phone_numbers(), ["+15551234567"]);
}
