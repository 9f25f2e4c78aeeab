use super::{AtWork, Busy, Call, Traffic};
use crate::aws::Depth;
use serde_json::json;
use std::time::Duration;
use tokio::time::Instant;

const SETTLE: Duration = Duration::from_millis(500);
const SOON: Duration = Duration::from_millis(100);
const LATER: Duration = Duration::from_secs(5);

fn call(operation: &str, handle: &str) -> Call {
    Call {
        service: "sqs".to_owned(),
        operation: operation.to_owned(),
        subject: Some("orders".to_owned()),
        handles: vec![handle.to_owned()],
        gives_back: false,
    }
}

fn depth(visible: usize, in_flight: usize) -> [Depth; 1] {
    let queue = "arn:aws:sqs:us-east-1:000000000000:orders";
    let depth = json!({
        "queue": queue, "visible": visible, "in_flight": in_flight, "delayed": 0,
    });
    [serde_json::from_value(depth).expect("a depth")]
}

/// A worker that has received message 1 and was answered at `now`.
fn holding(busy: Busy, now: Instant) -> Traffic {
    let traffic = Traffic::default();
    traffic.join("worker", busy);
    traffic.lives("worker");
    let receive = call("ReceiveMessage", "");
    let unanswered = traffic.begin("worker", &receive, now);
    let answer = br#"{"Messages":[{"MessageId":"1","ReceiptHandle":"h"}]}"#;
    traffic.answered("worker", &receive, answer, true, now + Duration::from_millis(1));
    drop(unanswered);
    traffic
}

fn holds(found: Option<AtWork>) -> bool {
    matches!(found, Some(AtWork::Holds { .. }))
}

/// Nothing may come back to the queue while somebody works on it in silence.
#[test]
fn a_silent_worker_is_at_work_until_it_asks_for_more() {
    let now = Instant::now();
    let check = |busy: Busy, silent: bool, asked: bool| {
        let traffic = holding(busy.clone(), now);
        let seen = holds(traffic.at_work(now + LATER, SETTLE, 0, &depth(0, 1)));
        assert_eq!(seen, silent, "{busy:?}, silent");
        let receive = call("ReceiveMessage", "");
        let _parked = traffic.begin("worker", &receive, now + LATER);
        let seen = holds(traffic.at_work(now + LATER, SETTLE, 1, &depth(0, 1)));
        assert_eq!(seen, asked, "{busy:?}, asks again");
    };
    check(Busy::Asks, true, false);
    check(Busy::Holds, true, true);
    check(Busy::Heard, false, false);
    check(Busy::Never, false, false);
}

#[test]
fn whoever_speaks_is_at_work_though_it_polls() {
    let now = Instant::now();
    let traffic = holding(Busy::Asks, now);
    let _parked = traffic.begin("worker", &call("ReceiveMessage", ""), now + LATER);
    let put = call("PutItem", "");
    drop(traffic.begin("worker", &put, now + LATER));
    traffic.answered("worker", &put, b"{}", true, now + LATER);
    let at = |after: Duration| traffic.at_work(now + LATER + after, SETTLE, 1, &depth(0, 1));
    assert!(holds(at(SOON)));
    assert_eq!(at(LATER), None);
}

#[test]
fn whoever_waits_for_a_delayed_answer_does_nothing() {
    let now = Instant::now();
    for (busy, is_at_work) in [(Busy::Asks, false), (Busy::Heard, false), (Busy::Holds, true)] {
        let traffic = holding(busy.clone(), now);
        let _delayed = traffic.begin("worker", &call("PutItem", ""), now);
        let found = traffic.at_work(now + SOON, SETTLE, 1, &depth(0, 1));
        assert_eq!(holds(found), is_at_work, "{busy:?}");
    }
}

