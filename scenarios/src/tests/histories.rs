//! What a process remembers of a history is never more than what it may build on.

use super::shop::Shop;
use orderflow::adapters::event_store::{
    Commit, CommitError, EventStore, NewEvent, StreamAppend, Tip,
};
use orderflow::domain::Timestamp;
use serde_json::json;
use std::time::Duration;
use tokio::time::{sleep, timeout};

/// The id of what `who` writes as this version.
fn id(version: u64, who: char) -> String {
    format!("{who}0000000-0000-4000-8000-{version:012}")
}

fn append(version: u64) -> Commit {
    by('a', version, 'a')
}

/// What `who` writes after the event that `before` has written.
fn by(who: char, version: u64, before: char) -> Commit {
    let event = NewEvent {
        event_id: id(version, who),
        event_type: "Happened",
        schema: 1,
        data: "{}".to_owned(),
    };
    let last = version - 1;
    let after = Tip { version: last, event_id: (last > 0).then(|| id(last, before)) };
    let (events, snapshot) = (vec![event], None);
    Commit {
        streams: vec![StreamAppend { stream_id: "s".into(), after, events, snapshot }],
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

/// Another process has written the version that was given up here.
#[tokio::test(start_paused = true)]
async fn nothing_is_built_on_another_event_of_the_same_version() {
    let shop = Shop::new().await;
    let [here, there] = [(); 2].map(|()| EventStore::new(&shop.aws, &shop.names));
    here.commit(&append(1)).await.expect("the first");
    assert!(timeout(Duration::from_millis(1), here.commit(&append(2))).await.is_err());
    there.load("s").await.expect("a history");
    there.commit(&by('b', 2, 'a')).await.expect("the other's");
    assert_eq!(versions(&here).await, [1, 2], "and it is known here");
    // Decided when the first version 2 was remembered.
    let built_on_it = here.commit(&by('a', 3, 'a')).await;
    assert!(matches!(built_on_it, Err(CommitError::Conflict)), "{built_on_it:?}");
    // In one transaction with what it does not follow on.
    let (good, built_on_it) = (by('b', 3, 'b'), by('a', 4, 'a'));
    let (good, built_on_it) = tokio::join!(here.commit(&good), here.commit(&built_on_it));
    good.expect("what follows");
    assert!(matches!(built_on_it, Err(CommitError::Conflict)), "{built_on_it:?}");
    assert_eq!(versions(&here).await, [1, 2, 3]);
}
