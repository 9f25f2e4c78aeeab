use proptest::prelude::*;
use serde_json::{Value, json};

use super::{key, ok, with, world};
use crate::cloud::testing::World;

#[derive(Clone, Debug)]
enum Step {
    Put { pk: u8, sk: i8, status: Option<u8>, at: i8 },
    Add { pk: u8, sk: i8 },
    SetStatus { pk: u8, sk: i8, status: u8 },
    Delete { pk: u8, sk: i8 },
    Query { pk: u8, low: i8, forward: bool, limit: u8 },
    QueryIndex { status: u8, forward: bool, limit: u8 },
}

fn step() -> impl Strategy<Value = Step> {
    let (pk, sk, status) = (0..3_u8, -4..4_i8, 0..2_u8);
    let slot = (pk.clone(), sk.clone());
    prop_oneof![
        4 => (slot.clone(), proptest::option::of(status.clone()), -2..2_i8)
            .prop_map(|((pk, sk), status, at)| Step::Put { pk, sk, status, at }),
        2 => slot.clone().prop_map(|(pk, sk)| Step::Add { pk, sk }),
        2 => (slot.clone(), status.clone())
            .prop_map(|((pk, sk), status)| Step::SetStatus { pk, sk, status }),
        2 => slot.prop_map(|(pk, sk)| Step::Delete { pk, sk }),
        1 => (pk, sk, any::<bool>(), 1..5_u8)
            .prop_map(|(pk, low, forward, limit)| Step::Query { pk, low, forward, limit }),
        1 => (status, any::<bool>(), 1..5_u8)
            .prop_map(|(status, forward, limit)| Step::QueryIndex { status, forward, limit }),
    ]
}

/// A table as a list that is searched from end to end.
#[derive(Default)]
struct Naive {
    items: Vec<Row>,
}

#[derive(Clone, Debug, PartialEq)]
struct Row {
    pk: u8,
    sk: i8,
    status: Option<u8>,
    at: Option<i8>,
    count: i64,
}

impl Naive {
    fn find(&mut self, pk: u8, sk: i8) -> Option<&mut Row> {
        self.items.iter_mut().find(|row| (row.pk, row.sk) == (pk, sk))
    }

    fn find_or_make(&mut self, pk: u8, sk: i8) -> &mut Row {
        if self.find(pk, sk).is_none() {
            self.items.push(Row { pk, sk, status: None, at: None, count: 0 });
        }
        self.find(pk, sk).unwrap()
    }

    fn remove(&mut self, pk: u8, sk: i8) {
        self.items.retain(|row| (row.pk, row.sk) != (pk, sk));
    }
}

fn item(row: &Row) -> Value {
    let mut item = key(&row.pk.to_string(), row.sk.into());
    if let Some(status) = row.status {
        item = with(item, json!({"status": {"S": status.to_string()}}));
    }
    if let Some(at) = row.at {
        item = with(item, json!({"at": {"N": at.to_string()}}));
    }
    if row.count != 0 {
        item = with(item, json!({"note": {"N": row.count.to_string()}}));
    }
    item
}

/// Reads all pages.
fn read_all(world: &mut World, mut body: Value) -> Vec<Value> {
    let mut found = Vec::new();
    loop {
        let answer = ok(world, "Query", body.clone());
        found.extend(answer["Items"].as_array().unwrap().clone());
        match answer.get("LastEvaluatedKey") {
            Some(last) => body = with(body, json!({"ExclusiveStartKey": last})),
            None => return found,
        }
    }
}

fn run(world: &mut World, naive: &mut Naive, step: Step) {
    match step {
        Step::Put { pk, sk, status, at } => {
            let row = Row { pk, sk, status, at: Some(at), count: 0 };
            ok(world, "PutItem", json!({"TableName": "orders", "Item": item(&row)}));
            naive.remove(pk, sk);
            naive.items.push(row);
        }
        Step::Add { pk, sk } => {
            let body = json!({
                "TableName": "orders", "Key": key(&pk.to_string(), sk.into()),
                "UpdateExpression": "ADD note :one",
                "ExpressionAttributeValues": {":one": {"N": "1"}}
            });
            ok(world, "UpdateItem", body);
            naive.find_or_make(pk, sk).count += 1;
        }
        Step::SetStatus { pk, sk, status } => {
            let body = json!({
                "TableName": "orders", "Key": key(&pk.to_string(), sk.into()),
                "UpdateExpression": "SET #s = :s", "ExpressionAttributeNames": {"#s": "status"},
                "ExpressionAttributeValues": {":s": {"S": status.to_string()}}
            });
            ok(world, "UpdateItem", body);
            naive.find_or_make(pk, sk).status = Some(status);
        }
        Step::Delete { pk, sk } => {
            let key = key(&pk.to_string(), sk.into());
            ok(world, "DeleteItem", json!({"TableName": "orders", "Key": key}));
            naive.remove(pk, sk);
        }
        Step::Query { pk, low, forward, limit } => {
            let body = json!({
                "TableName": "orders", "KeyConditionExpression": "pk = :p AND sk >= :low",
                "ExpressionAttributeValues": {
                    ":p": {"S": pk.to_string()}, ":low": {"N": low.to_string()}
                },
                "ScanIndexForward": forward, "Limit": limit
            });
            let mut rows: Vec<&Row> =
                naive.items.iter().filter(|row| row.pk == pk && row.sk >= low).collect();
            rows.sort_by_key(|row| row.sk);
            compare(world, body, rows, forward);
        }
        Step::QueryIndex { status, forward, limit } => {
            let body = json!({
                "TableName": "orders", "IndexName": "by-status",
                "KeyConditionExpression": "#s = :s",
                "ExpressionAttributeNames": {"#s": "status"},
                "ExpressionAttributeValues": {":s": {"S": status.to_string()}},
                "ScanIndexForward": forward, "Limit": limit
            });
            let in_index = |row: &&Row| row.status == Some(status) && row.at.is_some();
            let mut rows: Vec<&Row> = naive.items.iter().filter(in_index).collect();
            rows.sort_by_key(|row| (row.at, row.pk, row.sk));
            compare(world, body, rows, forward);
        }
    }
}

fn compare(world: &mut World, body: Value, mut rows: Vec<&Row>, forward: bool) {
    if !forward {
        rows.reverse();
    }
    let expected: Vec<Value> = rows.into_iter().map(item).collect();
    assert_eq!(read_all(world, body), expected);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn tables_agree_with_a_list(steps in proptest::collection::vec(step(), 1..60)) {
        let mut world = world();
        let mut naive = Naive::default();
        for step in steps {
            run(&mut world, &mut naive, step);
        }
        for pk in 0..3 {
            run(&mut world, &mut naive, Step::Query { pk, low: -4, forward: true, limit: 2 });
        }
        let bytes = world.cloud.snapshot();
        let restored = crate::cloud::Cloud::restore(&bytes, crate::cloud::Waiting::Gone).unwrap();
        prop_assert_eq!(restored.snapshot(), bytes);
    }
}
