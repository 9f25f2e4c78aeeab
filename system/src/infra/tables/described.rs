//! Which tables there are.

use aws_sdk_dynamodb::types::BillingMode;
use serde_json::{Value, json};

use crate::adapters::order_table::{CUSTOMER, INDEX_BY_CUSTOMER, PLACED};
use crate::config::Names;
use crate::infra::resource::{Kind, Resource};
use crate::role::Saga;

struct Table {
    name: String,
    hash_key: &'static str,
    range_key: Option<(&'static str, &'static str)>,
    /// A global secondary index of all attributes: its name and its keys, both texts.
    index: Option<(&'static str, [&'static str; 2])>,
    /// What cannot be made anew from other tables can be put back to any second of 35 days.
    recovery: bool,
}

/// Only a machine's saga has tokens to keep.
pub(in crate::infra) fn describe(names: &Names, saga: Saga) -> Vec<Resource> {
    let resource = |table: Table| {
        let mut keys = vec![(table.hash_key, "S")];
        keys.extend(table.range_key);
        let mut attributes = keys.clone();
        attributes.extend(table.index.iter().flat_map(|(_, keys)| keys.map(|key| (key, "S"))));
        attributes.sort_unstable();
        let attributes: Vec<_> = attributes
            .iter()
            .map(|(name, kind)| json!({ "AttributeName": name, "AttributeType": kind }))
            .collect();
        let names_of = |keys: &[(&'static str, &str)]| keys.iter().map(|it| it.0).collect();
        let mut properties = json!({
            "TableName": table.name,
            "BillingMode": BillingMode::PayPerRequest.as_str(),
            "AttributeDefinitions": attributes,
            "KeySchema": key_schema(names_of(&keys)),
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": table.recovery},
        });
        if let Some((name, keys)) = table.index {
            properties["GlobalSecondaryIndexes"] = json!([{
                "IndexName": name,
                "KeySchema": key_schema(keys.to_vec()),
                "Projection": {"ProjectionType": "ALL"},
            }]);
        }
        Resource::new(Kind::Table, names, table.name, properties)
    };
    let needed = |table: &Table| saga == Saga::StepFunctions || table.name != names.tokens_table();
    tables(names).into_iter().filter(needed).map(resource).collect()
}

fn key_schema(keys: Vec<&str>) -> Value {
    let kinds = ["HASH", "RANGE"];
    let key = |(name, kind)| json!({ "AttributeName": name, "KeyType": kind });
    keys.into_iter().zip(kinds).map(key).collect()
}

fn tables(names: &Names) -> Vec<Table> {
    let plain = |name: String, hash_key| Table {
        name,
        hash_key,
        range_key: None,
        index: None,
        recovery: false,
    };
    vec![
        Table {
            name: names.events_table(),
            hash_key: "stream_id",
            range_key: Some(("version", "N")),
            index: None,
            recovery: true,
        },
        Table {
            name: names.outbox_table(),
            hash_key: "relay",
            range_key: Some(("position", "S")),
            index: None,
            recovery: false,
        },
        Table {
            index: Some((INDEX_BY_CUSTOMER, [CUSTOMER, PLACED])),
            ..plain(names.orders_table(), "order_id")
        },
        Table {
            name: names.audit_table(),
            hash_key: "subject",
            range_key: Some(("entry", "S")),
            index: None,
            recovery: true,
        },
        Table {
            name: names.analytics_table(),
            hash_key: "task",
            range_key: Some(("row", "S")),
            index: None,
            recovery: false,
        },
        Table {
            name: names.tokens_table(),
            hash_key: "order_id",
            range_key: Some(("task", "S")),
            index: None,
            recovery: false,
        },
        plain(names.inbox_table(), "key"),
        plain(names.failures_table(), "message_id"),
        plain(names.gateway_table(), "key"),
    ]
}
