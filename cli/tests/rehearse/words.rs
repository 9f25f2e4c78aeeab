//! Every word does what it says, on a system without processes; mistakes are told with their place.

use super::stage::Folder;

const SYSTEM: &str = "\
setup:
  - { service: sqs, operation: CreateQueue, with: { QueueName: dead } }
  - service: sqs
    operation: CreateQueue
    with:
      QueueName: orders
      Attributes:
        RedrivePolicy: >-
          {\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:dead\",\"maxReceiveCount\":1}
  - { service: sns, operation: CreateTopic, with: { Name: news } }
  - service: sns
    operation: Subscribe
    with:
      TopicArn: arn:aws:sns:us-east-1:000000000000:news
      Protocol: email
      Endpoint: ann@example.com
  - service: dynamodb
    operation: CreateTable
    with:
      TableName: things
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
      KeySchema: [{ AttributeName: id, KeyType: HASH }]
  - service: states
    operation: CreateStateMachine
    with:
      name: waits
      roleArn: arn:aws:iam::000000000000:role/r
      definition: >-
        {\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Wait\",\"Seconds\":3600,\"End\":true}}}
  - service: cloudwatch
    operation: PutMetricAlarm
    with:
      AlarmName: many
      Namespace: Shop
      MetricName: Orders
      Statistic: Sum
      Period: 60
      EvaluationPeriods: 1
      Threshold: 2
      ComparisonOperator: GreaterThanOrEqualToThreshold
  - { service: logs, operation: CreateLogGroup, with: { logGroupName: shop } }
  - service: logs
    operation: CreateLogStream
    with: { logGroupName: shop, logStreamName: one }
";

const SCRIPT: &str = "\
name: words
story: Each word once, in three hours of the cloud's time.
when:
  - { do: send_message, with: { queue: orders, body: { id: 1 }, attributes: { kind: a, n: 2 } }, as: sent }
  - do: send_message
    with: { queue: nowhere, body: x }
    fails_with: QueueDoesNotExist
  - { do: send_message, with: { queue: orders, body: later, delay_seconds: 600 } }
  - { do: aws, with: { service: sqs, operation: ReceiveMessage, with: { QueueUrl: orders } }, as: got }
  - { do: publish, with: { topic: news, message: hello, subject: news } }
  - { do: put_event, with: { source: shop, detail_type: Placed, detail: { id: 1 } } }
  - { do: put_item, with: { table: things, item: { id: a, count: 2, tags: [x] } } }
  - { do: put_item, with: { table: things, item: { id: b } } }
  - { do: delete_item, with: { table: things, key: { id: b } } }
  - { do: start_execution, with: { machine: waits, input: { order: 1 }, name: first }, as: run }
  - do: aws
    with:
      service: cloudwatch
      operation: PutMetricData
      with: { Namespace: Shop, MetricData: [{ MetricName: Orders, Value: 3 }] }
  - do: aws
    with:
      service: logs
      operation: PutLogEvents
      with: { logGroupName: shop, logStreamName: one, logEvents: [] }
    fails_with: InvalidParameter
  - { do: move_clock, with: { by: 1m } }
  - { do: aws, with: { service: sqs, operation: ReceiveMessage, with: { QueueUrl: orders } } }
  - after: 2h
then:
  - eventually: { see: queue_depth, of: { queue: orders }, equals: 1, within: 1m }
  - sometimes: { see: queue, of: { queue: orders }, contains: { delayed: 1 } }
  - eventually: { see: messages, of: { queue: orders }, contains: { body: later, state: visible }, within: 1m }
  - eventually: { see: item, of: { table: things, key: { id: a } }, equals: { id: a, count: 2, tags: [x] }, within: 1m }
  - eventually: { see: dead_letters, of: { queue: orders }, contains: { body: { id: 1 }, receive_count: 1 }, within: 1m }
  - eventually: { see: items, of: { table: things }, at_most: 1, within: 1m }
  - eventually: { see: execution, of: { arn: \"${run.arn}\" }, contains: { status: SUCCEEDED, output: { order: 1 } }, within: 1m }
  - eventually: { see: executions, of: { machine: waits }, contains: { name: first }, within: 1m }
  - eventually: { see: metric, of: { namespace: Shop, name: Orders }, equals: 3, within: 1m }
  - sometimes: { see: alarm, of: { name: many }, equals: ALARM }
  - eventually: { see: logs, of: { group: shop }, at_most: 0, within: 1m }
  - eventually: { see: mail, of: { to: ann@example.com }, contains: { subject: AWS Notification - Subscription Confirmation }, within: 1m }
  - eventually: { see: aws, of: { service: sqs, operation: ListQueues }, contains: {}, within: 1m }
  - eventually: { see: clock, contains: T, within: 1m }
";

#[test]
fn every_word_does_what_it_says() {
    let script = SCRIPT.replace("given:\n  - { do: clock_is_no_action, may_fail: true }\n", "");
    let folder = Folder::new("words").with("system.yaml", SYSTEM).with("script.yaml", &script);
    let run = folder.passes("script.yaml");
    let hours = run["elapsed"]["secs"].as_u64().unwrap() / 3600;
    assert_eq!(hours, 2, "{run:#}");
}

#[test]
fn what_is_wrong_is_told_before_anything_runs() {
    let wrong = Folder::new("wrong")
        .with("system.yaml", "processes:\n  worker: { command: x, busy: often }\n")
        .with("good.yaml", SYSTEM)
        .with("script.yaml", &SCRIPT.replace("do: publish", "do: publsh"));
    let played = wrong.skyrig(&["rehearse", "system.yaml", "script.yaml"]);
    assert_eq!(played.code, Some(2));
    assert!(played.text.contains("system.yaml:2:31: "), "{}", played.text);
    let played = wrong.skyrig(&["rehearse", "good.yaml", "script.yaml"]);
    assert_eq!(played.code, Some(2));
    for told in ["script.yaml:10:11: unknown action `publsh`", "Did you mean `publish`?"] {
        assert!(played.text.contains(told), "{}", played.text);
    }
    let played = wrong.skyrig(&["rehearse", "none.yaml", "script.yaml"]);
    assert!(played.code == Some(2) && played.text.contains("none.yaml: "), "{}", played.text);
}

/// A process that can't be started is told of with what it wrote.
#[test]
fn what_does_not_start_says_why() {
    let folder = Folder::new("start")
        .with("system.yaml", "processes: { a: { command: \"echo no disk; exit 3\" } }")
        .with("set-up.yaml", "setup: [\"echo no table; exit 4\"]")
        .with("script.yaml", "name: n\nstory: s\nwhen: []\ninvariants: all\n");
    for (system, wanted) in [
        ("system.yaml", ["a ended before it was ready: exit status: 3", "no disk"]),
        ("set-up.yaml", ["setup-1 ended with exit status: 4", "no table"]),
    ] {
        let played = folder.skyrig(&["rehearse", system, "script.yaml"]);
        let says = wanted.iter().all(|it| played.text.contains(it));
        assert!(played.code == Some(2) && says, "{}", played.text);
    }
}

/// A message that nobody takes is not lost, but one that has expired is.
#[test]
fn an_expired_message_is_no_consumed_one() {
    let script = "\
name: expired
story: Nobody takes it.
when:
  - { do: send_message, with: { queue: orders, body: x } }
  - after: 5d
then:
  - eventually: { see: queue_depth, of: { queue: orders }, equals: 0, within: 1m }
invariants: all
";
    let folder = Folder::new("expired").with("system.yaml", SYSTEM).with("script.yaml", script);
    let run = folder.fails("script.yaml");
    let verdicts = run["verdicts"].as_array().unwrap();
    let failed: Vec<_> = verdicts.iter().filter(|it| it["passed"] == false).collect();
    assert_eq!(failed.len(), 1, "{run:#}");
    assert_eq!(failed[0]["expectation"], "invariant messages_conserved", "{run:#}");
    assert!(failed[0]["seen"].as_str().unwrap().contains("1 of orders expired"), "{run:#}");
}
