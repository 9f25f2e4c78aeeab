//! Receipt handles: old ones, another queue's, expired ones.

use super::*;
use crate::kernel::Settings;

fn change(world: &mut World, queue: &str, message: &Value, seconds: u32) {
    let request = json!({
        "QueueUrl": queue, "ReceiptHandle": message["ReceiptHandle"], "VisibilityTimeout": seconds
    });
    world.ok("AmazonSQS.ChangeMessageVisibility", request);
}

fn delete_error(world: &mut World, queue: &str, message: &Value) -> String {
    let request = json!({"QueueUrl": queue, "ReceiptHandle": message["ReceiptHandle"]});
    world.err("AmazonSQS.DeleteMessage", request).message
}

#[test]
fn only_the_newest_handle_of_a_standard_queue_deletes() {
    let mut world = world();
    send(&mut world, "m");
    let first = receive(&mut world, QUEUE, 1).remove(0);
    world.advance_seconds(30);
    let second = receive(&mut world, QUEUE, 1).remove(0);
    assert_ne!(first["ReceiptHandle"], second["ReceiptHandle"]);
    delete(&mut world, QUEUE, &first);
    assert_eq!(counts(&mut world, QUEUE), [0, 1, 0]);
    world.advance_seconds(30);
    delete(&mut world, QUEUE, &second);
    assert_eq!(counts(&mut world, QUEUE), [0, 0, 0]);
}

#[test]
fn a_fifo_queue_refuses_an_expired_handle() {
    let mut world = fifo_world();
    send_fifo(&mut world, "g", "m");
    let first = receive(&mut world, FIFO, 1).remove(0);
    world.advance_seconds(30);
    let message = delete_error(&mut world, FIFO, &first);
    assert!(message.ends_with("Reason: The receipt handle has expired."), "{message}");
    let second = receive(&mut world, FIFO, 1).remove(0);
    assert!(delete_error(&mut world, FIFO, &first).contains("has expired"));
    change(&mut world, FIFO, &second, 40);
    world.advance_seconds(35);
    delete(&mut world, FIFO, &second);
    delete(&mut world, FIFO, &second);
    assert_eq!(counts(&mut world, FIFO), [0, 0, 0]);
}

#[test]
fn a_batch_names_the_expired_handle_as_aws_does() {
    let mut world = fifo_world();
    send_fifo(&mut world, "g", "m");
    let message = receive(&mut world, FIFO, 1).remove(0);
    world.advance_seconds(30);
    let entry = json!({"Id": "1", "ReceiptHandle": message["ReceiptHandle"]});
    let request = json!({"QueueUrl": FIFO, "Entries": [entry]});
    let answer = world.ok("AmazonSQS.DeleteMessageBatch", request);
    let expected = json!([{
        "Id": "1", "SenderFault": true, "Code": "ReceiptHandleIsInvalid",
        "Message": "The receipt handle has expired"
    }]);
    assert_eq!(answer["Failed"], expected);
}

#[test]
fn visibility_changes_with_the_newest_handle_only() {
    let mut world = world();
    send(&mut world, "m");
    let first = receive(&mut world, QUEUE, 1).remove(0);
    world.advance_seconds(31);
    // The timeout has ended, and nobody else has received it.
    change(&mut world, QUEUE, &first, 60);
    assert_eq!(counts(&mut world, QUEUE), [0, 1, 0]);
    change(&mut world, QUEUE, &first, 0);
    let second = receive(&mut world, QUEUE, 1).remove(0);
    let request = json!({
        "QueueUrl": QUEUE, "ReceiptHandle": first["ReceiptHandle"], "VisibilityTimeout": 0
    });
    let error = world.err("AmazonSQS.ChangeMessageVisibility", request);
    assert!(
        error
            .message
            .ends_with("Message does not exist or is not available for visibility timeout change.")
    );
    change(&mut world, QUEUE, &second, 43_200);
    let request = json!({
        "QueueUrl": QUEUE, "ReceiptHandle": second["ReceiptHandle"], "VisibilityTimeout": 43_200
    });
    world.advance_seconds(1);
    let error = world.err("AmazonSQS.ChangeMessageVisibility", request);
    assert!(error.message.contains("Total VisibilityTimeout for the message is beyond the limit"));
}

