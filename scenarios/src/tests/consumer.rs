//! How consumers deal with slow work, dependencies that fail everybody, throttling and poison.

use super::shop::{Shop, call, wait};
use crate::stages::{Extras, play_with};
use crate::words::CATALOG;
use harness::record::Exchange;
use http::Method;
use orderflow::dead_letters::{self, Which};
use orderflow::roles::readable;
use orderflow::{Failure, Role};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// Six customers order one lamp each, and get it.
const SIX: &str = r#"
name: six
story: x
given:
  - { do: receive_stock, with: { product: lamp, quantity: 10 } }
nemesis:
NEMESIS
when:
BEFORE
  - at: 1s
    each: [ann, bob, cleo, dan, eve, fay]
    do: place_order
    with:
      id: "of-${each}"
      customer: "${each}"
      items: [{ product: lamp, quantity: 1, unit_price: "5.00" }]
  - each: [ann, bob, cleo, dan, eve, fay]
    do: confirm_order
    with: { order: "of-${each}", payment_method: card, if_allowed: true }
AFTER
then:
  - each: [of-ann, of-bob, of-cleo, of-dan, of-eve, of-fay]
    eventually: { see: order_status, of: { order: "${each}" }, equals: delivered, within: 14m }
  - never: { see: dead_letters, of: { queue: payments }, at_least: 1 }
invariants: all
"#;

const BROKEN: &str = r#"  - at: 0s
    each: [ann, bob, cleo, dan, eve, fay]
    do: break_gateway
    with: { customer: "${each}" }"#;
const REPAIRED: &str = r#"  - at: 5m
    each: [ann, bob, cleo, dan, eve, fay]
    do: repair_gateway
    with: { customer: "${each}" }"#;

/// Plays it and answers what `pick` makes of each call to AWS.
pub(super) fn seen<T: Send + 'static>(
    (before, nemesis, after): (&str, &str, &str),
    pick: impl Fn(&Exchange<'_>, Value) -> Option<T> + Send + 'static,
) -> Vec<T> {
    let text = SIX.replace("BEFORE", before).replace("AFTER", after);
    let text = match nemesis {
        "" => text.replace("nemesis:\nNEMESIS\n", ""),
        nemesis => text.replace("NEMESIS", nemesis),
    };
    let script = harness::script::parse("six", &text, &CATALOG).expect("a good script");
    let picked = Arc::new(Mutex::new(Vec::new()));
    let keep = Arc::clone(&picked);
    let watcher = Box::new(move |it: Exchange<'_>| {
        let request = serde_json::from_slice(it.request).unwrap_or_default();
        keep.lock().expect("nobody panics with it").extend(pick(&it, request));
    });
    let extras = Extras { watcher: Some(watcher), ..Extras::default() };
    let run = play_with(&script, 1, extras).expect("a world");
    assert!(run.passed, "{}", run.text("-"));
    std::mem::take(&mut *picked.lock().expect("nobody panics with it"))
}

fn is_about(request: &Value, queue: &str) -> bool {
    request["QueueUrl"].as_str().is_some_and(|url| url.ends_with(queue))
}

#[test]
fn slow_work_stays_hidden_and_is_done_once() {
    let slow = "  - { fault: delay, with: { seconds: 70 }, times: 1, must_fire: true, \
                on: { service: dynamodb, operation: PutItem, resource: simulated-gateway } }";
    let calls = seen(("", slow, ""), |it, request| {
        if !is_about(&request, "-payments") {
            return None;
        }
        let reply: Value = serde_json::from_slice(it.reply).unwrap_or_default();
        let messages = reply["Messages"].as_array().into_iter().flatten();
        let again =
            messages.filter(|it| it["Attributes"]["ApproximateReceiveCount"] != "1").count();
        Some((it.target.to_owned(), again))
    });
    let extended = calls.iter().filter(|(call, _)| call.ends_with("VisibilityBatch")).count();
    assert!(extended >= 4, "extended {extended} times");
    assert_eq!(calls.iter().map(|(_, again)| again).sum::<usize>(), 0);
}

#[test]
fn a_gateway_that_fails_everybody_is_left_alone_and_costs_no_message() {
    let asked = seen((BROKEN, "", REPAIRED), |it, request| {
        let table = request["TableName"].as_str().unwrap_or_default();
        let rules = request["Key"]["key"]["S"] == "rules";
        (it.target.ends_with("GetItem") && table.ends_with("-gateway") && rules).then_some(())
    });
    // Six payments, and in five minutes a probe every half a minute and fewer at first.
    assert!(asked.len() < 60, "the gateway was asked {} times", asked.len());
}

