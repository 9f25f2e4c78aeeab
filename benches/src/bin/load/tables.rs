//! DynamoDB's requests, each a little different from the one before, as those of an event store.

use std::io::{self, Write as _};

use serde_json::{Value, json};

use super::message::Name;
use super::sqs::Client;

/// The target of DynamoDB's operations.
pub(crate) const TARGET: &str = "DynamoDB_20120810.";
const TABLE: &str = "load";
/// Items that are read by their keys.
const ITEMS: u32 = 10_000;
/// Items of the partition that is queried.
const PARTITION: u32 = 1_000_000;
/// The prime by which numbers are spread over them.
const SPREAD: u64 = 7_919;
/// Items of one BatchWriteItem.
const BATCH: u32 = 25;

/// What is asked of DynamoDB.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Tables {
    /// An item of five attributes and some 300 bytes.
    Put,
    /// One like it by its key.
    Get,
    /// An event that must be new, and the number of its stream's last one, which must be lower.
    TransactWrite,
    /// Ten items from anywhere in a partition of a million.
    Query,
}

impl Tables {
    pub(crate) fn operation(self) -> &'static str {
        match self {
            Self::Put => "PutItem",
            Self::Get => "GetItem",
            Self::TransactWrite => "TransactWriteItems",
            Self::Query => "Query",
        }
    }

    /// What the answer must hold.
    pub(crate) fn answer(self) -> &'static str {
        match self {
            Self::Put | Self::TransactWrite => "{}",
            Self::Get => "\"note\":{\"S\":",
            Self::Query => "\"Count\":10,",
        }
    }

    /// Writes the body of a sender's request of this name.
    pub(crate) fn body(self, out: &mut Vec<u8>, name: Name) {
        out.clear();
        let spread = u64::from(name.number) * SPREAD + u64::from(name.sender);
        let body = match self {
            Self::Put => {
                let item = item("items", spread % u64::from(ITEMS));
                json!({"TableName": TABLE, "Item": item})
            }
            Self::Get => {
                let key = key("items", spread % u64::from(ITEMS));
                json!({"TableName": TABLE, "Key": key})
            }
            Self::TransactWrite => transaction(name),
            Self::Query => {
                let from = (spread % u64::from(PARTITION - 10)).to_string();
                json!({
                    "TableName": TABLE, "KeyConditionExpression": "pk = :p AND sk >= :s",
                    "ExpressionAttributeValues": {":p": {"S": "large"}, ":s": {"N": from}},
                    "Limit": 10
                })
            }
        };
        write!(out, "{body}").expect("a vector takes everything");
    }

    /// Makes the table and puts what is read.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    pub(crate) async fn prepare(self, address: &str) -> io::Result<()> {
        let mut client = Client::open(address).await?;
        let attribute =
            |name: &str, kind: &str| json!({"AttributeName": name, "AttributeType": kind});
        let role = |name: &str, role: &str| json!({"AttributeName": name, "KeyType": role});
        let table = json!({
            "TableName": TABLE, "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [attribute("pk", "S"), attribute("sk", "N")],
            "KeySchema": [role("pk", "HASH"), role("sk", "RANGE")],
        });
        client.ask("CreateTable", &table).await?;
        let (partition, count) = match self {
            Self::Put | Self::TransactWrite => return Ok(()),
            Self::Get => ("items", ITEMS),
            Self::Query => ("large", PARTITION),
        };
        for first in (0..count).step_by(BATCH as usize) {
            let puts = (first..count.min(first + BATCH)).map(|number| {
                let item: Value = match self {
                    Self::Query => json!({
                        "pk": {"S": partition}, "sk": {"N": number.to_string()},
                        "type": {"S": "OrderPlaced"}, "note": {"S": "x"},
                    }),
                    _ => item(partition, u64::from(number)),
                };
                json!({"PutRequest": {"Item": item}})
            });
            let puts: Vec<Value> = puts.collect();
            client.ask("BatchWriteItem", &json!({"RequestItems": {TABLE: puts}})).await?;
        }
        Ok(())
    }
}

fn key(partition: &str, sort: u64) -> Value {
    json!({"pk": {"S": partition}, "sk": {"N": sort.to_string()}})
}

fn item(partition: &str, sort: u64) -> Value {
    let note = Name { sender: 0, number: sort as u32 }.body();
    json!({
        "pk": {"S": partition}, "sk": {"N": sort.to_string()}, "at": {"N": "1767225600"},
        "type": {"S": "OrderPlaced"}, "note": {"S": note}
    })
}

fn transaction(Name { sender, number }: Name) -> Value {
    let (stream, version) = (format!("order-{sender}"), u64::from(number) + 1);
    let put = json!({
        "TableName": TABLE, "Item": item(&stream, version),
        "ConditionExpression": "attribute_not_exists(pk)"
    });
    let update = json!({
        "TableName": TABLE, "Key": key(&stream, 0), "UpdateExpression": "SET #v = :new",
        "ConditionExpression": "attribute_not_exists(pk) OR #v < :new",
        "ExpressionAttributeNames": {"#v": "version"},
        "ExpressionAttributeValues": {":new": {"N": version.to_string()}}
    });
    json!({
        "ClientRequestToken": format!("53cb9f0c-747e-42ea-{sender:04x}-{number:012x}"),
        "TransactItems": [{"Put": put}, {"Update": update}]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_json_and_differ() {
        for tables in [Tables::Put, Tables::Get, Tables::TransactWrite, Tables::Query] {
            let body = |number| {
                let mut out = b"old".to_vec();
                tables.body(&mut out, Name { sender: 3, number });
                serde_json::from_slice::<Value>(&out).unwrap()
            };
            assert_ne!(body(1), body(2), "{tables:?}");
            assert!(body(1).to_string().contains(TABLE), "{tables:?}");
        }
    }
}
