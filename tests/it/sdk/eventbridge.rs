//! `aws-sdk-eventbridge`: awsJson 1.1.

use std::time::Duration;

use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::operation::describe_rule::DescribeRuleError;
use aws_sdk_eventbridge::primitives::DateTime;
use aws_sdk_eventbridge::types::{PutEventsRequestEntry, ReplayDestination, ReplayState, Target};

use super::{QUEUE_ARN, emulator, inbox, receive};

#[tokio::test(start_paused = true)]
async fn a_matching_event_arrives_in_a_queue() {
    let emulator = emulator();
    let events = Client::new(&emulator.sdk_config());
    let (sqs, url) = inbox(&emulator, "events.amazonaws.com").await;
    let rule = events.put_rule().name("placed");
    let rule = rule.event_pattern(r#"{"detail-type": ["OrderPlaced"]}"#);
    rule.send().await.unwrap();
    let target = Target::builder().id("inbox").arn(QUEUE_ARN).build();
    let put = events.put_targets().rule("placed");
    put.targets(target.unwrap()).send().await.unwrap();
    let entry = |kind: &str| {
        let entry = PutEventsRequestEntry::builder().source("shop");
        entry.detail_type(kind).detail(r#"{"order": 1}"#).build()
    };
    let put = events.put_events().entries(entry("OrderPaid"));
    let answer = put.entries(entry("OrderPlaced")).send().await.unwrap();
    assert_eq!(answer.failed_entry_count(), 0);
    let body: serde_json::Value =
        serde_json::from_str(&receive(&sqs, &url).await).expect("an event in JSON");
    assert_eq!(body["detail-type"], "OrderPlaced");
    assert_eq!(body["detail"]["order"], 1);
    assert_eq!(body["id"], answer.entries()[1].event_id().unwrap());
}

#[tokio::test(start_paused = true)]
async fn an_archived_event_is_replayed() {
    let emulator = emulator();
    let events = Client::new(&emulator.sdk_config());
    let bus = "arn:aws:events:us-east-1:000000000000:event-bus/default";
    let archive = events.create_archive().archive_name("all").event_source_arn(bus);
    let archive_arn = archive.send().await.unwrap().archive_arn.unwrap();
    let entry = PutEventsRequestEntry::builder().source("shop").detail_type("OrderPlaced");
    events.put_events().entries(entry.detail("{}").build()).send().await.unwrap();
    // A rule that comes after the event sees it in the replay only.
    let (sqs, url) = inbox(&emulator, "events.amazonaws.com").await;
    let rule = events.put_rule().name("again").event_pattern(r#"{"replay-name": ["again"]}"#);
    rule.send().await.unwrap();
    let target = Target::builder().id("inbox").arn(QUEUE_ARN).build();
    events.put_targets().rule("again").targets(target.unwrap()).send().await.unwrap();
    let shown = events.describe_archive().archive_name("all").send().await.unwrap();
    assert_eq!(shown.event_count(), 1);
    let (start, end) = (shown.creation_time().unwrap(), DateTime::from_secs(1 << 32));
    let destination = ReplayDestination::builder().arn(bus).build().unwrap();
    let replay = events.start_replay().replay_name("again").event_source_arn(archive_arn);
    let replay = replay.event_start_time(*start).event_end_time(end).destination(destination);
    assert_eq!(replay.send().await.unwrap().state(), Some(&ReplayState::Starting));
    emulator.advance(Duration::from_secs(2));
    let body: serde_json::Value = serde_json::from_str(&receive(&sqs, &url).await).unwrap();
    assert_eq!(body["replay-name"], "again");
    let shown = events.describe_replay().replay_name("again").send().await.unwrap();
    assert_eq!(shown.state(), Some(&ReplayState::Completed));
}

#[tokio::test(start_paused = true)]
async fn a_missing_rule_is_a_typed_error() {
    let events = Client::new(&emulator().sdk_config());
    let describe = events.describe_rule().name("missing").send().await;
    let error = describe.unwrap_err().into_service_error();
    let DescribeRuleError::ResourceNotFoundException(error) = error else {
        panic!("another error: {error:?}");
    };
    let message = "Rule missing does not exist on EventBus default.";
    assert_eq!(error.message(), Some(message));
}
