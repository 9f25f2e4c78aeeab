//! Move tasks in virtual time.

use std::time::Duration;

use serde_json::{Value, json};

use super::{bodies, counts, delete, receive};
use crate::cloud::testing::World;
use crate::kernel::What;

fn arn(queue: &str) -> String {
    format!("arn:aws:sqs:us-east-1:000000000000:{queue}")
}

/// Queues of which the later ones give up to the first after one receive.
fn world(dlq: &str, sources: &[&str]) -> World {
    let mut world = World::new();
    let fifo = |queue: &str, mut attributes: Value| {
        if queue.ends_with(".fifo") {
            attributes["FifoQueue"] = json!("true");
        }
        json!({"QueueName": queue, "Attributes": attributes})
    };
    world.ok("AmazonSQS.CreateQueue", fifo(dlq, json!({})));
    let policy = json!({"deadLetterTargetArn": arn(dlq), "maxReceiveCount": 1}).to_string();
    for source in sources {
        let attributes = json!({"RedrivePolicy": policy, "VisibilityTimeout": "0"});
        world.ok("AmazonSQS.CreateQueue", fifo(source, attributes));
    }
    world
}

/// Sends a message and receives it until it is given up.
fn give_up(world: &mut World, queue: &str, body: &str) {
    let mut request = json!({"QueueUrl": queue, "MessageBody": body});
    if queue.ends_with(".fifo") {
        request["MessageGroupId"] = json!(&body[..1]);
        request["MessageDeduplicationId"] = json!(body);
    }
    world.ok("AmazonSQS.SendMessage", request);
    assert_eq!(bodies(&receive(world, queue, 1)), [body]);
    assert!(receive(world, queue, 1).is_empty());
}

/// A dead-letter queue `dlq` of `q` with `count` messages, and a queue `to`.
fn ten(count: usize) -> World {
    let mut world = world("dlq", &["q"]);
    world.ok("AmazonSQS.CreateQueue", json!({"QueueName": "to"}));
    for number in 0..count {
        give_up(&mut world, "q", &format!("{number}"));
    }
    world
}

fn start(world: &mut World, source: &str, options: Value) -> String {
    let mut request = options;
    request["SourceArn"] = json!(arn(source));
    let answer = world.ok("AmazonSQS.StartMessageMoveTask", request);
    answer["TaskHandle"].as_str().unwrap().to_owned()
}

fn tasks(world: &mut World, source: &str, max: u32) -> Vec<Value> {
    let request = json!({"SourceArn": arn(source), "MaxResults": max});
    let answer = world.ok("AmazonSQS.ListMessageMoveTasks", request);
    answer["Results"].as_array().unwrap().clone()
}

fn last(world: &mut World, source: &str) -> Value {
    tasks(world, source, 1).remove(0)
}

fn advance_millis(world: &mut World, millis: u64) {
    world.advance(Duration::from_millis(millis));
}

/// As recorded on AWS on 2024-04-30 (`test_basic_move_task_workflow`).
#[test]
fn messages_move_to_the_destination() {
    let mut world = ten(2);
    world.advance_seconds(5);
    let started = world.now().millis();
    let sent = receive(&mut world, "dlq", 1).remove(0);
    let request = json!({
        "QueueUrl": "dlq", "ReceiptHandle": sent["ReceiptHandle"], "VisibilityTimeout": 0
    });
    world.ok("AmazonSQS.ChangeMessageVisibility", request);
    start(&mut world, "dlq", json!({"DestinationArn": arn("to")}));
    world.advance_seconds(1);
    let done = json!({
        "ApproximateNumberOfMessagesMoved": 2,
        "ApproximateNumberOfMessagesToMove": 2,
        "DestinationArn": arn("to"),
        "SourceArn": arn("dlq"),
        "StartedTimestamp": started,
        "Status": "COMPLETED",
    });
    assert_eq!(last(&mut world, "dlq"), done);
    assert_eq!(counts(&mut world, "dlq"), [0, 0, 0]);
    let moved = receive(&mut world, "to", 10);
    assert_eq!(bodies(&moved), ["0", "1"]);
    // It counts as a new message.
    assert_ne!(moved[0]["MessageId"], sent["MessageId"]);
    let attributes = &moved[0]["Attributes"];
    assert_eq!(attributes["ApproximateReceiveCount"], "1");
    assert_eq!(attributes["SentTimestamp"], (started + 2).to_string());
    assert_eq!(attributes["SenderId"], sent["Attributes"]["SenderId"]);
    assert_eq!(attributes.get("DeadLetterQueueSourceArn"), None);
}

