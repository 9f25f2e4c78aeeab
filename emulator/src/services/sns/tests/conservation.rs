//! No message is lost or doubled, however receivers fail and whatever is set meanwhile.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

#[derive(Clone, Debug)]
enum Step {
    Publish {
        kind: bool,
    },
    Filter {
        on: bool,
    },
    Raw {
        on: bool,
    },
    /// The receiver fails so many times for each message.
    Fail {
        times: u32,
    },
    /// Nobody may send to the receiver any more.
    Forbid,
    Wait {
        seconds: u64,
    },
    /// The emulator is started anew from a snapshot.
    Restart,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => any::<bool>().prop_map(|kind| Step::Publish { kind }),
        1 => any::<bool>().prop_map(|on| Step::Filter { on }),
        1 => any::<bool>().prop_map(|on| Step::Raw { on }),
        2 => (0..14_u32).prop_map(|times| Step::Fail { times }),
        1 => Just(Step::Forbid),
        2 => (0..60_u64).prop_map(|seconds| Step::Wait { seconds }),
        1 => Just(Step::Restart),
    ]
}

fn set_faults(sns: &mut Sns, rules: Value) {
    sns.0.set_faults(serde_json::from_value(rules).unwrap()).unwrap();
}

/// The texts in a queue, out of their notifications where they are in any.
fn texts(sns: &mut Sns, queue: &str) -> Vec<String> {
    let received = std::iter::from_fn(|| Some(sns.receive(queue)).filter(|it| !it.is_empty()));
    let text = |message: Value| {
        let body = message["Body"].as_str().unwrap().to_owned();
        let notification: Option<Value> = serde_json::from_str(&body).ok();
        notification.map_or(body, |it| it["Message"].as_str().unwrap().to_owned())
    };
    received.flatten().map(text).collect()
}

fn run(steps: Vec<Step>) {
    let hidden = [("VisibilityTimeout", "43200")];
    let mut sns = Sns::new();
    sns.queue("q", &hidden);
    sns.queue("dlq", &hidden);
    sns.ok("CreateTopic", &[("Name", "t")]);
    let dlq = json!({"deadLetterTargetArn": queue_arn("dlq")}).to_string();
    let arn = sns.subscribe("t", "q", &[("RedrivePolicy", &dlq)]);
    let set = |sns: &mut Sns, name: &str, value: &str| {
        let form =
            [("SubscriptionArn", arn.as_str()), ("AttributeName", name), ("AttributeValue", value)];
        sns.ok("SetSubscriptionAttributes", &form);
    };
    let (mut filtered, mut expected) = (false, BTreeMap::new());
    for (number, step) in steps.into_iter().enumerate() {
        match step {
            Step::Publish { kind } => {
                let text = format!("m{number}");
                let word = if kind { "a" } else { "b" };
                sns.publish("t", &text, &attributes(&[("kind", "String", word)]).borrowed());
                if kind || !filtered {
                    expected.insert(text, 1);
                }
            }
            Step::Filter { on } => {
                filtered = on;
                set(&mut sns, "FilterPolicy", if on { r#"{"kind":["a"]}"# } else { "{}" });
            }
            Step::Raw { on } => set(&mut sns, "RawMessageDelivery", &on.to_string()),
            Step::Fail { times: 0 } => set_faults(&mut sns, json!([])),
            Step::Fail { times } => {
                let effect = json!({"fail-delivery": {"times": times}});
                set_faults(&mut sns, json!([{"service": "sns", "effect": effect}]));
            }
            Step::Forbid => {
                let effect = json!("remove-policy");
                set_faults(&mut sns, json!([{"service": "sns", "effect": effect}]));
            }
            Step::Wait { seconds } => sns.0.advance_seconds(seconds),
            Step::Restart => sns.0.restart(),
        }
    }
    set_faults(&mut sns, json!([]));
    sns.0.advance_seconds(3600);
    let mut found = BTreeMap::new();
    for text in texts(&mut sns, "q").into_iter().chain(texts(&mut sns, "dlq")) {
        *found.entry(text).or_insert(0) += 1;
    }
    assert_eq!(found, expected);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn messages_are_neither_lost_nor_doubled(steps in proptest::collection::vec(step(), 1..40)) {
        run(steps);
    }
}
