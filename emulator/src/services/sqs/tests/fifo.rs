//! FIFO queues: attempts, delays, groups.

use super::*;

fn attempt(world: &mut World, id: &str, seconds: u32) -> Vec<Value> {
    let request = json!({
        "QueueUrl": FIFO, "MaxNumberOfMessages": 10, "VisibilityTimeout": seconds,
        "ReceiveRequestAttemptId": id
    });
    let answer = world.ok("AmazonSQS.ReceiveMessage", request);
    answer["Messages"].as_array().cloned().unwrap_or_default()
}

#[test]
fn an_attempt_that_is_repeated_gets_the_same_messages_and_hides_them_anew() {
    let mut world = fifo_world();
    for body in ["a", "b"] {
        send_fifo(&mut world, "g", body);
    }
    let first = attempt(&mut world, "try", 30);
    assert_eq!(bodies(&first), ["a", "b"]);
    world.advance_seconds(20);
    assert_eq!(attempt(&mut world, "try", 30), first);
    assert!(attempt(&mut world, "another", 30).is_empty());
    world.advance_seconds(20);
    assert_eq!(counts(&mut world, FIFO), [0, 2, 0]);
    // A changed message ends the attempt: what is left is received anew.
    delete(&mut world, FIFO, &first[0]);
    assert!(attempt(&mut world, "try", 30).is_empty());
    world.advance_seconds(30);
    let later = attempt(&mut world, "try", 30);
    assert_eq!(bodies(&later), ["b"]);
    assert_ne!(later[0]["ReceiptHandle"], first[1]["ReceiptHandle"]);
}

#[test]
fn an_attempt_is_forgotten_after_five_minutes() {
    let mut world = fifo_world();
    send_fifo(&mut world, "g", "a");
    assert_eq!(attempt(&mut world, "try", 3600).len(), 1);
    world.advance_seconds(299);
    assert_eq!(attempt(&mut world, "try", 3600).len(), 1);
    world.advance_seconds(1);
    assert!(attempt(&mut world, "try", 3600).is_empty());
}

#[test]
fn attempt_ids_are_checked() {
    let mut world = fifo_world();
    for id in ["", "with space", &"x".repeat(129)] {
        let request = json!({"QueueUrl": FIFO, "ReceiveRequestAttemptId": id});
        let error = world.err("AmazonSQS.ReceiveMessage", request);
        assert_eq!(error.shape, "InvalidParameterValueException", "{id}");
    }
    world.ok("AmazonSQS.CreateQueue", json!({"QueueName": "q"}));
    let request = json!({"QueueUrl": QUEUE, "ReceiveRequestAttemptId": "x"});
    assert_eq!(
        world.err("AmazonSQS.ReceiveMessage", request).message,
        "Value x for parameter ReceiveRequestAttemptId is invalid. Reason: The request include \
         parameter that is not valid for this queue type."
    );
}

#[test]
fn a_new_delay_counts_for_the_messages_of_a_fifo_queue_already_there() {
    let mut world = fifo_world();
    let set_delay = |world: &mut World, queue: &str, seconds: &str| {
        let request = json!({"QueueUrl": queue, "Attributes": {"DelaySeconds": seconds}});
        world.ok("AmazonSQS.SetQueueAttributes", request);
    };
    send_fifo(&mut world, "g", "a");
    set_delay(&mut world, FIFO, "60");
    send_fifo(&mut world, "g", "b");
    assert_eq!(counts(&mut world, FIFO), [0, 0, 2]);
    assert!(receive(&mut world, FIFO, 10).is_empty());
    set_delay(&mut world, FIFO, "10");
    world.advance_seconds(10);
    assert_eq!(bodies(&receive(&mut world, FIFO, 10)), ["a", "b"]);

    world.ok("AmazonSQS.CreateQueue", json!({"QueueName": "q"}));
    send(&mut world, "a");
    set_delay(&mut world, QUEUE, "60");
    assert_eq!(counts(&mut world, QUEUE), [1, 0, 0]);
}