/// As recorded (`test_move_task_workflow_with_multiple_sources_as_default_destination`).
#[test]
fn without_a_destination_each_message_goes_back_to_where_it_came_from() {
    let mut world = world("dlq", &["q1", "q2"]);
    for (queue, body) in [("q1", "a"), ("q2", "b"), ("q1", "c"), ("q2", "d")] {
        give_up(&mut world, queue, body);
    }
    let poll = json!({"QueueUrl": "q2", "WaitTimeSeconds": 20, "VisibilityTimeout": 30});
    let waiting = world.start("AmazonSQS.ReceiveMessage", poll).unwrap_err();
    start(&mut world, "dlq", json!({}));
    world.advance_seconds(1);
    let task = last(&mut world, "dlq");
    assert_eq!(task["Status"], "COMPLETED");
    assert_eq!(task["ApproximateNumberOfMessagesMoved"], 4);
    assert_eq!(task.get("DestinationArn"), None);
    assert_eq!(bodies(&receive(&mut world, "q1", 10)), ["a", "c"]);
    let woken = world.answer(waiting).unwrap().unwrap();
    assert_eq!(woken["Messages"][0]["Body"], "b");
    assert_eq!(bodies(&receive(&mut world, "q2", 10)), ["d"]);
}

#[test]
fn the_rate_is_kept_exactly() {
    let mut world = ten(25);
    let options = json!({"DestinationArn": arn("to"), "MaxNumberOfMessagesPerSecond": 10});
    let handle = start(&mut world, "dlq", options);
    let mut seen = Vec::new();
    for millis in [0, 99, 1, 900, 999, 1] {
        advance_millis(&mut world, millis);
        seen.push(counts(&mut world, "to")[0]);
    }
    assert_eq!(seen, [0, 0, 1, 10, 19, 20]);
    let running = last(&mut world, "dlq");
    assert_eq!(running["Status"], "RUNNING");
    assert_eq!(running["TaskHandle"], handle.as_str());
    assert_eq!(running["MaxNumberOfMessagesPerSecond"], 10);
    assert_eq!(running["ApproximateNumberOfMessagesMoved"], 20);
    assert_eq!(running["ApproximateNumberOfMessagesToMove"], 25);
    advance_millis(&mut world, 500);
    assert_eq!(last(&mut world, "dlq")["Status"], "COMPLETED");
    assert_eq!(counts(&mut world, "dlq"), [0, 0, 0]);
}

#[test]
fn a_task_goes_on_after_a_restart() {
    let mut world = ten(10);
    let options = json!({"MaxNumberOfMessagesPerSecond": 1});
    let handle = start(&mut world, "dlq", options);
    world.advance_seconds(3);
    world.restart();
    assert_eq!(last(&mut world, "dlq")["TaskHandle"], handle.as_str());
    world.advance_seconds(4);
    assert_eq!(counts(&mut world, "q")[0], 7);
    world.advance_seconds(3);
    assert_eq!(last(&mut world, "dlq")["Status"], "COMPLETED");
}

