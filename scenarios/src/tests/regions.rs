//! Two regions: what is lost with one of them, and what is not.

use super::shop::{Shop, call, wait};
use aws_config::Region;
use http::{Method, StatusCode};
use orderflow::adapters::sqs::Queue;
use orderflow::app::audit;
use orderflow::config::{Pair, Part};
use orderflow::domain::Timestamp;
use orderflow::infra::replays::{self, Window};
use orderflow::ports::Clock;
use orderflow::{Aws, Config, Role, Running, infra};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

const HERE: &str = "us-east-1";
const THERE: &str = "eu-west-1";
/// A replica has what was written so long ago. Here it takes at most two seconds.
const REPLICATED: u64 = 3;
/// Longer than any step of the saga.
const SETTLED: u64 = 600;

fn region(shop: &Shop, name: &str) -> Aws {
    let sdk = shop.aws.sdk().to_builder().region(Region::new(name.to_owned())).build();
    Aws::from(sdk)
}

fn part(shop: &Shop, part: Part, other: &str) -> Config {
    let pair = Some(Pair { part, other: other.to_owned() });
    Config { pair, ..shop.config.clone() }
}

/// What `orderflow --region ACTIVE infra apply --standby STANDBY` does.
async fn pair(shop: &Shop, active: &str, standby: &str) {
    let (first, second) = (region(shop, active), region(shop, standby));
    let config = part(shop, Part::Active, standby);
    infra::apply(&first, &config).await.expect("the active region");
    infra::replicate(&first, &config, standby).await.expect("replicas");
    let other = part(shop, Part::Standby, active);
    infra::apply(&second, &other).await.expect("the region that stands by");
    for (aws, config) in [(&first, &config), (&second, &other)] {
        let differing = infra::diff(aws, config).await.expect("a comparison");
        assert!(differing.is_empty(), "{differing:?}");
    }
}

async fn place(api: &Running, order: &str) {
    let items = json!([{ "product_id": "lamp", "quantity": 1, "unit_price_minor_units": 500 }]);
    let body =
        json!({ "order_id": order, "customer_id": order, "currency": "EUR", "items": items });
    assert_eq!(call(api.router(), Method::POST, "/orders", &body).await.0, 201);
}

async fn confirm(api: &Running, order: &str) {
    let path = format!("/orders/{order}/confirm");
    let body = json!({ "payment_method": "card" });
    assert_eq!(call(api.router(), Method::POST, &path, &body).await.0, 200);
}

async fn status(api: &Running, order: &str) -> (StatusCode, Value) {
    let (status, mut answer) =
        call(api.router(), Method::GET, &format!("/orders/{order}"), &Value::Null).await;
    (status, answer["status"].take())
}

async fn on_hand(api: &Running) -> Value {
    call(api.router(), Method::GET, "/stock/lamp", &Value::Null).await.1["on_hand"].take()
}

/// What happened lately, to all roles of a region.
async fn replay(shop: &Shop, aws: &Aws) {
    let now = shop.clock.now();
    let from = Timestamp::from_millis(now.as_millis() - 86_400_000);
    let window = Window::new(from, now + Duration::from_secs(1)).expect("a window");
    let started = replays::start(aws, &shop.names, window, &[], now).await.expect("started");
    replays::wait(aws, started, |_| {}).await.expect("completed");
}

/// How often each customer got each letter, in this region; they are taken out.
async fn letters(shop: &Shop, aws: &Aws, told: &mut BTreeMap<(String, String), usize>) {
    let name = format!("{}-customer-mail", shop.names.prefix());
    let queue = Queue::find(aws, &name).await.expect("the mail");
    loop {
        let messages = queue.receive(10, Duration::ZERO, None).await.expect("received");
        if messages.is_empty() {
            return;
        }
        for message in messages {
            let body: Value = serde_json::from_str(&message.body).expect("SNS's JSON");
            let subject = body["Subject"].as_str().expect("a subject").to_owned();
            let text = body["Message"].as_str().expect("a text");
            let order = ["delivered", "confirmed", "placed", "later", "back"];
            let order = order.into_iter().find(|id| text.contains(&format!("rder {id}")));
            *told.entry((order.unwrap_or("other").to_owned(), subject)).or_default() += 1;
        }
    }
}

