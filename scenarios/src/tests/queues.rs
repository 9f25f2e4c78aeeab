//! How the system's queues are set, and how they are read.

use super::consumer::seen;
use super::shop::{Shop, wait};
use aws_sdk_cloudwatch::types::{Dimension, Statistic};
use aws_sdk_sqs::types::QueueAttributeName as Name;
use aws_smithy_types::DateTime;
use orderflow::ports::Clock;
use orderflow::{Role, infra};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const DAY: u64 = 86_400;

async fn attributes(shop: &Shop, name: &str) -> BTreeMap<String, String> {
    let queue = shop.queue(name).await;
    let asked = shop.aws.sqs().get_queue_attributes().queue_url(queue.url());
    let answer = asked.attribute_names(Name::All).send().await.expect("attributes");
    let all = answer.attributes.unwrap_or_default().into_iter();
    all.map(|(name, value)| (name.as_str().to_owned(), value)).collect()
}

#[tokio::test(start_paused = true)]
async fn every_queue_has_its_settings_also_when_somebody_changed_them() {
    let shop = Shop::new().await;
    let orders = shop.queue("shop-orders").await;
    let meddle = shop.aws.sqs().set_queue_attributes().queue_url(orders.url());
    let meddle = meddle.attributes(Name::VisibilityTimeout, "1");
    meddle.attributes(Name::MessageRetentionPeriod, "60").send().await.expect("it is set");
    infra::apply(&shop.aws, &shop.config).await.expect("applied again");
    for role in Role::consumers() {
        let (name, letters) = (shop.names.queue(role), shop.names.dead_letter_queue(role));
        let found = attributes(&shop, &name).await;
        let days = if [Role::Orders, Role::Bridge].contains(&role) { 14 } else { 4 };
        for (attribute, seconds) in [
            ("VisibilityTimeout", 30),
            ("ReceiveMessageWaitTimeSeconds", 20),
            ("MessageRetentionPeriod", days * DAY),
        ] {
            assert_eq!(found[attribute], seconds.to_string(), "{name}: {attribute}");
        }
        let dead = attributes(&shop, &letters).await;
        assert_eq!(dead["MessageRetentionPeriod"], (14 * DAY).to_string(), "{letters}");
        let redrive: Value = serde_json::from_str(&found["RedrivePolicy"]).expect("JSON");
        let expected = json!({ "deadLetterTargetArn": dead["QueueArn"], "maxReceiveCount": 100 });
        assert_eq!(redrive, expected, "{name}");
    }
}

/// Receives of a queue that came back with nothing, by SQS's own metric.
async fn empty_receives(shop: &Shop, queue: &str) -> f64 {
    let now = shop.clock.now().as_millis();
    let asked = shop.aws.cloudwatch().get_metric_statistics();
    let answer = asked
        .namespace("AWS/SQS")
        .metric_name("NumberOfEmptyReceives")
        .dimensions(Dimension::builder().name("QueueName").value(queue).build())
        .start_time(DateTime::from_millis(now - 7_200_000))
        .end_time(DateTime::from_millis(now + 60_000))
        .period(60)
        .statistics(Statistic::Sum)
        .send()
        .await
        .expect("an answer");
    answer.datapoints().iter().filter_map(|point| point.sum).sum()
}

#[tokio::test(start_paused = true)]
async fn an_idle_consumer_asks_three_times_a_minute_and_has_a_message_at_once() {
    let shop = Shop::new().await;
    let running = shop.start(&[Role::Audit]).await;
    wait(3600).await;
    let asked = empty_receives(&shop, "shop-audit").await;
    assert!((170.0..=181.0).contains(&asked), "{asked} receives in an hour");
    let queue = shop.queue("shop-audit").await;
    // In the middle of a long poll.
    wait(7).await;
    queue.send("nonsense", std::time::Duration::ZERO).await.expect("it is sent");
    wait(1).await;
    let letters = shop.queue("shop-audit-dlq").await;
    assert_eq!((shop.visible(&queue).await, shop.visible(&letters).await), (0, 1));
    running.stop().await;
}

/// What a consumer of the audit queue does, call by call.
#[derive(Debug)]
enum Call {
    /// How many were asked for and for how long, and the messages: receipt handle and event.
    Receive {
        most: u64,
        wait: u64,
        came: Vec<(String, String)>,
    },
    /// Whatever is written to the table.
    Write(String),
    Delete(Vec<String>),
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_batch_of_ten_is_asked_for_and_deleted_only_when_it_is_written_down() {
    let calls = seen(("", "", ""), |it, request| {
        let about_queue = text(&request["QueueUrl"]).ends_with("-audit");
        let operation = it.target.rsplit('.').next().unwrap_or_default();
        match operation {
            "ReceiveMessage" if about_queue => {
                let reply: Value = serde_json::from_slice(it.reply).unwrap_or_default();
                let came = reply["Messages"].as_array().into_iter().flatten().map(|message| {
                    let body: Value = serde_json::from_str(&text(&message["Body"])).expect("JSON");
                    (text(&message["ReceiptHandle"]), text(&body["detail"]["event_id"]))
                });
                let number = |name: &str| request[name].as_u64().unwrap_or_default();
                let (most, wait) = (number("MaxNumberOfMessages"), number("WaitTimeSeconds"));
                Some(Call::Receive { most, wait, came: came.collect() })
            }
            "DeleteMessageBatch" if about_queue && it.status == 200 => {
                let entries = request["Entries"].as_array().into_iter().flatten();
                Some(Call::Delete(entries.map(|entry| text(&entry["ReceiptHandle"])).collect()))
            }
            "BatchExecuteStatement" if it.status == 200 => {
                let request = request.to_string();
                request.contains("-audit\\\"").then_some(Call::Write(request))
            }
            _ => None,
        }
    });
    let (mut events, mut written) = (BTreeMap::new(), String::new());
    let (mut deleted, mut largest) = (BTreeSet::new(), 0);
    for call in &calls {
        match call {
            Call::Receive { most, wait, came } => {
                assert_eq!((*most, *wait), (10, 20));
                largest = largest.max(came.len());
                events.extend(came.iter().cloned());
            }
            Call::Write(request) => written.push_str(request),
            Call::Delete(handles) => {
                for handle in handles {
                    let event = &events[handle];
                    assert!(written.contains(event.as_str()), "{event} is deleted too early");
                    deleted.insert(event.clone());
                }
            }
        }
    }
    let all: BTreeSet<_> = events.into_values().collect();
    assert!(all.len() > 50 && all == deleted, "{} events, {} deleted", all.len(), deleted.len());
    assert!(largest > 1, "never more than {largest} at once");
}
