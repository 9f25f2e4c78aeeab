//! Functions that are closures: SNS and SQS lead to them, in virtual time.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_sdk_sns::Client;
use serde_json::{Value, json};
use skyrig::kernel::PolicyMode;
use skyrig::{Emulator, FunctionContext};

const FUNCTION: &str = "arn:aws:lambda:us-east-1:000000000000:function:f";

/// Seconds of virtual time at which the closure was run, and what it was told.
type Log = Arc<Mutex<Vec<(i64, Value)>>>;

/// A topic with the function `f`, whose closure ends each run as the next of `ends` says, in the
/// end well.
async fn subscribed(ends: &[&'static str]) -> (Emulator, Client, String, Log) {
    // Nobody here can write the function's policy: there is no client for Lambda.
    let emulator = Emulator::builder().seed(7).policies(PolicyMode::Warn).build();
    let (log, ends) = (Log::default(), Arc::new(Mutex::new(ends.to_vec())));
    let (kept, begun) = (Arc::clone(&log), emulator.now());
    let closure = move |event: Value, context: FunctionContext| {
        let end = ends.lock().unwrap().pop().unwrap_or_default();
        // The function has three seconds.
        let second = context.deadline.seconds() - 3 - begun.seconds();
        kept.lock().unwrap().push((second, event));
        async move {
            match end {
                "error" => return Err("no".to_owned()),
                "panic" => panic!("no"),
                "slow" => std::future::pending().await,
                _ => {}
            }
            Ok(json!({"done": true}))
        }
    };
    emulator.function("f", closure).unwrap();
    let sns = Client::new(&emulator.sdk_config());
    let topic = sns.create_topic().name("t").send().await.unwrap().topic_arn.unwrap();
    let subscribe = sns.subscribe().topic_arn(&topic).protocol("lambda").endpoint(FUNCTION);
    subscribe.send().await.unwrap();
    (emulator, sns, topic, log)
}

async fn history(ends: &[&'static str]) -> Vec<(i64, Value)> {
    let (emulator, sns, topic, log) = subscribed(ends).await;
    sns.publish().topic_arn(&topic).message("hello").send().await.unwrap();
    emulator.travel(Duration::from_secs(3600)).await;
    assert!(emulator.remove_function("f") && !emulator.remove_function("f"));
    log.lock().unwrap().clone()
}

#[tokio::test(start_paused = true)]
async fn a_closure_is_run_and_tried_again_in_virtual_time() {
    let told = history(&[]).await;
    let [(0, event)] = &told[..] else { panic!("once, and at once: {told:?}") };
    assert_eq!(event["Records"][0]["Sns"]["Message"], "hello");
    assert_eq!(event["Records"][0]["EventSource"], "aws:sns");
    // An event is tried again a minute after its failure, and once more after two.
    for end in ["error", "panic"] {
        let told = history(&[end, end, end]).await;
        let seconds: Vec<i64> = told.iter().map(|(second, _)| *second).collect();
        assert_eq!(seconds, [0, 60, 180], "{end}");
        assert!(told.iter().all(|(_, again)| again == &told[0].1), "the same event");
    }
    assert_eq!(history(&["error"]).await.len(), 2);
    assert_eq!(history(&["slow"]).await.len(), 2, "its time-out is over before it is");
    assert_eq!(history(&["panic"]).await, history(&["panic"]).await, "another run is the same");
}