/// As recorded (`test_move_task_cancel`), with exact numbers.
#[test]
fn a_cancelled_task_stops_six_seconds_later() {
    let mut world = ten(10);
    let options = json!({"DestinationArn": arn("to"), "MaxNumberOfMessagesPerSecond": 1});
    let handle = start(&mut world, "dlq", options);
    world.advance_seconds(2);
    let cancel = json!({"TaskHandle": handle});
    let answer = world.ok("AmazonSQS.CancelMessageMoveTask", cancel.clone());
    assert_eq!(answer, json!({"ApproximateNumberOfMessagesMoved": 2}));
    let cancelling = last(&mut world, "dlq");
    assert_eq!(cancelling["Status"], "CANCELLING");
    assert_eq!(cancelling.get("TaskHandle"), None);
    world.advance_seconds(5);
    assert_eq!(last(&mut world, "dlq")["Status"], "CANCELLING");
    world.advance_seconds(1);
    let cancelled = last(&mut world, "dlq");
    assert_eq!(cancelled["Status"], "CANCELLED");
    assert_eq!(cancelled["ApproximateNumberOfMessagesMoved"], 8);
    assert_eq!(cancelled["ApproximateNumberOfMessagesToMove"], 10);
    assert_eq!(cancelled.get("TaskHandle"), None);
    assert_eq!(counts(&mut world, "dlq"), [2, 0, 0]);
    assert_eq!(counts(&mut world, "to"), [8, 0, 0]);
    let refused = world.err("AmazonSQS.CancelMessageMoveTask", cancel);
    assert_eq!(refused.message, "Only active tasks can be cancelled.");
    start(&mut world, "dlq", json!({}));
    world.advance_seconds(1);
    assert_eq!(counts(&mut world, "q"), [2, 0, 0]);
}

/// As recorded (`test_move_task_delete_destination_queue_while_running`).
#[test]
fn a_deleted_destination_takes_messages_for_some_seconds_and_then_the_task_fails() {
    let mut world = ten(10);
    let options = json!({"DestinationArn": arn("to"), "MaxNumberOfMessagesPerSecond": 1});
    start(&mut world, "dlq", options);
    world.ok("AmazonSQS.DeleteQueue", json!({"QueueUrl": "to"}));
    world.advance_seconds(3);
    assert_eq!(last(&mut world, "dlq")["Status"], "RUNNING");
    world.advance_seconds(1);
    let failed = last(&mut world, "dlq");
    assert_eq!(failed["Status"], "FAILED");
    assert_eq!(failed["FailureReason"], "AWS.SimpleQueueService.NonExistentQueue");
    assert_eq!(failed["ApproximateNumberOfMessagesMoved"], 3);
    assert_eq!(counts(&mut world, "dlq"), [7, 0, 0]);
}

#[test]
fn what_no_queue_gave_up_needs_a_destination() {
    let mut world = ten(0);
    let request = json!({"QueueUrl": "dlq", "MessageBody": "sent here"});
    world.ok("AmazonSQS.SendMessage", request);
    start(&mut world, "dlq", json!({}));
    world.advance_seconds(1);
    let failed = last(&mut world, "dlq");
    assert_eq!(failed["FailureReason"], "CouldNotDetermineMessageSource");
    assert_eq!(counts(&mut world, "dlq"), [1, 0, 0]);
    start(&mut world, "dlq", json!({"DestinationArn": arn("to")}));
    world.advance_seconds(1);
    assert_eq!(bodies(&receive(&mut world, "to", 1)), ["sent here"]);
}

#[test]
fn what_does_not_fit_stays() {
    let mut world = ten(0);
    let attributes = json!({"MaximumMessageSize": "1024"});
    let request = json!({"QueueUrl": "to", "Attributes": attributes});
    world.ok("AmazonSQS.SetQueueAttributes", request);
    let long = "a".repeat(1025);
    give_up(&mut world, "q", &long);
    start(&mut world, "dlq", json!({"DestinationArn": arn("to")}));
    world.advance_seconds(1);
    assert_eq!(last(&mut world, "dlq")["FailureReason"], "InvalidParameterValue");
    assert_eq!(counts(&mut world, "dlq"), [1, 0, 0]);
}

