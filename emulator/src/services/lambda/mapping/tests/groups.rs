//! FIFO queues: whatever becomes of batches, a group is dealt with in its order.

use std::collections::BTreeSet;

use super::*;

/// What the function makes of a batch.
#[derive(Clone, Copy, Debug)]
enum End {
    Fails,
    /// It stops at that message, and reports all from there on.
    StopsAt(usize),
    Done,
}

impl Mapped {
    /// The function ends so, and what is left of each group is told.
    fn deal(&mut self, batch: &Batch, end: End, left: &mut BTreeMap<String, Vec<String>>) {
        let count = batch.records.len();
        let done = match end {
            End::Fails => return self.fails(batch),
            End::StopsAt(at) => at.min(count),
            End::Done => count,
        };
        let failed = batch.records[done..].iter();
        let failed = failed.map(|record| json!({"itemIdentifier": record["messageId"]}));
        let failed: Vec<Value> = failed.collect();
        self.returns(batch, &json!({"batchItemFailures": failed}).to_string());
        for record in &batch.records[..done] {
            let group = record["attributes"]["MessageGroupId"].as_str().unwrap();
            left.get_mut(group).unwrap().remove(0);
        }
    }
}

fn end() -> impl Strategy<Value = End> {
    prop_oneof![Just(End::Fails), (0..4_usize).prop_map(End::StopsAt), Just(End::Done)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    #[test]
    fn groups_stay_in_order_whatever_fails(
        groups in prop::collection::vec(0..3_u8, 1..16),
        ends in prop::collection::vec(end(), 1..20),
        size in 1..5_i32,
    ) {
        let mut mapped = Mapped::new();
        mapped.map(&json!({
            "EventSourceArn": arn("sqs", "in.fifo"), "BatchSize": size,
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
        }));
        for (number, group) in groups.iter().enumerate() {
            let request = json!({
                "QueueUrl": "in.fifo", "MessageBody": number.to_string(),
                "MessageGroupId": group.to_string(),
            });
            mapped.world.ok("AmazonSQS.SendMessage", request);
        }
        // What each group has still to see, in order.
        let mut left: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (number, group) in groups.iter().enumerate() {
            left.entry(group.to_string()).or_default().push(number.to_string());
        }
        // At last everything is dealt with.
        let mut ends = ends.into_iter().chain(std::iter::repeat(End::Done));
        for _ in 0..60 {
            loop {
                let batches = mapped.batches();
                if batches.is_empty() {
                    break;
                }
                let mut open = BTreeSet::new();
                for batch in &batches {
                    let mut seen = BTreeMap::new();
                    batch.note(&mut seen);
                    for (group, bodies) in &seen {
                        prop_assert!(left[group].starts_with(bodies), "{left:?} {seen:?}");
                        prop_assert!(open.insert(group.clone()), "group {} twice at once", group);
                    }
                }
                for batch in &batches {
                    mapped.deal(batch, ends.next().unwrap_or(End::Done), &mut left);
                }
            }
            mapped.world.advance_seconds(31);
        }
        prop_assert!(left.values().all(Vec::is_empty), "{:?}", left);
        prop_assert_eq!(mapped.counts("in.fifo"), (0, 0));
    }
}
