//! Servers that are closures: SNS and EventBridge call them in virtual time.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_sns::Client;
use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};
use skyrig::{Emulator, SigningMode};

use super::{emulator, inbox};

const SHOP: &str = "http://shop.example/hooks";

fn status(status: u16) -> Response<Bytes> {
    Response::builder().status(status).body(Bytes::new()).unwrap()
}

/// What a server was asked: second of virtual time, type, message.
type Log = Arc<Mutex<Vec<(i64, String, String)>>>;

/// A topic with a server at [`SHOP`] that confirms, and then answers as it is told, in the end 200.
async fn subscribed(emulator: &Emulator, answers: &[u16]) -> (Client, String, Log) {
    let sns = Client::new(&emulator.sdk_config());
    let topic = sns.create_topic().name("t").send().await.unwrap().topic_arn.unwrap();
    let log = Log::default();
    let (kept, client, clock) = (Arc::clone(&log), sns.clone(), emulator.clone());
    let begun = emulator.now();
    let answers = Arc::new(Mutex::new(answers.to_vec()));
    let handler = move |request: Request<Bytes>| {
        let (kept, client, answers) = (Arc::clone(&kept), client.clone(), Arc::clone(&answers));
        let second = clock.now().seconds() - begun.seconds();
        async move {
            let body: Value = serde_json::from_slice(request.body()).unwrap();
            let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
            let kind = request.headers()["x-amz-sns-message-type"].to_str().unwrap().to_owned();
            kept.lock().unwrap().push((second, kind.clone(), text("Message")));
            if kind == "SubscriptionConfirmation" {
                let confirm = client.confirm_subscription().topic_arn(text("TopicArn"));
                confirm.token(text("Token")).send().await.unwrap();
                return status(200);
            }
            let mut answers = answers.lock().unwrap();
            if answers.is_empty() { status(200) } else { status(answers.remove(0)) }
        }
    };
    emulator.endpoint(SHOP, handler).unwrap();
    let subscribe = sns.subscribe().topic_arn(&topic).protocol("http").endpoint(SHOP);
    let dlq = json!({"deadLetterTargetArn": super::QUEUE_ARN}).to_string();
    subscribe.attributes("RedrivePolicy", dlq).send().await.unwrap();
    emulator.travel(Duration::ZERO).await;
    log.lock().unwrap().clear();
    (sns, topic, log)
}

async fn history(answers: &[u16]) -> Vec<(i64, String, String)> {
    let emulator = emulator();
    let (sns, topic, log) = subscribed(&emulator, answers).await;
    for message in ["one", "two"] {
        sns.publish().topic_arn(&topic).message(message).send().await.unwrap();
    }
    emulator.travel(Duration::from_secs(3600)).await;
    log.lock().unwrap().clone()
}

