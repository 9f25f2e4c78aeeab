//! Whatever fails, a pipe loses nothing, and doubles nothing that it need not.

use proptest::prelude::*;
use serde_json::json;

use super::{Clouds, template};

/// What happens next.
#[derive(Clone, Debug)]
enum Step {
    Send,
    /// The target refuses, or its answer gets lost.
    Fails {
        lost: bool,
        times: u32,
    },
    EntriesFail(u32),
    DeletionFails(u32),
    Stop,
    Start,
    Restart,
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => Just(Step::Send),
        1 => (any::<bool>(), 1..3_u32).prop_map(|(lost, times)| Step::Fails { lost, times }),
        1 => (1..3_u32).prop_map(Step::EntriesFail),
        1 => (1..3_u32).prop_map(Step::DeletionFails),
        1 => Just(Step::Stop),
        1 => Just(Step::Start),
        1 => Just(Step::Restart),
        2 => (1..40_u64).prop_map(Step::Wait),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn nothing_is_lost(
        steps in prop::collection::vec(step(), 1..30), size in 1..6_i32, window in 0..4_i32,
    ) {
        let mut clouds = Clouds::new();
        let mut more = template("<$.body>");
        let queue = json!({"BatchSize": size, "MaximumBatchingWindowInSeconds": window});
        more["SourceParameters"] = json!({"SqsQueueParameters": queue});
        clouds.pipe("p", &more);
        let (mut sent, mut may_double) = (Vec::new(), false);
        for step in steps {
            let rule = |operation: &str, resource: &str, times: u32, effect| json!([{
                "name": "r", "service": "sqs", "operation": operation, "resource": resource,
                "times": times, "effect": effect,
            }]);
            let error = json!({"error": {"code": "InternalError", "status": 500}});
            match step {
                Step::Send => {
                    let body = format!("[{}]", sent.len());
                    clouds.send(&[&body]);
                    sent.push(body);
                }
                Step::Fails { lost: false, times } => {
                    clouds.faults(rule("SendMessageBatch", "to", times, error));
                }
                Step::Fails { lost: true, times } => {
                    may_double = true;
                    clouds.faults(rule("SendMessageBatch", "to", times, json!("lose-answer")));
                }
                Step::EntriesFail(times) => {
                    let effect = json!({"fail-entries": {"code": "InternalError", "share": 0.5}});
                    clouds.faults(rule("SendMessageBatch", "to", times, effect));
                }
                Step::DeletionFails(times) => {
                    may_double = true;
                    clouds.faults(rule("DeleteMessageBatch", "from", times, error));
                }
                Step::Stop => drop(clouds.ask("POST", "/v1/pipes/p/stop", &json!({}))),
                Step::Start => drop(clouds.ask("POST", "/v1/pipes/p/start", &json!({}))),
                Step::Restart => clouds.world.restart(),
                Step::Wait(seconds) => clouds.world.advance_seconds(seconds),
            }
        }
        clouds.faults(json!([]));
        clouds.ask("POST", "/v1/pipes/p/start", &json!({}));
        clouds.world.advance_seconds(3600);
        let mut taken = clouds.taken("to");
        taken.sort_unstable();
        if may_double {
            taken.dedup();
        }
        sent.sort_unstable();
        prop_assert_eq!(taken, sent);
        prop_assert_eq!(clouds.counts("from"), (0, 0));
    }
}