#[test]
fn what_is_deleted_or_came_back_is_in_no_hand() {
    let now = Instant::now();
    let quiet = |traffic: &Traffic, depth: &[Depth]| {
        traffic.at_work(now + LATER, SETTLE, 0, depth).is_none()
    };
    let traffic = holding(Busy::Holds, now);
    assert!(!quiet(&traffic, &depth(0, 1)));
    traffic.answered("worker", &call("DeleteMessage", "h"), b"", false, now);
    assert!(!quiet(&traffic, &depth(0, 1)), "a refused delete deletes nothing");
    traffic.answered("worker", &call("DeleteMessage", "h"), b"", true, now);
    assert!(quiet(&traffic, &depth(0, 0)));
    let traffic = holding(Busy::Holds, now);
    assert!(quiet(&traffic, &depth(0, 0)), "its visibility timeout has ended");
    let traffic = holding(Busy::Holds, now);
    traffic.gone("worker");
    assert!(quiet(&traffic, &depth(0, 1)), "its holder is dead");
    let traffic = holding(Busy::Holds, now);
    traffic.stands("worker");
    assert!(quiet(&traffic, &depth(0, 1)), "its holder stands still");
    traffic.lives("worker");
    assert!(!quiet(&traffic, &depth(0, 1)), "its holder goes on with it");
    traffic.give_up(&AtWork::Holds {
        who: "worker".to_owned(),
        queue: "orders".to_owned(),
        messages: vec!["1".to_owned()],
    });
    assert!(quiet(&traffic, &depth(0, 1)), "time waits for it no more");
}

#[test]
fn a_request_counts_until_it_is_answered_unless_it_is_parked() {
    let now = Instant::now();
    let traffic = Traffic::default();
    traffic.join("api", Busy::Asks);
    traffic.lives("api");
    let put = call("PutItem", "");
    let unanswered = traffic.begin("api", &put, now);
    let at = |after, parked| traffic.at_work(now + after, SETTLE, parked, &depth(0, 0));
    assert_eq!(at(LATER, 0), Some(AtWork::Unanswered(1)));
    assert_eq!(at(LATER, 1), None);
    drop(unanswered);
    assert_eq!(at(SOON, 0), Some(AtWork::Heard { who: "api".to_owned() }));
    assert_eq!(at(LATER, 0), None);
}

/// Polls that find nothing tell nothing, or a process that polls in short would hold time up.
#[test]
fn a_message_waits_for_whoever_receives_from_its_queue() {
    let now = Instant::now();
    let traffic = Traffic::default();
    traffic.join("worker", Busy::Asks);
    traffic.lives("worker");
    let receive = call("ReceiveMessage", "");
    drop(traffic.begin("worker", &receive, now));
    traffic.answered("worker", &receive, b"{}", true, now);
    assert_eq!(traffic.at_work(now, SETTLE, 0, &depth(0, 0)), None);
    let unread = AtWork::Unread { who: "worker".to_owned(), queue: "orders".to_owned() };
    assert_eq!(traffic.at_work(now + LATER, SETTLE, 0, &depth(1, 0)), Some(unread.clone()));
    traffic.give_up(&unread);
    assert_eq!(traffic.at_work(now + LATER, SETTLE, 0, &depth(1, 0)), None);
    // It asks again, so it counts again; while it is parked there, the cloud would give it to it.
    let parked = traffic.begin("worker", &receive, now + LATER);
    assert_eq!(traffic.at_work(now + LATER, SETTLE, 1, &depth(1, 0)), None);
    drop(parked);
    assert_eq!(traffic.at_work(now + LATER, SETTLE, 0, &depth(1, 0)), Some(unread));
}

#[test]
fn a_look_of_the_script_is_no_work() {
    let now = Instant::now();
    let traffic = Traffic::default();
    for who in ["api", "worker"] {
        traffic.join(who, Busy::Asks);
        traffic.lives(who);
    }
    let receive = call("ReceiveMessage", "");
    drop(traffic.begin("worker", &receive, now));
    let at = |traffic: &Traffic| traffic.at_work(now + SOON, SETTLE, 0, &depth(0, 0));
    let look = |who: &str| {
        let before = traffic.before_a_look();
        drop(traffic.begin(who, &call("GetItem", ""), now));
        traffic.after_a_look(before);
        at(&traffic)
    };
    assert_eq!(look("api"), None);
    // Whoever receives messages may have been heard with one.
    assert_eq!(look("worker"), Some(AtWork::Heard { who: "worker".to_owned() }));
}
