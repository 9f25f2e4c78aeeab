//! Subscribers that come, change their minds and go.

use super::shop::{Shop, call, wait};
use http::Method;
use orderflow::app::subscribers::{Filter, Subscriber, SubscriberName};
use orderflow::infra::subscribers::{self, NotPut};
use orderflow::{Role, Running, infra};
use serde_json::{Value, json};
use std::time::Duration;

const PATH: &str = "/subscribers/crm";

/// Places an order for a customer and cancels it; the order's id is the customer's.
async fn place_and_cancel(api: &Running, customer: &str, order: &str) {
    let items = json!([{ "product_id": "lamp", "quantity": 1, "unit_price_minor_units": 500 }]);
    let body =
        json!({ "order_id": order, "customer_id": customer, "currency": "EUR", "items": items });
    assert_eq!(call(api.router(), Method::POST, "/orders", &body).await.0, 201);
    let path = format!("/orders/{order}/cancel");
    assert_eq!(call(api.router(), Method::POST, &path, &json!({})).await.0, 200);
    wait(60).await;
}

/// Subject and text of all that has come, sorted.
async fn received(shop: &Shop) -> Vec<String> {
    let queue = shop.queue("shop-crm").await;
    let mut told = Vec::new();
    while shop.visible(&queue).await > 0 {
        let messages = queue.receive(10, Duration::ZERO, None).await.expect("received");
        let handles: Vec<_> = messages.iter().map(|one| one.receipt_handle.clone()).collect();
        for message in messages {
            let body: Value = serde_json::from_str(&message.body).expect("SNS's JSON");
            let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
            told.push(format!("{}: {}", text("Subject"), text("Message")));
        }
        assert_eq!(queue.delete(&handles).await, Ok(0));
    }
    told.sort();
    told
}

#[tokio::test(start_paused = true)]
async fn a_subscriber_gets_what_its_filter_lets_through_until_it_is_removed() {
    let shop = Shop::new().await;
    let api = shop.start(&[Role::Api, Role::Notifications]).await;
    let put = async |filter: &Value| call(api.router(), Method::PUT, PATH, filter).await;
    assert_eq!(call(api.router(), Method::GET, PATH, &json!({})).await.0, 404);
    let filter = json!({
        "audience": ["customer"],
        "event_type": ["Order Cancelled", "Order Shipped"],
        "customer_id": ["ann", "eve"],
    });
    let (status, shown) = put(&filter).await;
    let expected = json!({ "name": "crm", "queue": "shop-crm", "filter": filter });
    assert_eq!((status.as_u16(), &shown), (201, &expected));
    assert_eq!(put(&filter).await, (http::StatusCode::OK, expected));

    place_and_cancel(&api, "ann", "a-1").await;
    place_and_cancel(&api, "bob", "b-1").await;
    let cancelled = "was cancelled: requested by the customer.";
    assert_eq!(received(&shop).await, [format!("Order Cancelled: Order a-1 {cancelled}")]);

    let other = json!({ "audience": ["customer"], "customer_id": ["bob"] });
    assert_eq!(put(&other).await.0, 200);
    place_and_cancel(&api, "ann", "a-2").await;
    place_and_cancel(&api, "bob", "b-2").await;
    let placed = "Order Placed: We have received order b-2 over 5.00 EUR: 1 x lamp.";
    let all = [format!("Order Cancelled: Order b-2 {cancelled}"), placed.to_owned()];
    assert_eq!(received(&shop).await, all);

    for _ in 0..2 {
        assert_eq!(call(api.router(), Method::DELETE, PATH, &json!({})).await.0, 204);
    }
    assert!(shop.queues("crm").await.is_empty());
    place_and_cancel(&api, "bob", "b-3").await;
    wait(60).await;
    assert_eq!(put(&other).await.0, 201);
    assert!(received(&shop).await.is_empty());
    api.stop().await;
}