#[test]
fn a_handle_of_another_queue_is_invalid() {
    let mut world = world();
    world.ok("AmazonSQS.CreateQueue", json!({"QueueName": "other"}));
    send(&mut world, "m");
    let message = receive(&mut world, QUEUE, 1).remove(0);
    for handle in [message["ReceiptHandle"].as_str().unwrap(), "", "nonsense", "c3FzMQ"] {
        let request =
            json!({"QueueUrl": "http://localhost/000000000000/other", "ReceiptHandle": handle});
        let error = world.err("AmazonSQS.DeleteMessage", request);
        assert_eq!(error.shape, "ReceiptHandleIsInvalid", "{handle}");
    }
}

#[test]
fn at_the_in_flight_limit_a_standard_queue_refuses_and_a_fifo_queue_gives_nothing() {
    const LIMIT: usize = 120_000;
    let mut world = world();
    for _ in 0..LIMIT / 10 {
        let entry = |id: u32| json!({"Id": id.to_string(), "MessageBody": "m"});
        let entries: Vec<_> = (0..10).map(entry).collect();
        world.ok("AmazonSQS.SendMessageBatch", json!({"QueueUrl": QUEUE, "Entries": entries}));
    }
    send(&mut world, "one too many");
    while counts(&mut world, QUEUE)[1] < LIMIT as u64 {
        assert_eq!(receive(&mut world, QUEUE, 10).len(), 10);
    }
    let error = world.err("AmazonSQS.ReceiveMessage", json!({"QueueUrl": QUEUE}));
    assert_eq!(error.shape, "OverLimit");
    let waits = json!({"QueueUrl": QUEUE, "WaitTimeSeconds": 20});
    let call = world.start("AmazonSQS.ReceiveMessage", waits).unwrap_err();
    send(&mut world, "wakes nobody");
    assert!(world.answer(call).is_none());
}

#[test]
fn after_a_restart_nobody_who_waited_before_swallows_a_message() {
    let mut world = World::new();
    world.ok("AmazonSQS.CreateQueue", json!({"QueueName": "q"}));
    let poll = json!({"QueueUrl": "q", "WaitTimeSeconds": 20});
    let waiting = world.start("AmazonSQS.ReceiveMessage", poll.clone()).unwrap_err();
    world.restart();
    world.ok("AmazonSQS.SendMessage", json!({"QueueUrl": "q", "MessageBody": "next"}));
    assert_eq!(world.answer(waiting), None);
    let received = world.ok("AmazonSQS.ReceiveMessage", poll);
    assert_eq!(received["Messages"][0]["Body"], "next");
}

/// The ids of a state after a reset are those of before: its handles must not be.
#[test]
fn handles_of_before_a_reset_and_forged_ones_do_nothing() {
    let mut before = world();
    send(&mut before, "m");
    let old = receive(&mut before, QUEUE, 1).remove(0);
    let mut world = World::with(Settings { resets: 1, ..Settings::default() });
    world.ok("AmazonSQS.CreateQueue", json!({"QueueName": "q"}));
    for body in ["a", "b"] {
        send(&mut world, body);
    }
    let own = receive(&mut world, QUEUE, 1).remove(0);
    assert_eq!(own["MessageId"], old["MessageId"]);
    let mut forged = vec![old["ReceiptHandle"].as_str().unwrap().to_owned()];
    let handle = own["ReceiptHandle"].as_str().unwrap();
    // Another message, another receive, another digest.
    for (place, digit) in [(26, "C"), (31, "B"), (10, "A"), (10, "B")] {
        let mut text = handle.to_owned();
        text.replace_range(place..=place, digit);
        forged.push(text);
    }
    for handle in forged.iter().filter(|forged| *forged != handle) {
        let request = json!({"QueueUrl": QUEUE, "ReceiptHandle": handle});
        let refused = world.err("AmazonSQS.DeleteMessage", request.clone());
        assert_eq!(refused.shape, "ReceiptHandleIsInvalid", "{handle}");
        let mut change = request;
        change["VisibilityTimeout"] = 0.into();
        let refused = world.err("AmazonSQS.ChangeMessageVisibility", change);
        assert_eq!(refused.shape, "ReceiptHandleIsInvalid", "{handle}");
    }
    assert_eq!(counts(&mut world, QUEUE), [1, 1, 0]);
    delete(&mut world, QUEUE, &own);
}
