//! The metrics of a queue, as CloudWatch shows them.

use super::*;

/// Samples, sum, minimum and maximum of each minute since 2026 began.
fn points(world: &mut World, queue: &str, metric: &str, minutes: u32) -> Vec<[f64; 4]> {
    let request = json!({
        "Namespace": "AWS/SQS", "MetricName": metric,
        "Dimensions": [{"Name": "QueueName", "Value": queue}],
        "StartTime": 1_767_225_600, "EndTime": 1_767_225_600 + minutes * 60, "Period": 60,
        "Statistics": ["SampleCount", "Sum", "Minimum", "Maximum"]
    });
    let answer = world.ok("GraniteServiceVersion20100801.GetMetricStatistics", request);
    let mut points = answer["Datapoints"].as_array().unwrap().clone();
    points.sort_by_key(|point| point["Timestamp"].as_f64().unwrap() as u64);
    let of = |point: &Value| {
        ["SampleCount", "Sum", "Minimum", "Maximum"].map(|name| point[name].as_f64().unwrap())
    };
    points.iter().map(of).collect()
}

fn sums(world: &mut World, metric: &str, minutes: u32) -> Vec<f64> {
    points(world, "q", metric, minutes).iter().map(|point| point[1]).collect()
}

#[test]
fn each_minute_is_counted_by_itself() {
    let mut world = world();
    for body in ["four", "sixsix", "eighteig"] {
        send(&mut world, body);
    }
    let received = receive(&mut world, QUEUE, 2);
    delete(&mut world, QUEUE, &received[0]);
    delete(&mut world, QUEUE, &received[0]);
    world.advance_seconds(60);
    receive(&mut world, QUEUE, 10);
    receive(&mut world, QUEUE, 10);
    world.advance_seconds(60);
    assert_eq!(sums(&mut world, "NumberOfMessagesSent", 2), [3.0, 0.0]);
    assert_eq!(points(&mut world, "q", "SentMessageSize", 2), [[3.0, 18.0, 4.0, 8.0]]);
    assert_eq!(sums(&mut world, "NumberOfMessagesReceived", 2), [2.0, 2.0]);
    assert_eq!(sums(&mut world, "NumberOfMessagesDeleted", 2), [2.0, 0.0]);
    assert_eq!(sums(&mut world, "NumberOfEmptyReceives", 2), [0.0, 1.0]);
}

#[test]
fn gauges_show_each_minute_as_it_was_although_nobody_looked() {
    let mut world = world();
    send(&mut world, "stays hidden for thirty seconds");
    let request = json!({"QueueUrl": QUEUE, "MessageBody": "later", "DelaySeconds": 90});
    world.ok("AmazonSQS.SendMessage", request);
    world.advance_seconds(50);
    receive(&mut world, QUEUE, 1);
    world.advance_seconds(250);
    assert_eq!(
        sums(&mut world, "ApproximateNumberOfMessagesVisible", 5),
        [0.0, 2.0, 2.0, 2.0, 2.0]
    );
    assert_eq!(
        sums(&mut world, "ApproximateNumberOfMessagesNotVisible", 5),
        [1.0, 0.0, 0.0, 0.0, 0.0]
    );
    assert_eq!(
        sums(&mut world, "ApproximateNumberOfMessagesDelayed", 5),
        [1.0, 0.0, 0.0, 0.0, 0.0]
    );
    assert_eq!(
        sums(&mut world, "ApproximateAgeOfOldestMessage", 5),
        [60.0, 120.0, 180.0, 240.0, 300.0]
    );
}

#[test]
fn a_waiting_receive_that_ends_empty_is_an_empty_receive() {
    let mut world = world();
    let waits = json!({"QueueUrl": QUEUE, "WaitTimeSeconds": 20});
    world.start("AmazonSQS.ReceiveMessage", waits).unwrap_err();
    world.advance_seconds(60);
    assert_eq!(sums(&mut world, "NumberOfEmptyReceives", 1), [1.0]);
}

#[test]
fn fifo_queues_count_groups_in_flight() {
    let mut world = fifo_world();
    for (group, body) in [("a", "1"), ("a", "2"), ("b", "3"), ("c", "4")] {
        send_fifo(&mut world, group, body);
    }
    assert_eq!(bodies(&receive(&mut world, FIFO, 3)), ["1", "2", "3"]);
    world.advance_seconds(20);
    let name = "ApproximateNumberOfGroupsWithInflightMessages";
    world.advance_seconds(5);
    send_fifo(&mut world, "d", "5");
    world.advance_seconds(35);
    // The visibility timeouts ended after thirty seconds.
    assert_eq!(points(&mut world, "q.fifo", name, 1)[0][1], 0.0);
    receive(&mut world, FIFO, 10);
    receive(&mut world, FIFO, 10);
    let extend = json!({"QueueUrl": FIFO, "VisibilityTimeout": 300, "MaxNumberOfMessages": 10});
    world.advance_seconds(31);
    world.ok("AmazonSQS.ReceiveMessage", extend);
    world.advance_seconds(60);
    assert_eq!(points(&mut world, "q.fifo", name, 2)[1][1], 4.0);
}

#[test]
fn a_queue_that_nobody_uses_goes_silent_after_six_hours() {
    let mut world = world();
    world.advance_seconds(23 * 3600);
    assert_eq!(sums(&mut world, "ApproximateNumberOfMessagesVisible", 1380).len(), 361);
    send(&mut world, "awake");
    world.advance_seconds(60);
    assert_eq!(sums(&mut world, "NumberOfMessagesSent", 1381).last(), Some(&1.0));
}

/// What is published for a queue that nobody uses does not grow with the minutes.
#[test]
fn idle_minutes_take_no_room() {
    let size = |minutes: u64| {
        let mut world = world();
        send(&mut world, "a");
        let received = receive(&mut world, QUEUE, 1);
        delete(&mut world, QUEUE, &received[0]);
        world.advance_seconds(60);
        world.advance_seconds(minutes * 60);
        let listed = world.ok("GraniteServiceVersion20100801.ListMetrics", json!({}));
        assert_eq!(listed["Metrics"].as_array().unwrap().len(), 9);
        let sums = sums(&mut world, "NumberOfMessagesSent", 400);
        assert_eq!(sums.len() as u64, 1 + minutes.min(360));
        world.cloud.snapshot().len()
    };
    // Some numbers take a byte more.
    let (half_an_hour, five_hours, days) = (size(30), size(300), size(3000));
    assert!(five_hours < half_an_hour + 40, "{half_an_hour} {five_hours}");
    assert!(days < half_an_hour + 40, "{half_an_hour} {days}");
}

/// Who asks for one queue's figures does not make the others publish theirs.
#[test]
fn only_what_is_asked_for_is_published() {
    let mut world = world();
    world.ok("AmazonSQS.CreateQueue", json!({"QueueName": "other"}));
    world.advance_seconds(120);
    let before = world.cloud.snapshot().len();
    assert_eq!(sums(&mut world, "NumberOfMessagesSent", 2), [0.0, 0.0]);
    let one = world.cloud.snapshot().len() - before;
    assert_eq!(points(&mut world, "other", "NumberOfMessagesSent", 2).len(), 2);
    let both = world.cloud.snapshot().len() - before;
    assert!(both > one + one / 2, "{one} {both}");
}
