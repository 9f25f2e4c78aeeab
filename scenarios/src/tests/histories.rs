//! What a process remembers of a history is never more than what it may build on.

use super::shop::Shop;
use orderflow::adapters::event_store::{Commit, CommitError, EventStore, NewEvent, StreamAppend};
use orderflow::domain::Timestamp;
use serde_json::json;
use std::time::Duration;
use tokio::time::{sleep, timeout};

fn append(version: u64) -> Commit {
    let event = NewEvent {
        event_id: format!("00000000-0000-4000-8000-{version:012}"),
        event_type: "Happened",
        schema: 1,
        data: "{}".to_owned(),
    };
    let expected_version = version - 1;
    let (events, snapshot) = (vec![event], None);
    Commit {
        streams: vec![StreamAppend { stream_id: "s".into(), expected_version, events, snapshot }],
        outbox: Vec::new(),
        once: None,
        recorded_at: Timestamp::from_millis(0),
        correlation_id: String::new(),
        causation_id: String::new(),
    }
}

async fn versions(store: &EventStore) -> Vec<u64> {
    store.load("s").await.expect("a history").iter().map(|event| event.version).collect()
}

#[tokio::test(start_paused = true)]
async fn nothing_is_built_on_a_commit_that_was_given_up() {
    let shop = Shop::new().await;
    let store = EventStore::new(&shop.aws, &shop.names);
    store.commit(&append(1)).await.expect("the first");
    // Who waited for it is gone before it was asked for.
    assert!(timeout(Duration::from_millis(1), store.commit(&append(2))).await.is_err());
    let built_on_it = store.commit(&append(3)).await;
    assert!(matches!(built_on_it, Err(CommitError::Conflict)), "{built_on_it:?}");
    assert_eq!(versions(&store).await, [1]);
    store.commit(&append(2)).await.expect("decided anew");
    store.commit(&append(3)).await.expect("what follows");
    assert_eq!(versions(&store).await, [1, 2, 3]);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_built_on_a_commit_that_failed_meanwhile() {
    let shop = Shop::new().await;
    let store = EventStore::new(&shop.aws, &shop.names);
    store.commit(&append(1)).await.expect("the first");
    // The SDK does not ask again for what is refused so.
    let error = json!({ "code": "AccessDeniedException", "status": 400 });
    let rule = json!({ "service": "dynamodb", "operation": "TransactWriteItems", "times": 1,
        "effect": { "error": error } });
    shop.emulator
        .set_faults(vec![serde_json::from_value(rule).expect("a rule")])
        .expect("a good rule");
    let follows = async {
        // Decided while the other was under way, and asked for in the next call.
        sleep(Duration::from_millis(10)).await;
        store.commit(&append(3)).await
    };
    let second = append(2);
    let (failed, follows) = tokio::join!(store.commit(&second), follows);
    assert!(matches!(failed, Err(CommitError::Failed(_))), "{failed:?}");
    assert!(matches!(follows, Err(CommitError::Conflict)), "{follows:?}");
    assert_eq!(versions(&store).await, [1]);
}
