//! The words for AWS itself, beside those of the order system.

use crate::form::Form;
use crate::stages;
use crate::words::CATALOG;
use harness::stage::Detail;

const STORY: &str = r#"
name: aws-words
story: Nobody reads a queue that a script has made, and an item and a message are where they were put.
given:
  - do: aws
    with: { service: sqs, operation: CreateQueue, with: { QueueName: notes } }
  - do: aws
    with:
      service: dynamodb
      operation: CreateTable
      with:
        TableName: notes
        BillingMode: PAY_PER_REQUEST
        KeySchema: [{ AttributeName: id, KeyType: HASH }]
        AttributeDefinitions: [{ AttributeName: id, AttributeType: S }]
when:
  - do: send_message
    with: { queue: notes, body: { text: hello } }
    as: sent
  - { do: put_item, with: { table: notes, item: { id: a, count: 3 } } }
  - do: send_message
    with: { queue: nowhere, body: x }
    fails_with: QueueDoesNotExist
  - { do: invoke, with: { function: nobody }, fails_with: "404" }
  - { do: receive_stock, with: { product: lamp, quantity: 1 } }
  - { do: place_order, with: { customer: ann, items: [{ product: lamp, quantity: 1, unit_price: "5.00" }] }, as: order }
  - { do: confirm_order, with: { order: "${order.id}", payment_method: card } }
  - { do: redrive, with: { queue: payments } }
then:
  - eventually:
      see: messages
      of: { queue: notes }
      contains: { id: "${sent.id}", body: { text: hello }, state: visible }
      within: 1m
  - eventually: { see: queue_depth, of: { queue: payments }, equals: 0, within: 5m }
  - eventually: { see: item, of: { table: notes, key: { id: a } }, equals: { id: a, count: 3 }, within: 1m }
  - eventually: { see: order_status, of: { order: "${order.id}" }, equals: delivered, within: 5m }
  - never: { see: messages, of: { queue: shop-payments-dlq }, at_least: 1 }
  - sometimes: { see: clock, contains: "T" }
invariants: all
"#;

#[test]
fn words_for_aws_stand_beside_the_systems_own() {
    let script = harness::script::parse("aws-words.yaml", STORY, &CATALOG).expect("a script");
    let play = || stages::play_simulated(&script, 1, Detail::Failures, Form::default());
    let (one, other) = (play().expect("a world"), play().expect("a world"));
    assert!(one.passed, "{}", one.text("-"));
    assert_eq!(one.hashes, other.hashes, "the seed decides");
}

#[test]
fn a_systems_own_word_goes_before_that_of_the_same_name() {
    let text = CATALOG.to_string();
    let rows = |name: &str| text.lines().filter(|line| line.trim_start() == name).count();
    assert_eq!(rows("redrive queue"), 1, "{text}");
    assert_eq!(
        rows("send_message queue body [attributes] [group] [deduplication_id] [delay_seconds]"),
        1,
        "{text}"
    );
}