#[test]
fn order_is_kept_across_partial_deletes_and_timeouts() {
    let mut world = fifo_world();
    for body in ["a1", "a2", "a3"] {
        send_fifo(&mut world, "a", body);
    }
    for body in ["b1", "b2"] {
        send_fifo(&mut world, "b", body);
    }
    let first = receive(&mut world, FIFO, 2);
    assert_eq!(bodies(&first), ["a1", "a2"]);
    // The second one is done, the first one is not: it must come again before a3.
    delete(&mut world, FIFO, &first[1]);
    assert_eq!(bodies(&receive(&mut world, FIFO, 10)), ["b1", "b2"]);
    world.advance_seconds(30);
    assert_eq!(bodies(&receive(&mut world, FIFO, 10)), ["a1", "a3", "b1", "b2"]);
}

fn hide(world: &mut World, message: &Value, seconds: u32) {
    let request = json!({
        "QueueUrl": FIFO, "ReceiptHandle": message["ReceiptHandle"], "VisibilityTimeout": seconds
    });
    world.ok("AmazonSQS.ChangeMessageVisibility", request);
}

/// a, b and c of one group and d of another, the first three received.
fn three_in_flight() -> (World, Vec<Value>) {
    let mut world = fifo_world();
    for body in ["a", "b", "c"] {
        send_fifo(&mut world, "g", body);
    }
    let received = receive(&mut world, FIFO, 10);
    assert_eq!(bodies(&received), ["a", "b", "c"]);
    (world, received)
}

#[test]
fn a_group_waits_behind_its_first_invisible_message_only() {
    let (mut world, received) = three_in_flight();
    send_fifo(&mut world, "g", "later");
    hide(&mut world, &received[0], 0);
    hide(&mut world, &received[2], 0);
    // b is hidden: a comes, c and what was sent since wait.
    assert_eq!(bodies(&receive(&mut world, FIFO, 10)), ["a"]);
    hide(&mut world, &received[1], 0);
    // Now a is hidden, and all wait.
    assert!(receive(&mut world, FIFO, 10).is_empty());
    world.advance_seconds(30);
    assert_eq!(bodies(&receive(&mut world, FIFO, 10)), ["a", "b", "c", "later"]);
}

#[test]
fn one_handed_back_in_the_middle_comes_once_those_before_it_were_deleted() {
    let (mut world, received) = three_in_flight();
    hide(&mut world, &received[1], 0);
    assert!(receive(&mut world, FIFO, 10).is_empty());
    delete(&mut world, FIFO, &received[0]);
    assert_eq!(bodies(&receive(&mut world, FIFO, 10)), ["b"]);
}

#[test]
fn the_first_whose_timeout_ends_comes_alone_while_later_ones_are_hidden() {
    let (mut world, received) = three_in_flight();
    hide(&mut world, &received[0], 5);
    hide(&mut world, &received[1], 20);
    world.advance_seconds(5);
    let again = receive(&mut world, FIFO, 10);
    assert_eq!(bodies(&again), ["a"]);
    // The last one's ends first; it waits for those before it.
    hide(&mut world, &received[2], 1);
    world.advance_seconds(2);
    assert!(receive(&mut world, FIFO, 10).is_empty());
    delete(&mut world, FIFO, &again[0]);
    world.advance_seconds(13);
    assert_eq!(bodies(&receive(&mut world, FIFO, 10)), ["b", "c"]);
}

#[test]
fn a_waiting_receive_wakes_for_the_first_one_handed_back() {
    let (mut world, received) = three_in_flight();
    let wait = json!({"QueueUrl": FIFO, "WaitTimeSeconds": 20});
    let call = world.start("AmazonSQS.ReceiveMessage", wait).unwrap_err();
    hide(&mut world, &received[1], 0);
    assert!(world.answer(call).is_none());
    hide(&mut world, &received[0], 0);
    let answer = world.answer(call).unwrap().unwrap();
    assert_eq!(bodies(answer["Messages"].as_array().unwrap()), ["a"]);
}

#[test]
fn groups_come_in_the_order_of_their_first_waiting_message() {
    let mut world = fifo_world();
    for (group, body) in [("a", "a1"), ("b", "b1"), ("a", "a2"), ("c", "c1"), ("b", "b2")] {
        send_fifo(&mut world, group, body);
    }
    let first = receive(&mut world, FIFO, 1);
    assert_eq!(bodies(&first), ["a1"]);
    delete(&mut world, FIFO, &first[0]);
    assert_eq!(bodies(&receive(&mut world, FIFO, 3)), ["b1", "b2", "a2"]);
    assert_eq!(bodies(&receive(&mut world, FIFO, 3)), ["c1"]);
}
