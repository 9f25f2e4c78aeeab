//! Archived events come again: nobody does anything twice.

use super::shop::{Shop, call, wait};
use http::Method;
use orderflow::adapters::analytics_table::AnalyticsTable;
use orderflow::app::figures;
use orderflow::config::PARTITIONS;
use orderflow::infra::replays::{self, Replay, Window};
use orderflow::ports::Clock;
use orderflow::{Failure, Role, Running, infra};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

/// Longer than any deadline of the saga, so that every timer has rung.
const SETTLED: u64 = 3600;

async fn order(api: &Running, order: &str, price: u64) {
    let items = json!([{ "product_id": "lamp", "quantity": 1, "unit_price_minor_units": price }]);
    let body =
        json!({ "order_id": order, "customer_id": "ann", "currency": "EUR", "items": items });
    assert_eq!(call(api.router(), Method::POST, "/orders", &body).await.0, 201);
    wait(10).await;
}

async fn confirm(api: &Running, order: &str) {
    let path = format!("/orders/{order}/confirm");
    let body = json!({ "payment_method": "card" });
    assert_eq!(call(api.router(), Method::POST, &path, &body).await.0, 200);
    wait(10).await;
}

async fn cancel(api: &Running, order: &str) {
    let path = format!("/orders/{order}/cancel");
    assert_eq!(call(api.router(), Method::POST, &path, &json!({})).await.0, 200);
}

async fn status(api: &Running, order: &str) -> Value {
    let path = format!("/orders/{order}");
    call(api.router(), Method::GET, &path, &json!({})).await.1["status"].take()
}

/// Every item of every table, and how many messages each queue holds: histories, stock, payments,
/// what the gateway knows, read rows, notifications, what staff have before them.
async fn everything(shop: &Shop) -> BTreeMap<String, Vec<String>> {
    let mut all = BTreeMap::new();
    let dynamodb = shop.aws.dynamodb();
    let tables =
        dynamodb.list_tables().send().await.expect("ListTables").table_names.expect("some");
    // How far the stream is counted goes with the time; what is counted does not.
    for table in tables.into_iter().filter(|name| *name != shop.names.analytics_table()) {
        let scanned = dynamodb.scan().table_name(&table).consistent_read(true).send().await;
        let scanned = scanned.expect("Scan");
        assert_eq!(scanned.last_evaluated_key, None, "{table} fits into one page");
        let items = scanned.items.unwrap_or_default().into_iter();
        let mut items: Vec<_> = items
            .map(|item| format!("{:?}", item.into_iter().collect::<BTreeMap<_, _>>()))
            .collect();
        items.sort();
        all.insert(table, items);
    }
    let analytics = AnalyticsTable::new(&shop.aws, &shop.names);
    let totals = figures::totals(&analytics, PARTITIONS).await.expect("totals");
    all.insert("figures".to_owned(), vec![json!(totals.counts).to_string()]);
    for queue in shop.queues("").await {
        let waiting = shop.visible(&shop.queue(&queue).await).await;
        all.insert(format!("queue {queue}"), vec![waiting.to_string()]);
    }
    all
}

/// Replays all that ever happened.
async fn replay(shop: &Shop, roles: &[Role]) -> Replay {
    let now = shop.clock.now();
    let from = orderflow::domain::Timestamp::from_millis(0);
    let window = Window::new(from, now + Duration::from_secs(1)).expect("a window");
    let started = replays::start(&shop.aws, &shop.names, window, roles, now).await;
    let mut states = Vec::new();
    let ended = replays::wait(&shop.aws, started.expect("started"), |seen| {
        states.push((seen.state.clone(), seen.percent()));
    });
    let ended = ended.await.expect("completed");
    assert!(states.iter().any(|(state, _)| state == "RUNNING"), "{states:?}");
    assert_eq!(states.last(), Some(&("COMPLETED".to_owned(), 100)), "{states:?}");
    ended
}

