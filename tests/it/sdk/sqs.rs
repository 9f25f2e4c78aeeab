//! `aws-sdk-sqs`: awsJson 1.0.

use std::time::Duration;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::error::ProvideErrorMetadata as _;
use aws_sdk_sqs::operation::get_queue_url::GetQueueUrlError;

use super::emulator;

#[tokio::test(start_paused = true)]
async fn send_receive_delete() {
    let emulator = emulator();
    let sqs = Client::new(&emulator.sdk_config());
    let created = sqs.create_queue().queue_name("orders").send().await.unwrap();
    let url = created.queue_url().unwrap();
    let send = sqs.send_message().queue_url(url).message_body("hello");
    let sent = send.send().await.unwrap();
    let received = sqs.receive_message().queue_url(url).send().await.unwrap();
    let [message] = received.messages() else {
        panic!("one message is expected: {received:?}");
    };
    assert_eq!(message.body(), Some("hello"));
    assert_eq!(message.message_id(), sent.message_id());
    let story = emulator.trace(sent.message_id().unwrap()).unwrap();
    assert_eq!(emulator.trace("hello").unwrap().roots, story.roots);
    assert!(
        emulator.why("orders")[0].answer.contains("in flight"),
        "{}",
        emulator.why("orders")[0]
    );
    let delete = sqs.delete_message().queue_url(url);
    let delete = delete.receipt_handle(message.receipt_handle().unwrap());
    delete.send().await.unwrap();
    emulator.advance(Duration::from_secs(3600));
    let received = sqs.receive_message().queue_url(url).send().await.unwrap();
    assert!(received.messages().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_long_poll_waits_in_virtual_time() {
    let emulator = emulator();
    let sqs = Client::new(&emulator.sdk_config());
    let created = sqs.create_queue().queue_name("orders").send().await.unwrap();
    let url = created.queue_url().unwrap();
    let delayed = sqs.send_message().queue_url(url).message_body("later");
    delayed.delay_seconds(12).send().await.unwrap();
    let before = emulator.now();
    let poll = sqs.receive_message().queue_url(url).wait_time_seconds(20);
    let received = poll.send().await.unwrap();
    assert_eq!(received.messages().len(), 1);
    assert_eq!(emulator.now().since(before), Duration::from_secs(12));
}

#[tokio::test(start_paused = true)]
async fn a_missing_queue_is_a_typed_error() {
    let sqs = Client::new(&emulator().sdk_config());
    let missing = sqs.get_queue_url().queue_name("missing").send().await;
    let error = missing.unwrap_err().into_service_error();
    let GetQueueUrlError::QueueDoesNotExist(error) = error else {
        panic!("another error: {error:?}");
    };
    let message = "The specified queue does not exist.";
    assert_eq!(error.message(), Some(message));
    let code = "AWS.SimpleQueueService.NonExistentQueue";
    assert_eq!(error.code(), Some(code));
}