#[tokio::test(start_paused = true)]
async fn all_subscribers_are_listed_and_go_with_the_system() {
    let shop = Shop::new().await;
    let api = shop.start(&[Role::Api]).await;
    let pager = json!({ "audience": ["staff"], "priority": ["high"] });
    assert_eq!(call(api.router(), Method::PUT, PATH, &pager).await.0, 201);
    // Again, with one more than the system has by itself.
    shop.apply().await;
    let (_, listed) = call(api.router(), Method::GET, "/subscribers", &json!({})).await;
    assert_eq!(listed["next_token"], Value::Null);
    let listed = listed["subscribers"].as_array().expect("a list").iter();
    let found: Vec<_> =
        listed.map(|one| (one["name"].as_str().expect("a name"), &one["filter"])).collect();
    let (customer, staff) = (json!({ "audience": ["customer"] }), json!({ "audience": ["staff"] }));
    let expected = [
        ("crm", &pager),
        ("customer-mail", &customer),
        ("staff-mail", &staff),
        ("staff-pager", &pager),
    ];
    assert_eq!(found, expected);
    let (mut path, mut pages) = ("/subscribers?limit=3".to_owned(), Vec::new());
    loop {
        let (_, page) = call(api.router(), Method::GET, &path, &json!({})).await;
        pages.push(page["subscribers"].as_array().expect("a list").len());
        let Some(token) = page["next_token"].as_str() else { break };
        path = format!("/subscribers?limit=3&next_token={token}");
    }
    assert_eq!(pages, [3, 1]);
    for wrong in ["limit=0", "limit=1001", "next_token=x"] {
        let path = format!("/subscribers?{wrong}");
        assert_eq!(call(api.router(), Method::GET, &path, &json!({})).await.0, 400, "{wrong}");
    }
    let removed = infra::destroy(&shop.aws, &shop.names).await.expect("destroyed");
    assert!(removed.contains(&"shop-crm".to_owned()), "{removed:?}");
    assert!(shop.queues("").await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_second_of_two_at_once_is_told_why_not() {
    let shop = Shop::new().await;
    let api = shop.start(&[Role::Api]).await;
    let put = async |filter: &Value| call(api.router(), Method::PUT, PATH, filter).await;
    let filters =
        [json!({ "audience": ["staff"], "priority": ["high"] }), json!({ "audience": ["staff"] })];
    // So slow that neither sees the other's subscription before it makes its own.
    let slow = json!({ "service": "sqs", "operation": "CreateQueue",
        "effect": { "delay": { "seconds": 2 } } });
    let slow = serde_json::from_value(slow).expect("a fault rule");
    shop.emulator.set_faults(vec![slow]).expect("a good rule");
    let answers = tokio::join!(put(&filters[0]), put(&filters[1]));
    let mut answers = [answers.0, answers.1].map(|(status, body)| (status.as_u16(), body));
    answers.sort_by_key(|(status, _)| *status);
    let [(201, _), (409, refusal)] = &answers else { panic!("{answers:?}") };
    assert_eq!(refusal["code"], "SubscriberExists");
    let message = refusal["detail"].as_str().expect("a message");
    assert_eq!(message, "subscriber crm exists already, with another filter");
    // Asked again it is a change.
    assert_eq!(put(&filters[0]).await.0, 200);
    api.stop().await;
}

#[tokio::test(start_paused = true)]
async fn who_comes_back_within_a_minute_is_told_to_wait() {
    let shop = Shop::new().await;
    let api = shop.start(&[Role::Api]).await;
    let staff = json!({ "audience": ["staff"] });
    let put = async || {
        let (status, answer) = call(api.router(), Method::PUT, PATH, &staff).await;
        (status.as_u16(), answer["code"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(put().await, (201, String::new()));
    assert_eq!(call(api.router(), Method::DELETE, PATH, &json!({})).await.0, 204);
    assert_eq!(put().await, (409, "SubscriberRemovedJustNow".to_owned()));
    wait(58).await;
    assert_eq!(put().await.0, 409);
    wait(3).await;
    assert_eq!(put().await, (201, String::new()));
    api.stop().await;
}

#[tokio::test(start_paused = true)]
async fn adding_leaves_one_that_is_there_as_it_is() {
    let shop = Shop::new().await;
    let with = |audience: &str| Subscriber {
        name: SubscriberName::parse("crm").expect("a name"),
        filter: Filter { audience: vec![audience.to_owned()], ..Filter::default() },
    };
    let add =
        async |audience: &str| subscribers::add(&shop.aws, &shop.names, &with(audience)).await;
    assert_eq!(add("staff").await, Ok(()));
    assert_eq!(add("staff").await, Ok(()));
    let (again, other) = tokio::join!(add("staff"), add("customer"));
    let exists = Err(NotPut::Exists(with("staff").name));
    assert_eq!((again, other), (Ok(()), exists));
    let listed = subscribers::get(&shop.aws, &shop.names, &with("staff").name).await;
    assert_eq!(
        listed.expect("SNS answers").map(|it| it.filter),
        Some(json!({ "audience": ["staff"] }))
    );
}
