//! DynamoDB tables, all paid for by request.

use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType, TableStatus,
};

use crate::adapters::aws::Aws;
use crate::adapters::order_table::{CUSTOMER, INDEX_BY_CUSTOMER, PLACED};
use crate::config::{Config, Names};
use crate::failure::{Dependency, Failure};
use crate::role::Saga;

const ACTIVE_PAUSE: Duration = Duration::from_secs(1);
const ACTIVE_ATTEMPTS: u32 = 60;

struct Table {
    name: String,
    hash_key: &'static str,
    range_key: Option<(&'static str, ScalarAttributeType)>,
    /// A global secondary index of all attributes: its name and its keys, both texts.
    index: Option<(&'static str, [&'static str; 2])>,
}

/// Creates the tables that are missing and waits until all can be used.
pub(super) async fn apply(aws: &Aws, config: &Config) -> Result<Vec<String>, Failure> {
    let client = aws.dynamodb();
    let names = &config.names;
    let mut tables = tables(names);
    if config.saga == Saga::Choreography {
        tables.retain(|table| table.name != names.tokens_table());
    }
    for table in &tables {
        create(&client, table).await?;
    }
    for table in &tables {
        wait_until_active(&client, &table.name).await?;
    }
    Ok(tables.into_iter().map(|table| table.name).collect())
}

/// Removes the tables that exist.
pub(super) async fn destroy(aws: &Aws, names: &Names) -> Result<Vec<String>, Failure> {
    let client = aws.dynamodb();
    let mut removed = Vec::new();
    for Table { name, .. } in tables(names) {
        match client.delete_table().table_name(&name).send().await {
            Ok(_) => removed.push(name),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|error| error.is_resource_not_found_exception()) => {}
            Err(error) => {
                return Err(Failure::of_call(Dependency::DynamoDb, "DeleteTable", &error));
            }
        }
    }
    Ok(removed)
}

fn tables(names: &Names) -> Vec<Table> {
    let text = ScalarAttributeType::S;
    let plain = |name: String, hash_key| Table { name, hash_key, range_key: None, index: None };
    vec![
        Table {
            name: names.events_table(),
            hash_key: "stream_id",
            range_key: Some(("version", ScalarAttributeType::N)),
            index: None,
        },
        Table {
            name: names.outbox_table(),
            hash_key: "relay",
            range_key: Some(("position", text.clone())),
            index: None,
        },
        Table {
            index: Some((INDEX_BY_CUSTOMER, [CUSTOMER, PLACED])),
            ..plain(names.orders_table(), "order_id")
        },
        Table {
            name: names.audit_table(),
            hash_key: "subject",
            range_key: Some(("entry", text)),
            index: None,
        },
        Table {
            name: names.analytics_table(),
            hash_key: "task",
            range_key: Some(("row", ScalarAttributeType::S)),
            index: None,
        },
        Table {
            name: names.tokens_table(),
            hash_key: "order_id",
            range_key: Some(("task", ScalarAttributeType::S)),
            index: None,
        },
        plain(names.inbox_table(), "key"),
        plain(names.failures_table(), "message_id"),
        plain(names.gateway_table(), "key"),
    ]
}

async fn create(client: &Client, table: &Table) -> Result<(), Failure> {
    let key = |name: &str, kind| {
        let element = KeySchemaElement::builder().attribute_name(name).key_type(kind).build();
        element.expect("name and kind are given")
    };
    let attribute = |name: &str, kind| {
        let definition =
            AttributeDefinition::builder().attribute_name(name).attribute_type(kind).build();
        definition.expect("name and type are given")
    };
    let mut call = client
        .create_table()
        .table_name(&table.name)
        .billing_mode(BillingMode::PayPerRequest)
        .key_schema(key(table.hash_key, KeyType::Hash))
        .attribute_definitions(attribute(table.hash_key, ScalarAttributeType::S));
    if let Some((name, kind)) = &table.range_key {
        call = call
            .key_schema(key(name, KeyType::Range))
            .attribute_definitions(attribute(name, kind.clone()));
    }
    if let Some((name, [hash, range])) = table.index {
        let all = Projection::builder().projection_type(ProjectionType::All).build();
        let index = GlobalSecondaryIndex::builder()
            .index_name(name)
            .key_schema(key(hash, KeyType::Hash))
            .key_schema(key(range, KeyType::Range))
            .projection(all)
            .build()
            .expect("name and keys are given");
        call = call
            .global_secondary_indexes(index)
            .attribute_definitions(attribute(hash, ScalarAttributeType::S))
            .attribute_definitions(attribute(range, ScalarAttributeType::S));
    }
    match call.send().await {
        Ok(_) => Ok(()),
        Err(error)
            if error
                .as_service_error()
                .is_some_and(|error| error.is_resource_in_use_exception()) =>
        {
            Ok(())
        }
        Err(error) => Err(Failure::of_call(Dependency::DynamoDb, "CreateTable", &error)),
    }
}

async fn wait_until_active(client: &Client, name: &str) -> Result<(), Failure> {
    for _ in 0..ACTIVE_ATTEMPTS {
        let described = client.describe_table().table_name(name).send().await;
        let described = described
            .map_err(|error| Failure::of_call(Dependency::DynamoDb, "DescribeTable", &error))?;
        let status = described.table.and_then(|table| table.table_status);
        if status == Some(TableStatus::Active) {
            return Ok(());
        }
        tokio::time::sleep(ACTIVE_PAUSE).await;
    }
    Err(Failure::Retry(format!("table {name} is not active yet")))
}