#[test]
fn messages_in_flight_move_when_they_are_visible_again() {
    let mut world = ten(2);
    let held = receive(&mut world, "dlq", 10);
    start(&mut world, "dlq", json!({"DestinationArn": arn("to")}));
    world.advance_seconds(29);
    assert_eq!(last(&mut world, "dlq")["Status"], "RUNNING");
    delete(&mut world, "dlq", &held[1]);
    world.advance_seconds(2);
    let done = last(&mut world, "dlq");
    assert_eq!(done["Status"], "COMPLETED");
    assert_eq!(done["ApproximateNumberOfMessagesMoved"], 1);
    assert_eq!(done["ApproximateNumberOfMessagesToMove"], 2);
    assert_eq!(bodies(&receive(&mut world, "to", 10)), ["0"]);
}

#[test]
fn a_task_gives_up_after_36_hours() {
    let mut world = ten(1);
    start(&mut world, "dlq", json!({"DestinationArn": arn("to")}));
    // A consumer that never lets go of the message.
    for _ in 0..4 {
        assert_eq!(last(&mut world, "dlq")["Status"], "RUNNING");
        let request = json!({"QueueUrl": "dlq", "VisibilityTimeout": 43_200});
        let answer = world.ok("AmazonSQS.ReceiveMessage", request);
        world.advance_seconds(43_199);
        let handle = &answer["Messages"][0]["ReceiptHandle"];
        let request = json!({"QueueUrl": "dlq", "ReceiptHandle": handle, "VisibilityTimeout": 0});
        world.ok("AmazonSQS.ChangeMessageVisibility", request);
    }
    assert_eq!(last(&mut world, "dlq")["Status"], "FAILED");
    assert_eq!(counts(&mut world, "dlq"), [1, 0, 0]);
}

#[test]
fn the_order_within_a_group_stays() {
    let mut world = world("dlq.fifo", &["q.fifo"]);
    for body in ["a1", "b1", "a2", "b2", "a3"] {
        give_up(&mut world, "q.fifo", body);
    }
    let buried = receive(&mut world, "dlq.fifo", 1).remove(0);
    assert_eq!(buried["Attributes"]["MessageDeduplicationId"], buried["MessageId"]);
    let request = json!({"QueueUrl": "q.fifo", "Attributes": {"VisibilityTimeout": "30"}});
    world.ok("AmazonSQS.SetQueueAttributes", request);
    start(&mut world, "dlq.fifo", json!({}));
    world.advance_seconds(1);
    // The group of the message in flight waits; the same ids are no duplicates.
    let b = receive(&mut world, "q.fifo", 10);
    assert_eq!(bodies(&b), ["b1", "b2"]);
    for message in &b {
        delete(&mut world, "q.fifo", message);
    }
    world.advance_seconds(30);
    assert_eq!(bodies(&receive(&mut world, "q.fifo", 10)), ["a1", "a2", "a3"]);
    assert_eq!(last(&mut world, "dlq.fifo")["Status"], "COMPLETED");
}

#[test]
fn what_was_sent_to_a_fifo_dead_letter_queue_moves_without_ids_of_its_own() {
    let mut world = world("dlq.fifo", &["q.fifo"]);
    let request = json!({"QueueName": "to.fifo", "Attributes": {"FifoQueue": "true"}});
    world.ok("AmazonSQS.CreateQueue", request);
    let attributes = json!({"ContentBasedDeduplication": "true"});
    let request = json!({"QueueUrl": "dlq.fifo", "Attributes": attributes});
    world.ok("AmazonSQS.SetQueueAttributes", request);
    let request = json!({"QueueUrl": "dlq.fifo", "MessageBody": "a", "MessageGroupId": "g"});
    world.ok("AmazonSQS.SendMessage", request);
    start(&mut world, "dlq.fifo", json!({"DestinationArn": arn("to.fifo")}));
    world.advance_seconds(1);
    let moved = receive(&mut world, "to.fifo", 10);
    assert_eq!(bodies(&moved), ["a"]);
    assert_eq!(moved[0]["Attributes"]["MessageGroupId"], "g");
}

