//! Message move tasks: dead-letter queues emptied into other queues.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::case::{Case, Steps};
use crate::client::Client;

pub(crate) const CASES: &[(&str, Steps)] = &[
    ("test_basic_move_task_workflow", to_another_queue),
    ("test_cancel_with_invalid_source_arn_in_task_handle", unknown_source),
    ("test_move_task_cancel", cancel),
    ("test_move_task_delete_destination_queue_while_running", destination_deleted),
    ("test_move_task_with_throughput_limit", throughput_limit),
    ("test_move_task_workflow_with_default_destination", back_to_source),
    (
        "test_move_task_workflow_with_multiple_sources_as_default_destination",
        back_to_several_sources,
    ),
    ("test_source_needs_redrive_policy", no_dead_letter_queue),
    ("test_start_multiple_move_tasks", second_task),
];

const START: &str = "StartMessageMoveTask";
const LIST: &str = "ListMessageMoveTasks";
/// Longer than any task here takes.
const PATIENCE_SECONDS: u64 = 60;

/// A queue whose messages go to `dlq` after one receive; returns its URL.
fn source(client: &mut Client, name: &str, dlq: &str) -> String {
    let redrive = json!({"deadLetterTargetArn": dlq, "maxReceiveCount": 1}).to_string();
    client.queue(name, &json!({"RedrivePolicy": redrive}))
}

/// Sends messages that end in the dead-letter queue.
fn fail(client: &mut Client, url: &str, messages: usize) {
    for index in 0..messages {
        client.send_message(url, &format!("message-{index}"));
        let receive = json!({"QueueUrl": url, "VisibilityTimeout": 0});
        client.ok("ReceiveMessage", &receive);
        let again = client.ok("ReceiveMessage", &receive);
        assert_eq!(again.get("Messages"), None, "it is in the dead-letter queue");
    }
}

/// A dead-letter queue with `messages` in it, and a queue to move them to: two ARNs.
fn dead_letters(client: &mut Client, messages: usize) -> (String, String) {
    let dlq = client.queue("dlq", &json!({}));
    let dlq = client.arn(&dlq);
    let url = source(client, "source", &dlq);
    fail(client, &url, messages);
    let destination = client.queue("destination", &json!({}));
    (dlq, client.arn(&destination))
}

/// Lets time pass until the newest task has moved `messages`; returns the list of tasks.
fn wait_for(client: &mut Client, dlq: &str, messages: u64) -> Value {
    for _ in 0..PATIENCE_SECONDS {
        let list = client.ok(LIST, &json!({"SourceArn": dlq}));
        if list["Results"][0]["ApproximateNumberOfMessagesMoved"] == messages {
            return list;
        }
        client.advance(1);
    }
    panic!("{messages} messages were not moved in {PATIENCE_SECONDS} seconds");
}

fn to_another_queue(case: &mut Case) {
    let (dlq, destination) = dead_letters(&mut case.client, 2);
    let start = json!({"SourceArn": dlq, "DestinationArn": destination});
    case.step("start-message-move-task-response", START, &start);
    let list = wait_for(&mut case.client, &dlq, 2);
    case.answered("list-message-move-task-response", &list);
}

/// Starts a task without a destination and waits for its end.
fn send_back(case: &mut Case, dlq: &str, messages: u64) {
    case.answered("source-arn", &dlq.into());
    case.step("start-message-move-task-response", START, &json!({"SourceArn": dlq}));
    let list = wait_for(&mut case.client, dlq, messages);
    case.answered("list-message-move-task-response", &list);
}

fn back_to_source(case: &mut Case) {
    let dlq = case.client.queue("dlq", &json!({}));
    let dlq = case.client.arn(&dlq);
    let url = source(&mut case.client, "source", &dlq);
    fail(&mut case.client, &url, 2);
    let arn = case.client.arn(&url);
    case.answered("original-source", &arn.into());
    send_back(case, &dlq, 2);
    let receive = json!({"QueueUrl": url, "MaxNumberOfMessages": 10});
    let received = case.client.ok("ReceiveMessage", &receive);
    assert_eq!(received["Messages"].as_array().map(Vec::len), Some(2));
}

