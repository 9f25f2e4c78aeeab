//! Shipping quotes: request and reply over queues.

use super::shop::{Shop, call, wait};
use http::{Method, StatusCode};
use orderflow::adapters::sqs::Queue;
use orderflow::contracts::{QuoteOutcome, QuoteReply, QuoteRequest};
use orderflow::dead_letters::{self, Which};
use orderflow::domain::Timestamp;
use orderflow::domain::shipping::{Shipment, quote};
use orderflow::ports::Clock;
use orderflow::{Role, infra};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::task::JoinSet;

const PATH: &str = "/shipping-quotes";

fn body(country: &str, quantity: u64) -> Value {
    json!({
        "destination": { "street": "s", "city": "c", "zip_code": "97201", "country": country },
        "items": [{ "product_id": "lamp", "quantity": quantity }],
    })
}

fn shipment(quantity: u64) -> Shipment {
    serde_json::from_value(body("US", quantity)).expect("a shipment")
}

/// A request as any process with its own reply queue would send it.
fn request(reply_to: &str, deadline: Timestamp) -> QuoteRequest {
    QuoteRequest {
        request_id: "r-1".into(),
        correlation_id: "cor".into(),
        causation_id: "cau".into(),
        reply_to: reply_to.to_owned(),
        deadline,
        order_id: None,
        shipment: shipment(4),
    }
}