#[test]
fn a_purged_source_ends_its_task() {
    let mut world = ten(5);
    start(&mut world, "dlq", json!({"MaxNumberOfMessagesPerSecond": 1}));
    world.advance_seconds(2);
    world.ok("AmazonSQS.PurgeQueue", json!({"QueueUrl": "dlq"}));
    world.advance_seconds(1);
    let done = last(&mut world, "dlq");
    assert_eq!(done["Status"], "COMPLETED");
    assert_eq!(done["ApproximateNumberOfMessagesMoved"], 2);
}

#[test]
fn the_lineage_shows_the_move() {
    let mut world = ten(1);
    start(&mut world, "dlq", json!({}));
    world.advance_seconds(1);
    let what: Vec<_> = world.cloud.lineage().entries().map(|entry| entry.what).collect();
    let story =
        [What::Enqueued, What::Received, What::DeadLettered, What::Redriven, What::Enqueued];
    assert_eq!(what, story);
    let moved = receive(&mut world, "q", 1).remove(0);
    let id = moved["MessageId"].as_str().unwrap().parse().unwrap();
    let trace = world.cloud.trace(id).unwrap();
    assert_eq!((trace.roots.len(), trace.roots[0].what), (1, What::Enqueued));
}

#[test]
fn the_ten_latest_tasks_of_a_source_are_listed() {
    let mut world = ten(0);
    assert_eq!(tasks(&mut world, "dlq", 10), [] as [Value; 0]);
    for rate in 1..=11 {
        start(&mut world, "dlq", json!({"MaxNumberOfMessagesPerSecond": rate}));
        world.advance_seconds(1);
    }
    let rates: Vec<u64> = tasks(&mut world, "dlq", 10)
        .iter()
        .map(|task| task["MaxNumberOfMessagesPerSecond"].as_u64().unwrap())
        .collect();
    assert_eq!(rates, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2]);
    let request = json!({"SourceArn": arn("dlq")});
    let answer = world.ok("AmazonSQS.ListMessageMoveTasks", request);
    assert_eq!(answer["Results"].as_array().unwrap().len(), 1);
}

#[test]
fn tasks_go_with_their_source() {
    let mut world = ten(1);
    start(&mut world, "dlq", json!({"MaxNumberOfMessagesPerSecond": 1}));
    world.ok("AmazonSQS.DeleteQueue", json!({"QueueUrl": "dlq"}));
    world.advance_seconds(60);
    world.ok("AmazonSQS.CreateQueue", json!({"QueueName": "dlq"}));
    assert_eq!(tasks(&mut world, "dlq", 1), [] as [Value; 0]);
}

#[test]
fn move_tasks_speak_query() {
    let mut world = ten(1);
    let (status, answer) = world.query(
        "sqs",
        "Action=StartMessageMoveTask&Version=2012-11-05\
         &SourceArn=arn%3Aaws%3Asqs%3Aus-east-1%3A000000000000%3Adlq\
         &MaxNumberOfMessagesPerSecond=1",
    );
    assert_eq!(status, 200, "{answer}");
    assert!(answer.contains("<StartMessageMoveTaskResult><TaskHandle>"), "{answer}");
    let (_, answer) = world.query(
        "sqs",
        "Action=ListMessageMoveTasks&Version=2012-11-05\
         &SourceArn=arn%3Aaws%3Asqs%3Aus-east-1%3A000000000000%3Adlq",
    );
    for part in [
        "<ListMessageMoveTasksResult><ListMessageMoveTasksResultEntry><TaskHandle>",
        "<Status>RUNNING</Status>",
        "<ApproximateNumberOfMessagesToMove>1</ApproximateNumberOfMessagesToMove>",
        "</ListMessageMoveTasksResultEntry></ListMessageMoveTasksResult>",
    ] {
        assert!(answer.contains(part), "{part} is not in {answer}");
    }
    let handle = last(&mut world, "dlq")["TaskHandle"].as_str().unwrap().replace('=', "%3D");
    let form = format!("Action=CancelMessageMoveTask&Version=2012-11-05&TaskHandle={handle}");
    let (status, answer) = world.query("sqs", &form);
    assert_eq!(status, 200, "{answer}");
    let moved = "<ApproximateNumberOfMessagesMoved>0</ApproximateNumberOfMessagesMoved>";
    assert!(answer.contains(moved), "{answer}");
}