/// Nobody reads there, so nothing may pile up.
async fn nothing_waits(shop: &Shop, aws: &Aws) {
    for role in Role::consumers() {
        let queue = Queue::find(aws, &shop.names.queue(role)).await.expect("a queue");
        let waiting = queue.receive(10, Duration::ZERO, None).await.expect("received");
        assert!(waiting.is_empty(), "{role}: {}", waiting.len());
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_accepted_and_replicated_survives_the_loss_of_a_region_and_the_way_back() {
    let mut shop = Shop::new().await;
    let (here, there) = (region(&shop, HERE), region(&shop, THERE));
    pair(&shop, HERE, THERE).await;
    let running = shop.start_there(&here).await;
    let stock = json!({ "on_hand": 20 });
    assert_eq!(call(running.router(), Method::PUT, "/stock/lamp", &stock).await.0, 200);
    place(&running, "delivered").await;
    wait(10).await;
    confirm(&running, "delivered").await;
    wait(SETTLED).await;
    assert_eq!(status(&running, "delivered").await.1, "delivered");
    // One waits for its customer, one is in the middle of its saga.
    place(&running, "placed").await;
    place(&running, "confirmed").await;
    wait(5).await;
    confirm(&running, "confirmed").await;
    wait(REPLICATED).await;
    // Whether this one is known there is chance.
    place(&running, "late").await;
    nothing_waits(&shop, &there).await;
    running.kill();

    pair(&shop, THERE, HERE).await;
    // The other region's brokers know nothing.
    shop.lose_stream();
    let running = shop.start_there(&there).await;
    replay(&shop, &there).await;
    wait(10).await;
    confirm(&running, "placed").await;
    place(&running, "later").await;
    wait(10).await;
    confirm(&running, "later").await;
    wait(SETTLED).await;
    let all = ["delivered", "confirmed", "placed", "later"];
    for order in all {
        assert_eq!(status(&running, order).await, (StatusCode::OK, json!("delivered")), "{order}");
    }
    assert_eq!(on_hand(&running).await, json!(20 - all.len()));

    // Back, with nobody at work while the last writes are copied.
    running.stop().await;
    wait(REPLICATED).await;
    pair(&shop, HERE, THERE).await;
    shop.lose_stream();
    let running = shop.start_there(&here).await;
    replay(&shop, &here).await;
    place(&running, "back").await;
    wait(10).await;
    confirm(&running, "back").await;
    wait(SETTLED).await;
    for order in all.into_iter().chain(["back"]) {
        assert_eq!(status(&running, order).await, (StatusCode::OK, json!("delivered")), "{order}");
    }
    assert_eq!(on_hand(&running).await, json!(20 - all.len() - 1));
    let books = audit::read(running.app()).await.expect("the books");
    assert!(books.always().is_empty(), "{:?}", books.always());
    running.stop().await;

    let mut told = BTreeMap::new();
    for aws in [&here, &there] {
        letters(&shop, aws, &mut told).await;
    }
    for order in all.into_iter().chain(["back"]) {
        let of: Vec<_> = told.iter().filter(|(key, _)| key.0 == order).collect();
        assert!(of.len() >= 4, "{order}: {told:?}");
        assert!(of.iter().all(|(_, times)| **times == 1), "{order}: {of:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_pair_is_parted_again_and_removed() {
    let shop = Shop::new().await;
    pair(&shop, HERE, THERE).await;
    let here = region(&shop, HERE);
    let rule = format!("shop-copies-to-{THERE}");
    assert!(role_is_there(&shop, &rule).await);
    // Without the other region the rule goes, and with it what it acted as.
    let applied = infra::apply(&here, &shop.config).await.expect("applied");
    let removed: Vec<_> =
        applied.iter().filter(|it| it.done == infra::Done::Removed).map(|it| &it.name).collect();
    assert_eq!(removed, [&rule, &rule]);
    assert!(!role_is_there(&shop, &rule).await);
    pair(&shop, HERE, THERE).await;
    // DynamoDB keeps the region from which replicas were made for a day.
    wait(90_000).await;
    let removed = infra::destroy(&here, &shop.names).await.expect("destroyed");
    assert_eq!(removed.iter().filter(|name| **name == rule).count(), 2, "{removed:?}");
}

async fn role_is_there(shop: &Shop, name: &str) -> bool {
    shop.aws.iam().get_role().role_name(name).send().await.is_ok()
}