#[tokio::test(start_paused = true)]
async fn a_server_fails_and_recovers_in_virtual_time() {
    let told = history(&[503, 200, 429, 500]).await;
    let notified = |second: i64, text: &str| (second, "Notification".to_owned(), text.to_owned());
    // SNS's default for HTTP: three retries, twenty seconds between them.
    let expected = [(0, "one"), (0, "two"), (20, "one"), (40, "one"), (60, "one")];
    assert_eq!(told, expected.map(|(second, text)| notified(second, text)));
    assert_eq!(history(&[503, 200, 429, 500]).await, told, "another run is the same");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_gone_slow_or_broken_leads_to_the_dead_letter_queue() {
    let emulator = emulator();
    let (sqs, url) = inbox(&emulator, "sns.amazonaws.com").await;
    let (sns, topic, _) = subscribed(&emulator, &[]).await;
    let dead = async |what: &str| {
        let published = sns.publish().topic_arn(&topic).message(what).send().await.unwrap();
        emulator.travel(Duration::from_secs(3600)).await;
        let received = sqs.receive_message().queue_url(&url).send().await.unwrap();
        let [message] = received.messages() else { panic!("{what}: {received:?}") };
        let body: Value = serde_json::from_str(message.body().unwrap()).unwrap();
        assert_eq!(body["Message"], what);
        let delete = sqs.delete_message().queue_url(&url);
        delete.receipt_handle(message.receipt_handle().unwrap()).send().await.unwrap();
        format!("{:?}", emulator.trace(published.message_id().unwrap()).unwrap())
    };
    assert!(emulator.remove_endpoint(SHOP) && !emulator.remove_endpoint(SHOP));
    let story = dead("gone").await;
    assert!(story.contains(&format!("no Emulator::endpoint stands for {SHOP}")), "{story}");
    let slow = |_| std::future::pending();
    emulator.endpoint("http://shop.example", slow).unwrap();
    let story = dead("slow").await;
    assert!(story.contains("did not answer within 15 seconds"), "{story}");
    let broken = |_| async { std::panic::resume_unwind(Box::new("broken")) };
    emulator.endpoint("http://SHOP.example:80/hooks/", broken).unwrap();
    let story = dead("broken").await;
    assert!(story.contains("the handler panicked"), "{story}");
    emulator.endpoint("shop.example", slow).unwrap_err();
}

#[tokio::test(start_paused = true)]
async fn an_api_destination_gets_what_a_rule_matches() {
    let emulator = emulator();
    let events = aws_sdk_eventbridge::Client::new(&emulator.sdk_config());
    let asked = Arc::<Mutex<Vec<(String, Value)>>>::default();
    let kept = Arc::clone(&asked);
    let handler = move |request: Request<Bytes>| {
        let body = serde_json::from_slice(request.body()).unwrap();
        let key = request.headers()["x-key"].to_str().unwrap().to_owned();
        kept.lock().unwrap().push((format!("{} {} {key}", request.method(), request.uri()), body));
        async { status(200) }
    };
    emulator.endpoint("https://api.example", handler).unwrap();
    use aws_sdk_eventbridge::types::{
        ApiDestinationHttpMethod, ConnectionAuthorizationType,
        CreateConnectionApiKeyAuthRequestParameters, CreateConnectionAuthRequestParameters,
        PutEventsRequestEntry, Target,
    };
    let key = CreateConnectionApiKeyAuthRequestParameters::builder();
    let key = key.api_key_name("x-key").api_key_value("k").build().unwrap();
    let auth = CreateConnectionAuthRequestParameters::builder().api_key_auth_parameters(key);
    let connection = events.create_connection().name("c").auth_parameters(auth.build());
    let connection = connection.authorization_type(ConnectionAuthorizationType::ApiKey);
    let connection = connection.send().await.unwrap().connection_arn.unwrap();
    let destination = events.create_api_destination().name("d").connection_arn(connection);
    let destination = destination.invocation_endpoint("https://api.example/orders");
    let destination = destination.http_method(ApiDestinationHttpMethod::Post).send().await;
    let arn = destination.unwrap().api_destination_arn.unwrap();
    let pattern = json!({"source": ["shop"]}).to_string();
    events.put_rule().name("r").event_pattern(pattern).send().await.unwrap();
    let role = "arn:aws:iam::000000000000:role/r";
    let target = Target::builder().id("t").arn(arn).role_arn(role).build().unwrap();
    events.put_targets().rule("r").targets(target).send().await.unwrap();
    let entry = PutEventsRequestEntry::builder().source("shop").detail_type("d").detail("{}");
    events.put_events().entries(entry.build()).send().await.unwrap();
    emulator.travel(Duration::ZERO).await;
    let asked = asked.lock().unwrap();
    let [(line, event)] = &asked[..] else { panic!("{asked:?}") };
    assert_eq!(line, "POST https://api.example/orders k");
    assert_eq!((&event["source"], &event["detail"]), (&json!("shop"), &json!({})));
}

/// The certificate is found in process too, by the link in a message.
#[tokio::test(start_paused = true)]
async fn what_is_signed_only_if_asked_names_a_certificate() {
    for signing in [SigningMode::Off, SigningMode::On] {
        let emulator = Emulator::builder().signing(signing).build();
        let (sqs, url) = inbox(&emulator, "sns.amazonaws.com").await;
        let sns = Client::new(&emulator.sdk_config());
        let topic = sns.create_topic().name("t").send().await.unwrap().topic_arn.unwrap();
        let subscribe = sns.subscribe().topic_arn(&topic).protocol("sqs");
        subscribe.endpoint(super::QUEUE_ARN).send().await.unwrap();
        sns.publish().topic_arn(&topic).message("m").send().await.unwrap();
        let body: Value = serde_json::from_str(&super::receive(&sqs, &url).await).unwrap();
        let length = if signing == SigningMode::On { 172 } else { 0 };
        assert_eq!(body["Signature"].as_str().unwrap().len(), length);
        let pem = emulator.signing_certificate().unwrap();
        assert!(pem.starts_with("-----BEGIN CERTIFICATE-----"), "{pem}");
    }
}