/// One line a case: operation, request, shape, message.
#[test]
fn bad_tasks_get_the_errors_of_aws() {
    let mut world = ten(1);
    world.ok(
        "AmazonSQS.CreateQueue",
        json!({"QueueName": "to.fifo", "Attributes": {"FifoQueue": "true"}}),
    );
    let handle = |source: &str, task: &str| {
        use base64::Engine as _;
        let text = json!({"taskId": task, "sourceArn": source}).to_string();
        base64::engine::general_purpose::STANDARD.encode(text)
    };
    let no_source = "The resource that you specified for the SourceArn parameter doesn't exist.";
    let no_destination =
        "The resource that you specified for the DestinationArn parameter doesn't exist.";
    let busy = "There is already a task running. Only one active task is allowed for a source \
                queue arn at a given time.";
    let not_found = "ResourceNotFoundException";
    let value = "InvalidParameterValueException";
    let missing = "MissingRequiredParameterException";
    let begin = "StartMessageMoveTask";
    let cancel = "CancelMessageMoveTask";
    let list = "ListMessageMoveTasks";
    let dlq = arn("dlq");
    let cases = [
        (begin, json!({}), missing, "The request must contain the parameter SourceArn."),
        (begin, json!({"SourceArn": arn("none")}), not_found, no_source),
        (begin, json!({"SourceArn": "dlq"}), not_found, no_source),
        (
            begin,
            json!({"SourceArn": arn("to")}),
            value,
            "Source queue must be configured as a Dead Letter Queue.",
        ),
        (
            begin,
            json!({"SourceArn": dlq, "DestinationArn": arn("none")}),
            not_found,
            no_destination,
        ),
        (
            begin,
            json!({"SourceArn": dlq, "DestinationArn": dlq}),
            value,
            "Source queue and destination queue must be different.",
        ),
        (
            begin,
            json!({"SourceArn": dlq, "DestinationArn": arn("to.fifo")}),
            value,
            "Source queue and destination queue must be of the same type.",
        ),
        (
            begin,
            json!({"SourceArn": dlq, "MaxNumberOfMessagesPerSecond": 0}),
            value,
            "Value 0 for parameter MaxNumberOfMessagesPerSecond is invalid.",
        ),
        (
            begin,
            json!({"SourceArn": dlq, "MaxNumberOfMessagesPerSecond": 501}),
            value,
            "Value 501 for parameter MaxNumberOfMessagesPerSecond is invalid.",
        ),
        (begin, json!({"SourceArn": dlq}), "", ""),
        (begin, json!({"SourceArn": dlq}), value, busy),
        (list, json!({}), missing, "The request must contain the parameter SourceArn."),
        (list, json!({"SourceArn": arn("none")}), not_found, no_source),
        (list, json!({"SourceArn": dlq, "MaxResults": 0}), value, "Value 0 for parameter Max"),
        (list, json!({"SourceArn": dlq, "MaxResults": 11}), value, "Value 11 for parameter Max"),
        (cancel, json!({}), missing, "The request must contain the parameter TaskHandle."),
        (
            cancel,
            json!({"TaskHandle": "junk"}),
            value,
            "Value for parameter TaskHandle is invalid.",
        ),
        (cancel, json!({"TaskHandle": handle(&arn("none"), "1")}), not_found, no_source),
        (cancel, json!({"TaskHandle": handle(&dlq, "1")}), not_found, "Task does not exist."),
    ];
    for (operation, request, shape, message) in cases {
        let target = format!("AmazonSQS.{operation}");
        if shape.is_empty() {
            world.ok(&target, request);
            continue;
        }
        let refused = world.err(&target, request);
        assert_eq!(refused.shape, shape, "{operation}: {}", refused.message);
        assert!(refused.message.starts_with(message), "{operation}: {}", refused.message);
    }
}
