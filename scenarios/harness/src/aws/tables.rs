//! Items of tables, in plain JSON.

use super::door::{Aws, short};
use super::items;
use super::words::Done;
use crate::world::{Arguments, WorldError, text};
use serde_json::{Value, json};

/// Most items of one look.
const ITEMS_MAX: usize = 1000;

pub(super) async fn put_item(aws: &Aws, with: &Arguments) -> Done {
    let input = json!({ "TableName": table(with)?, "Item": map(with, "item")? });
    aws.ask("dynamodb", "PutItem", &input).await
}

pub(super) async fn delete_item(aws: &Aws, with: &Arguments) -> Done {
    let input = json!({ "TableName": table(with)?, "Key": map(with, "key")? });
    aws.ask("dynamodb", "DeleteItem", &input).await
}

pub(super) async fn item(aws: &Aws, of: &Arguments) -> Done {
    let input = json!({
        "TableName": table(of)?,
        "Key": map(of, "key")?,
        "ConsistentRead": true,
    });
    let found = aws.ask("dynamodb", "GetItem", &input).await?;
    Ok(found.get("Item").filter(|item| item.is_object()).map_or(Value::Null, items::plain))
}

pub(super) async fn items(aws: &Aws, of: &Arguments) -> Done {
    let mut all = Vec::new();
    let mut input = json!({ "TableName": table(of)?, "ConsistentRead": true });
    loop {
        let page = aws.ask("dynamodb", "Scan", &input).await?;
        all.extend(page["Items"].as_array().into_iter().flatten().map(items::plain));
        all.truncate(ITEMS_MAX);
        let next = page.get("LastEvaluatedKey").filter(|key| key.is_object());
        match next {
            Some(next) if all.len() < ITEMS_MAX => input["ExclusiveStartKey"] = next.clone(),
            _ => return Ok(Value::Array(all)),
        }
    }
}

fn table(with: &Arguments) -> Result<&str, WorldError> {
    text(with, "table").map(short)
}

fn map(with: &Arguments, name: &str) -> Done {
    let map = with.get(name).and_then(Value::as_object);
    let map = map.ok_or_else(|| WorldError(format!("`{name}` is not a map")))?;
    Ok(items::item(map))
}