#[tokio::test(start_paused = true)]
async fn a_replay_to_all_roles_changes_nothing() {
    let shop = Shop::new().await;
    let system = shop.start(&Role::ALL).await;
    let stock = json!({ "on_hand": 3 });
    assert_eq!(call(system.router(), Method::PUT, "/stock/lamp", &stock).await.0, 200);
    // Large enough for staff to look at.
    order(&system, "delivered", 200_000).await;
    confirm(&system, "delivered").await;
    order(&system, "refunded", 500).await;
    confirm(&system, "refunded").await;
    cancel(&system, "refunded").await;
    order(&system, "called-off", 500).await;
    cancel(&system, "called-off").await;
    // Nobody confirms it, so it expires.
    order(&system, "forgotten", 500).await;
    wait(SETTLED).await;
    assert_eq!(status(&system, "delivered").await, "delivered");
    for cancelled in ["refunded", "called-off", "forgotten"] {
        assert_eq!(status(&system, cancelled).await, "cancelled");
    }
    let before = everything(&shop).await;
    let text = format!("{before:?}");
    for seen in ["PaymentRefunded", "ReservationShipped", "notifications#"] {
        assert!(text.contains(seen), "{seen} in {text}");
    }
    assert_eq!(before["queue shop-staff-review"], ["1"]);
    assert!(before["queue shop-staff-mail"] != ["0"] && before["shop-outbox"].is_empty());

    for roles in [&[][..], &[Role::Orders, Role::Inventory, Role::Payments]] {
        let handled = shop.metric("orders_processed").await;
        replay(&shop, roles).await;
        wait(SETTLED).await;
        let after = everything(&shop).await;
        for (what, was) in &before {
            assert_eq!(after.get(what), Some(was), "{what}");
        }
        assert_eq!(after.len(), before.len());
        assert_eq!(shop.metric("orders_processed").await, handled);
    }
    let listed = replays::list(&shop.aws, &shop.names).await.expect("a list");
    assert!(listed.len() == 2 && listed.iter().all(Replay::is_completed), "{listed:?}");
    assert!(listed[0].name < listed[1].name && listed[0].name.starts_with("shop-"));
    system.stop().await;
}

#[tokio::test(start_paused = true)]
async fn a_replay_reaches_only_the_roles_that_it_is_for() {
    let shop = Shop::new().await;
    let api = shop.start(&[Role::Api]).await;
    order(&api, "o", 200_000).await;
    api.stop().await;
    let before = everything(&shop).await;
    let ended = replay(&shop, &[Role::Projector]).await;
    let after = everything(&shop).await;
    let changed = after.iter().filter(|(what, now)| before.get(*what) != Some(now));
    let changed: Vec<_> = changed.map(|(what, now)| (what.as_str(), now.concat())).collect();
    assert_eq!(changed, [("queue shop-projector", "2".to_owned())]);
    let eventbridge = shop.aws.eventbridge();
    let known = eventbridge.describe_replay().replay_name(&ended.name).send().await;
    let known = known.expect("DescribeReplay");
    assert_eq!(known.state.as_ref().map(|state| state.as_str()), Some("COMPLETED"));
    let rules = known.destination.and_then(|to| to.filter_arns).unwrap_or_default();
    assert!(rules.len() == 1 && rules[0].ends_with("rule/shop-events/shop-projector-orders"));
}

#[tokio::test(start_paused = true)]
async fn the_archive_comes_and_goes_with_the_system() {
    let shop = Shop::new().await;
    // Again, as it exists.
    shop.apply().await;
    let eventbridge = shop.aws.eventbridge();
    let described =
        async || eventbridge.describe_archive().archive_name("shop-archive").send().await;
    let archive = described().await.expect("the archive");
    assert_eq!(archive.retention_days, Some(30));
    assert!(archive.event_pattern.is_some_and(|pattern| pattern.contains("ecommerce.")));
    let removed = infra::destroy(&shop.aws, &shop.names).await.expect("destroyed");
    assert!(removed.contains(&"shop-archive".to_owned()), "{removed:?}");
    assert!(described().await.is_err());

    let now = shop.clock.now();
    let window = Window::new(now, now + Duration::from_secs(1)).expect("a window");
    let missing = "there is no archive \"shop-archive\"";
    let refused = replays::start(&shop.aws, &shop.names, window, &[], now).await;
    assert!(
        matches!(&refused, Err(Failure::GiveUp(why)) if why.starts_with(missing)),
        "{refused:?}"
    );
    let refused = replays::list(&shop.aws, &shop.names).await;
    assert!(
        matches!(&refused, Err(Failure::GiveUp(why)) if why.starts_with(missing)),
        "{refused:?}"
    );
}