fn back_to_several_sources(case: &mut Case) {
    let dlq = case.client.queue("dlq", &json!({}));
    let dlq = case.client.arn(&dlq);
    let urls = ["source-1", "source-2"].map(|name| source(&mut case.client, name, &dlq));
    for (number, url) in (1..).zip(&urls) {
        fail(&mut case.client, url, 2);
        let arn = case.client.arn(url);
        case.answered(&format!("original-source-{number}"), &arn.into());
    }
    send_back(case, &dlq, 4);
    for url in &urls {
        let receive = json!({"QueueUrl": url, "MaxNumberOfMessages": 10});
        let received = case.client.ok("ReceiveMessage", &receive);
        assert_eq!(received["Messages"].as_array().map(Vec::len), Some(2));
    }
}

/// A task over ten messages that moves one a second.
fn slow(dlq: &str, destination: &str) -> Value {
    json!({"SourceArn": dlq, "DestinationArn": destination, "MaxNumberOfMessagesPerSecond": 1})
}

fn cancel(case: &mut Case) {
    let (dlq, destination) = dead_letters(&mut case.client, 10);
    let started = case.client.ok(START, &slow(&dlq, &destination));
    let list = wait_for(&mut case.client, &dlq, 2);
    case.answered("list-while", &list);
    let handle = json!({"TaskHandle": started["TaskHandle"]});
    case.step("cancel", "CancelMessageMoveTask", &handle);
    case.client.advance(PATIENCE_SECONDS);
    let mut list = case.client.ok(LIST, &json!({"SourceArn": dlq}));
    // AWS took some seconds to stop; here a task that is cancelled moves nothing any more.
    let moved = &mut list["Results"][0]["ApproximateNumberOfMessagesMoved"];
    assert_eq!(*moved, 2);
    *moved = 8.into();
    case.answered("list-after", &list);
}

fn destination_deleted(case: &mut Case) {
    let (dlq, destination) = dead_letters(&mut case.client, 10);
    case.client.ok(START, &slow(&dlq, &destination));
    wait_for(&mut case.client, &dlq, 3);
    let found = case.client.ok("GetQueueUrl", &json!({"QueueName": "destination"}));
    case.client.ok("DeleteQueue", &json!({"QueueUrl": found["QueueUrl"]}));
    case.client.advance(PATIENCE_SECONDS);
    case.step("list", LIST, &json!({"SourceArn": dlq}));
}

fn throughput_limit(case: &mut Case) {
    let (dlq, destination) = dead_letters(&mut case.client, 10);
    let start = slow(&dlq, &destination);
    case.step("start-message-move-task-response", START, &start);
    wait_for(&mut case.client, &dlq, 10);
}

fn no_dead_letter_queue(case: &mut Case) {
    let arns = ["source", "destination"].map(|name| {
        let url = case.client.queue(name, &json!({}));
        case.client.arn(&url)
    });
    let start = json!({"SourceArn": arns[0], "DestinationArn": arns[1]});
    case.step("error", START, &start);
}

fn second_task(case: &mut Case) {
    let (dlq, destination) = dead_letters(&mut case.client, 10);
    let start = slow(&dlq, &destination);
    case.client.ok(START, &start);
    case.step("error", START, &start);
}

/// A handle is the task's id and its source in JSON, in base64. Source: the API reference's
/// examples.
fn unknown_source(case: &mut Case) {
    let task = json!({
        "taskId": "10f57157-fa38-4da9-8a7b-8a3b1b3d1e1c",
        "sourceArn": "arn:aws:sqs:us-east-1:111111111111:no-such-queue",
    });
    let handle = json!({"TaskHandle": STANDARD.encode(task.to_string())});
    case.step("error", "CancelMessageMoveTask", &handle);
}
