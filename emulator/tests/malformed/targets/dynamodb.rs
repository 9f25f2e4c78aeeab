//! DynamoDB with any text: expressions, statements of PartiQL, items. Whatever comes, it is
//! answered, and the state can be written down and read again.

use bytes::Bytes;
use serde_json::{Value, json};
use skyrig::cloud::{Driver, Waiting, request};
use skyrig::{Cloud, Settings};

use super::answer;

/// An expression behind a letter that says where it stands.
pub(crate) fn run_expressions(input: &[u8]) {
    let Some((letter, text)) = split(input) else { return };
    let names = json!({"#n": "n", "#m": "map"});
    let values = json!({
        ":s": {"S": "x"}, ":n": {"N": "1"}, ":b": {"B": "eA=="}, ":l": {"L": [{"S": "x"}]},
        ":ss": {"SS": ["x", "y"]}, ":m": {"M": {"k": {"N": "1"}}}, ":t": {"BOOL": true}
    });
    let (operation, parameter, target) = match letter % 6 {
        0 => ("PutItem", "ConditionExpression", json!({"Item": item()})),
        1 => ("UpdateItem", "UpdateExpression", json!({"Key": key()})),
        2 => ("Query", "KeyConditionExpression", json!({})),
        3 => ("Scan", "FilterExpression", json!({})),
        4 => ("GetItem", "ProjectionExpression", json!({"Key": key()})),
        _ => ("DeleteItem", "ConditionExpression", json!({"Key": key()})),
    };
    let mut world = World::new();
    // Whatever the text does not use is refused; each form of the request is tried.
    for (with_names, with_values) in [(true, true), (true, false), (false, true), (false, false)] {
        let mut body = json!({"TableName": "tab", parameter: text});
        merge(&mut body, target.clone());
        if with_names {
            body["ExpressionAttributeNames"] = used(&names, text);
        }
        if with_values && operation != "GetItem" {
            body["ExpressionAttributeValues"] = used(&values, text);
        }
        world.send(operation, &body.to_string());
    }
    world.check();
}

/// A statement of PartiQL.
pub(crate) fn run_statements(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let count = text.matches('?').count().min(8);
    let parameters: Vec<Value> =
        [json!({"S": "a"}), json!({"N": "1"})].into_iter().cycle().take(count).collect();
    let mut statement = json!({"Statement": text});
    if count > 0 {
        statement["Parameters"] = parameters.into();
    }
    let mut world = World::new();
    world.send("ExecuteStatement", &statement.to_string());
    world.send("BatchExecuteStatement", &json!({"Statements": [statement.clone()]}).to_string());
    let transaction = json!({"TransactStatements": [statement]});
    world.send("ExecuteTransaction", &transaction.to_string());
    world.check();
}

/// The JSON of an item, as it is put, looked for, compared and restored.
pub(crate) fn run_items(input: &[u8]) {
    let Ok(text) = std::str::from_utf8(input) else { return };
    let mut world = World::new();
    world.send("PutItem", &format!(r#"{{"TableName":"tab","Item":{text}}}"#));
    world.send("GetItem", &format!(r#"{{"TableName":"tab","Key":{text}}}"#));
    let expression = r#""UpdateExpression":"SET x = :v","ConditionExpression":"n <> :v""#;
    let values = format!(r#""ExpressionAttributeValues":{{":v":{{"M":{text}}}}}"#);
    let key = key();
    let update = format!(r#"{{"TableName":"tab","Key":{key},{expression},{values}}}"#);
    world.send("UpdateItem", &update);
    world.send("Scan", &format!(r#"{{"TableName":"tab","ExclusiveStartKey":{text}}}"#));
    world.check();
}

fn split(input: &[u8]) -> Option<(u8, &str)> {
    let (letter, text) = input.split_first()?;
    Some((letter.wrapping_sub(b'A'), std::str::from_utf8(text).ok()?))
}

/// The members of `all` that the text names.
fn used(all: &Value, text: &str) -> Value {
    let members = all.as_object().into_iter().flatten();
    members.filter(|(name, _)| text.contains(*name)).map(|(n, v)| (n.clone(), v.clone())).collect()
}

fn merge(body: &mut Value, more: Value) {
    if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
}

fn key() -> Value {
    json!({"pk": {"S": "a"}, "sk": {"N": "1"}})
}

fn item() -> Value {
    json!({
        "pk": {"S": "a"}, "sk": {"N": "1"}, "n": {"N": "5"}, "s": {"S": "text"},
        "list": {"L": [{"N": "1"}, {"M": {"x": {"S": "y"}}}]}, "map": {"M": {"k": {"N": "1"}}},
        "tags": {"SS": ["x", "y"]}
    })
}

#[derive(Clone)]
struct World(Driver);

impl World {
    /// A table `tab` with one item and an index.
    fn new() -> Self {
        thread_local!(static WORLD: World = World::make());
        WORLD.with(World::clone)
    }

    fn make() -> Self {
        let mut world = Self(Driver::new(Settings::default()));
        let attribute =
            |name: &str, kind: &str| json!({"AttributeName": name, "AttributeType": kind});
        let key = |name: &str, role: &str| json!({"AttributeName": name, "KeyType": role});
        let table = json!({
            "TableName": "tab", "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [
                attribute("pk", "S"), attribute("sk", "N"), attribute("s", "S")
            ],
            "KeySchema": [key("pk", "HASH"), key("sk", "RANGE")],
            "GlobalSecondaryIndexes": [{
                "IndexName": "by-s", "KeySchema": [key("s", "HASH")],
                "Projection": {"ProjectionType": "ALL"}
            }],
            "StreamSpecification": {
                "StreamEnabled": true, "StreamViewType": "NEW_AND_OLD_IMAGES"
            }
        });
        assert_eq!(world.send("CreateTable", &table.to_string()), 200);
        let put = json!({"TableName": "tab", "Item": item()});
        assert_eq!(world.send("PutItem", &put.to_string()), 200);
        let recovery = json!({
            "TableName": "tab",
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": true}
        });
        assert_eq!(world.send("UpdateContinuousBackups", &recovery.to_string()), 200);
        world
    }

    /// Sends a body; returns the status, after a look at the answer.
    fn send(&mut self, operation: &str, body: &str) -> u16 {
        let target = format!("DynamoDB_20120810.{operation}");
        let request = request::json(&target, Bytes::copy_from_slice(body.as_bytes()));
        let response = self.0.send(request).expect("it is answered at once");
        answer::check(&response, 200..500);
        response.status().as_u16()
    }

    /// # Panics
    /// When the state does not come back from its bytes as it was.
    fn check(&self) {
        let bytes = self.0.cloud.snapshot();
        let restored = Cloud::restore(&bytes, Waiting::Gone).expect("the state can be read");
        assert!(restored.snapshot() == bytes, "a snapshot does not come back as it was");
    }
}