#[tokio::test(start_paused = true)]
async fn concurrent_requests_each_get_their_own_answer() {
    let shop = Shop::new().await;
    let processes = [shop.start(&[Role::Api]).await, shop.start(&[Role::Api, Role::Carrier]).await];
    let mut asking = JoinSet::new();
    for number in 0..60_u64 {
        let router = processes[usize::from(number % 3 == 0)].router();
        // Some are refused: 103 pieces and more.
        let quantity = number * 2 + 1;
        asking.spawn(async move {
            let answered = call(router, Method::POST, PATH, &body("US", quantity)).await;
            (quantity, answered)
        });
    }
    let answers = asking.join_all().await;
    assert_eq!(answers.len(), 60);
    for (quantity, (status, answer)) in answers {
        match quote(&shipment(quantity)) {
            Ok(quote) => {
                assert_eq!((status, &answer["pieces"]), (StatusCode::OK, &json!(quantity)));
                assert_eq!(answer["price"], json!(quote.price));
            }
            Err(refusal) => {
                assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
                assert_eq!(answer["code"], "ShippingRefused");
                assert_eq!(answer["detail"], refusal.to_string());
            }
        }
    }
    assert_eq!(shop.queues("quote-replies-").await.len(), 2);
    for process in processes {
        process.stop().await;
    }
    assert_eq!(shop.metric("quotes_answered").await, 60.0);
    assert_eq!(shop.metric("quote_replies_unclaimed").await, 0.0);
    assert!(shop.queues("quote-replies-").await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn replies_that_nobody_waits_for_are_deleted_when_somebody_waits_again() {
    let shop = Shop::new().await;
    let api = shop.start(&[Role::Api]).await;
    let carrier = shop.start(&[Role::Carrier]).await;
    assert!(shop.queues("quote-replies-").await.is_empty(), "nobody has asked yet");
    assert_eq!(call(api.router(), Method::POST, PATH, &body("US", 1)).await.0, 200);
    let [name] = &shop.queues("quote-replies-").await[..] else { panic!("one reply queue") };
    let replies = shop.queue(name).await;
    replies.send("not a reply", Duration::ZERO).await.expect("sent");
    let outcome = QuoteOutcome::Refused { reason: "late".into() };
    let [request_id, correlation_id, causation_id] = ["old", "test", "x"].map(str::to_owned);
    let late = QuoteReply { request_id, correlation_id, causation_id, outcome };
    replies.send(&late.to_body(), Duration::ZERO).await.expect("sent");
    wait(100).await;
    assert_eq!(shop.visible(&replies).await, 2, "nobody reads while nobody waits");

    // The carrier stands still with the request in its hand, and its reply comes too late.
    carrier.gate().shut();
    let (status, answer) = call(api.router(), Method::POST, PATH, &body("US", 1)).await;
    assert_eq!((status.as_u16(), &answer["code"]), (504, &json!("QuoteTimedOut")));
    assert!(answer["detail"].as_str().is_some_and(|text| text.contains("within 5 s")));
    carrier.gate().open();
    wait(60).await;
    assert_eq!(call(api.router(), Method::POST, PATH, &body("CA", 1)).await.1["zone"], "neighbour");
    wait(60).await;
    assert_eq!(shop.visible(&replies).await, 0);
    api.stop().await;
    carrier.stop().await;
    assert_eq!(shop.metric("quote_replies_unclaimed").await, 2.0);
    assert_eq!(shop.metric("quote_requests_expired").await, 1.0);
}

#[tokio::test(start_paused = true)]
async fn a_request_that_comes_twice_gets_the_same_quote_and_one_that_is_over_gets_none() {
    let shop = Shop::new().await;
    let name = shop.names.reply_queue("00000000-0000-4000-a000-00000000000a");
    let replies = Queue::create(&shop.aws, &name, Duration::from_secs(300), shop.names.tags())
        .await
        .expect("made");
    let requests = shop.queue(&shop.names.queue(Role::Carrier)).await;
    let now = shop.clock.now();
    let request_at = |deadline| request(replies.url(), deadline).to_body();
    for body in [request_at(now + Duration::from_secs(9)), request_at(now)] {
        requests.send(&body, Duration::ZERO).await.expect("sent");
        requests.send(&body, Duration::ZERO).await.expect("sent");
    }
    let carrier = shop.start(&[Role::Carrier]).await;
    wait(60).await;
    let mut received = Vec::new();
    while shop.visible(&replies).await > 0 {
        received.extend(replies.receive(10, Duration::ZERO, None).await.expect("received"));
    }
    let reply = |body: &str| serde_json::from_str::<QuoteReply>(body).expect("a reply");
    let found: Vec<_> = received.iter().map(|message| reply(&message.body)).collect();
    assert_eq!(found.len(), 2);
    assert_eq!(found[0], found[1]);
    let quoted = quote(&shipment(4)).expect("a quote");
    assert_eq!(found[0].outcome, QuoteOutcome::Quoted(quoted));
    let ids = [&found[0].request_id, &found[0].correlation_id, &found[0].causation_id];
    assert_eq!(ids, ["r-1", "cor", "r-1"]);
    carrier.stop().await;
    assert_eq!(shop.metric("quote_requests_expired").await, 2.0);
}

#[tokio::test(start_paused = true)]
async fn the_carrier_replies_to_reply_queues_only() {
    let shop = Shop::new().await;
    let requests = shop.queue(&shop.names.queue(Role::Carrier)).await;
    let orders = shop.queue(&shop.names.queue(Role::Orders)).await;
    let body = request(orders.url(), shop.clock.now() + Duration::from_secs(60)).to_body();
    requests.send(&body, Duration::ZERO).await.expect("sent");
    let carrier = shop.start(&[Role::Carrier]).await;
    wait(600).await;
    carrier.stop().await;
    let letters = dead_letters::list(&shop.aws, &shop.names, Role::Carrier, &Which::Any(10)).await;
    let letters = letters.expect("a list");
    let reasons: Vec<_> = letters.iter().filter_map(|it| Some(&it.note.as_ref()?.reason)).collect();
    assert!(reasons.len() == 1 && reasons[0].contains("is no reply queue"), "{reasons:?}");
    assert_eq!(shop.visible(&orders).await, 0);
}

#[tokio::test(start_paused = true)]
async fn what_a_killed_process_leaves_behind_goes_with_the_system() {
    let shop = Shop::new().await;
    let api = shop.start(&[Role::Api, Role::Carrier]).await;
    assert_eq!(call(api.router(), Method::POST, PATH, &body("US", 1)).await.0, 200);
    api.kill();
    let left = shop.queues("quote-replies-").await;
    assert_eq!(left.len(), 1);
    let removed = infra::destroy(&shop.aws, &shop.names).await.expect("destroyed");
    assert!(removed.contains(&left[0]), "{removed:?}");
    assert!(shop.queues("").await.is_empty());
}