#[test]
fn throttling_is_answered_by_taking_less() {
    let throttled = "  - { fault: throttle, on: { service: dynamodb, operation: BatchGetItem, \
                     resource: inbox }, until: 60s, must_fire: true }";
    let asked = seen(("", throttled, ""), |it, request| {
        let most = request["MaxNumberOfMessages"].as_u64();
        most.filter(|_| it.target.ends_with("ReceiveMessage"))
    });
    let least = asked.iter().min().copied();
    assert_eq!((asked.first().copied(), asked.last().copied()), (Some(10), Some(10)));
    assert!(least.is_some_and(|least| least <= 5), "{least:?}");
}

#[tokio::test(start_paused = true)]
async fn poison_becomes_a_dead_letter_that_can_be_repaired_or_discarded() {
    let shop = Shop::new().await;
    let running = shop.start(&[Role::Orders]).await;
    let queue = shop.queue(&shop.names.queue(Role::Orders)).await;
    for body in ["nonsense", "rubbish"] {
        queue.send(body, std::time::Duration::ZERO).await.expect("it is sent");
    }
    wait(5).await;
    let (aws, names) = (&shop.aws, &shop.names);
    let all = Which::Any(10);
    let letters = dead_letters::list(aws, names, Role::Orders, &all).await.expect("letters");
    assert_eq!(letters.len(), 2);
    let letter = letters.iter().find(|it| it.body == "nonsense").expect("as it was");
    let note = letter.note.as_ref().expect("it says why");
    assert_eq!(
        (note.code.as_str(), note.role.as_str(), note.receive_count),
        ("GiveUp", "orders", 1)
    );
    assert!(note.reason.starts_with("unreadable"), "{}", note.reason);

    let id = &letter.message_id;
    let worse =
        dead_letters::repair(aws, names, Role::Orders, id, "still nonsense", readable).await;
    assert!(matches!(worse, Err(Failure::GiveUp(_))), "{worse:?}");
    let good = r#"{"timer":"packing","order_id":"o","correlation_id":"a","causation_id":"b"}"#;
    let repaired = dead_letters::repair(aws, names, Role::Orders, id, good, readable).await;
    assert_eq!(repaired, Ok(true));
    assert_eq!(dead_letters::repair(aws, names, Role::Orders, id, good, readable).await, Ok(false));
    wait(5).await;
    let gone = dead_letters::discard(aws, names, Role::Orders, &all).await.expect("letters");
    assert_eq!(gone.iter().map(|it| it.body.as_str()).collect::<Vec<_>>(), ["rubbish"]);
    assert_eq!(dead_letters::list(aws, names, Role::Orders, &all).await, Ok(vec![]));
    assert_eq!(shop.visible(&queue).await, 0);
    running.stop().await;
}

/// Longer than all attempts of a message take, and than a breaker stays open.
const GIVEN_UP_WITHIN: u64 = 120;

#[tokio::test(start_paused = true)]
async fn poison_that_is_sent_back_becomes_a_dead_letter_again_each_time() {
    let shop = Shop::new().await;
    let running = shop.start(&[Role::Api, Role::Orders, Role::Inventory, Role::Payments]).await;
    let post = async |path: &str, body: &Value| {
        let (status, answer) = call(running.router(), Method::POST, path, body).await;
        assert!(status.is_success(), "{path}: {answer}");
    };
    let rules = json!({ "broken": [{ "customer_id": "bob" }] });
    let set = call(running.router(), Method::PUT, "/simulated/gateway", &rules).await;
    assert!(set.0.is_success(), "{}", set.1);
    post("/stock/lamp", &json!({ "quantity": 10 })).await;
    let items = json!([{ "product_id": "lamp", "quantity": 1, "unit_price_minor_units": 500 }]);
    let order = json!({ "order_id": "o", "customer_id": "bob", "currency": "EUR", "items": items });
    post("/orders", &order).await;
    post("/orders/o/confirm", &json!({ "payment_method": "card" })).await;

    let (aws, names) = (&shop.aws, &shop.names);
    let all = Which::Any(10);
    for time in 1..=4 {
        wait(GIVEN_UP_WITHIN).await;
        let letters = dead_letters::list(aws, names, Role::Payments, &all).await.expect("letters");
        let notes: Vec<_> = letters.iter().filter_map(|it| it.note.as_ref()).collect();
        let [note] = notes[..] else { panic!("time {time}: {} letters", letters.len()) };
        assert_eq!((note.attempts, note.code.as_str()), (3, "Faulty"), "time {time}");
        let sent = dead_letters::redrive(aws, names, Role::Payments, &all).await;
        assert_eq!(sent, Ok(1), "time {time}");
    }
    running.stop().await;
}
