//! What nobody uses costs nothing: no timer, no call, no memory.

use super::*;

const DAY_SECONDS: u64 = 86_400;

#[test]
fn functions_mappings_and_schedules_that_idle_cost_nothing() {
    let mut mapped = Mapped::new();
    let stream = mapped.stream();
    mapped.map(&json!({}));
    mapped.map(&json!({"EventSourceArn": arn("sqs", "in.fifo")}));
    mapped.map(&json!({"EventSourceArn": stream, "StartingPosition": "LATEST"}));
    mapped.ask("POST", "/2021-10-31/functions/f/url", &json!({"AuthType": "NONE"}));
    let schedule = |state: &str, at: &str| {
        json!({
            "State": state, "ScheduleExpression": at, "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": {"Arn": arn("sqs", "dead"), "RoleArn": "arn:aws:iam::000000000000:role/r"},
        })
    };
    let send = |mapped: &mut Mapped, method: &str, name: &str, body: &Value| {
        let uri = format!("/schedules/{name}");
        let request = crate::cloud::request::rest("scheduler", (method, &uri), body.to_string());
        let response = mapped.world.send(request).expect("it answers at once");
        assert!(response.status().is_success(), "{response:?}");
    };
    send(&mut mapped, "POST", "off", &schedule("DISABLED", "rate(1 minute)"));
    assert_eq!(mapped.world.cloud.next_deadline(), None, "nobody has a timer");
    let before = mapped.world.cloud.snapshot().len();
    let told = mapped.world.cloud.lineage().entries().count();
    mapped.world.advance_seconds(DAY_SECONDS);
    assert!(mapped.batches().is_empty());
    assert_eq!(mapped.world.cloud.snapshot().len(), before, "nothing was kept");
    assert_eq!(mapped.world.cloud.lineage().entries().count(), told, "nobody was called");
    // One that rings tomorrow has that one timer.
    mapped.world.advance_seconds(60);
    send(&mut mapped, "PUT", "off", &schedule("ENABLED", "rate(1 day)"));
    // The first time is now.
    mapped.world.advance_seconds(1);
    let rings = mapped.world.cloud.next_deadline().expect("it has a timer");
    mapped.world.advance_seconds(DAY_SECONDS / 2);
    assert_eq!(mapped.world.cloud.next_deadline(), Some(rings));
    // What a message leads to is over with it.
    send(&mut mapped, "PUT", "off", &schedule("DISABLED", "rate(1 day)"));
    mapped.send(&["a"]);
    let batch = mapped.one();
    mapped.returns(&batch, "{}");
    mapped.world.advance_seconds(DAY_SECONDS);
    assert_eq!((mapped.counts("from"), mapped.batches().len()), ((0, 0), 0));
    assert_eq!(mapped.world.cloud.next_deadline(), None);
}
