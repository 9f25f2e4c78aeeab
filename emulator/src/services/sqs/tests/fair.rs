//! Fair queues: a tenant that takes too much waits for the others.

use super::*;

fn send_as(world: &mut World, tenant: &str, count: u32) {
    for _ in 0..count {
        let request = json!({"QueueUrl": QUEUE, "MessageBody": tenant, "MessageGroupId": tenant});
        world.ok("AmazonSQS.SendMessage", request);
    }
}

fn receive_many(world: &mut World, count: u32) -> Vec<Value> {
    (0..count).flat_map(|_| receive(world, QUEUE, 1)).collect()
}

#[test]
fn without_a_noisy_tenant_the_oldest_message_comes_first() {
    let mut world = world();
    for tenant in ["a", "b"] {
        send_as(&mut world, tenant, 1);
    }
    send(&mut world, "alone");
    send_as(&mut world, "a", 1);
    let received = receive(&mut world, QUEUE, 10);
    assert_eq!(bodies(&received), ["a", "b", "alone", "a"]);
    assert_eq!(received[0]["Attributes"]["MessageGroupId"], "a");
    assert_eq!(received[2]["Attributes"].get("MessageGroupId"), None);
}

#[test]
fn a_tenant_with_thirty_in_flight_and_over_a_tenth_of_all_waits_for_quiet_ones() {
    let mut world = world();
    send_as(&mut world, "loud", 100);
    send_as(&mut world, "quiet", 1);
    send(&mut world, "alone");
    // Up to thirty in flight the order is by age; from then on quiet ones go first.
    assert!(bodies(&receive_many(&mut world, 30)).iter().all(|body| *body == "loud"));
    assert_eq!(bodies(&receive_many(&mut world, 3)), ["quiet", "alone", "loud"]);
}

#[test]
fn a_tenth_of_what_is_in_flight_or_less_is_not_noisy() {
    let mut world = world();
    for other in 0..300 {
        send_as(&mut world, &format!("other{other}"), 1);
    }
    receive_many(&mut world, 300);
    send_as(&mut world, "big", 34);
    send_as(&mut world, "late", 1);
    // 33 of 333 is less than a tenth, 34 of 334 is more.
    assert!(bodies(&receive_many(&mut world, 34)).iter().all(|body| *body == "big"));
    send_as(&mut world, "big", 1);
    send_as(&mut world, "later", 1);
    assert_eq!(bodies(&receive_many(&mut world, 3)), ["late", "later", "big"]);
}

#[test]
fn a_tenant_with_slow_messages_is_noisy_too() {
    let mut world = world();
    send_as(&mut world, "slow", 3);
    for other in 0..20 {
        send_as(&mut world, &format!("fast{other}"), 1);
    }
    let slow = receive(&mut world, QUEUE, 1).remove(0);
    world.advance_seconds(20);
    delete(&mut world, QUEUE, &slow);
    let next = receive(&mut world, QUEUE, 1);
    assert_eq!(bodies(&next), ["fast0"]);
    // Five minutes without a send, and it is like any other tenant again.
    world.advance_seconds(300);
    assert_eq!(bodies(&receive(&mut world, QUEUE, 1)), ["slow"]);
}

#[test]
fn among_noisy_tenants_the_one_with_fewer_in_flight_comes_first() {
    let mut world = world();
    send_as(&mut world, "most", 60);
    receive_many(&mut world, 50);
    send_as(&mut world, "less", 60);
    let received = receive_many(&mut world, 30);
    assert!(bodies(&received).iter().all(|body| *body == "less"));
    let received = receive_many(&mut world, 30);
    assert_eq!(bodies(&received).iter().filter(|body| **body == "less").count(), 25);
}
