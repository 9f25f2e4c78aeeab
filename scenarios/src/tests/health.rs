//! `/health` says what cannot be reached, and how it failed.

use super::shop::{Shop, call, wait};
use http::Method;
use orderflow::{Role, Running};
use serde_json::{Value, json};
use skyrig::FaultRule;

/// The status, and the name and error of each dependency that is not well.
async fn health(api: &Running) -> (u16, Vec<(String, String)>) {
    let (status, report) = call(api.router(), Method::GET, "/health", &Value::Null).await;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let all = report["dependencies"].as_array().expect("dependencies").iter();
    let unwell = all.filter(|it| it["status"] != "ok");
    let unwell: Vec<_> = unwell.map(|it| (text(&it["name"]), text(&it["error"]))).collect();
    let said = if status == 200 { "ok" } else { "unavailable" };
    assert_eq!(report["status"], said, "{report}");
    (status.as_u16(), unwell)
}

fn rule(rule: Value) -> FaultRule {
    serde_json::from_value(rule).expect("a fault rule")
}

#[tokio::test(start_paused = true)]
async fn it_names_what_cannot_be_reached_and_how_it_failed() {
    let shop = Shop::new().await;
    let api = shop.start(&[Role::Api, Role::Notifications]).await;
    let (_, report) = call(api.router(), Method::GET, "/health", &Value::Null).await;
    let names: Vec<_> = report["dependencies"].as_array().expect("dependencies").iter().collect();
    let names: Vec<_> = names.iter().filter_map(|it| it["name"].as_str()).collect();
    assert_eq!(names, ["DynamoDB", "EventBridge", "SNS", "SQS"]);
    assert_eq!(health(&api).await, (200, vec![]));

    let error = json!({ "service": "dynamodb", "operation": "DescribeTable",
        "effect": { "error": { "code": "InternalFailure", "status": 500 } } });
    shop.emulator.set_faults(vec![rule(error)]).expect("a good rule");
    wait(2).await;
    let (status, unwell) = health(&api).await;
    let [(name, why)] = &unwell[..] else { panic!("{unwell:?}") };
    assert_eq!((status, name.as_str()), (503, "DynamoDB"));
    assert!(why.starts_with("DescribeTable: InternalFailure"), "{why}");

    let slow = json!({ "service": "sqs", "operation": "GetQueueUrl",
        "effect": { "delay": { "seconds": 60 } } });
    shop.emulator.set_faults(vec![rule(slow)]).expect("a good rule");
    wait(2).await;
    let (status, unwell) = health(&api).await;
    assert_eq!((status, unwell), (503, vec![("SQS".into(), "no answer within 2 s".into())]));

    let throttled = json!({ "service": "sns", "effect": "throttle" });
    shop.emulator.set_faults(vec![rule(throttled)]).expect("a good rule");
    wait(2).await;
    let (status, unwell) = health(&api).await;
    assert_eq!((status, unwell.len(), unwell[0].0.as_str()), (200, 1, "SNS"), "{unwell:?}");

    shop.emulator.set_faults(vec![]).expect("no rule");
    wait(2).await;
    assert_eq!(health(&api).await, (200, vec![]));
    let (status, _) = call(api.router(), Method::GET, "/health/live", &Value::Null).await;
    assert_eq!(status, 200);
    api.stop().await;
}

#[tokio::test(start_paused = true)]
async fn it_misses_what_was_removed() {
    let shop = Shop::new().await;
    let api = shop.start(&[Role::Api]).await;
    assert_eq!(health(&api).await, (200, vec![]));
    shop.aws.dynamodb().delete_table().table_name("shop-event-store").send().await.expect("gone");
    wait(2).await;
    let (status, unwell) = health(&api).await;
    assert_eq!((status, unwell[0].0.as_str()), (503, "DynamoDB"), "{unwell:?}");
    assert!(unwell[0].1.contains("ResourceNotFoundException"), "{unwell:?}");
    api.stop().await;
}
