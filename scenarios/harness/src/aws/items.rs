//! DynamoDB's attribute values as plain JSON, both ways. Numbers that JSON can't hold exactly stay
//! texts; sets and bytes are lists and base64 texts.

use serde_json::{Map, Value, json};

/// An item of plain JSON as DynamoDB wants it.
pub(super) fn item(plain: &Map<String, Value>) -> Value {
    Value::Object(plain.iter().map(|(name, value)| (name.clone(), attribute(value))).collect())
}

/// An item of DynamoDB's as plain JSON.
pub(super) fn plain(item: &Value) -> Value {
    let fields = item.as_object().into_iter().flatten();
    Value::Object(fields.map(|(name, value)| (name.clone(), plain_value(value))).collect())
}

fn attribute(value: &Value) -> Value {
    match value {
        Value::Null => json!({ "NULL": true }),
        Value::Bool(flag) => json!({ "BOOL": flag }),
        Value::Number(number) => json!({ "N": number.to_string() }),
        Value::String(text) => json!({ "S": text }),
        Value::Array(list) => json!({ "L": list.iter().map(attribute).collect::<Vec<_>>() }),
        Value::Object(fields) => json!({ "M": item(fields) }),
    }
}

fn plain_value(value: &Value) -> Value {
    let Some((kind, held)) = value.as_object().and_then(|it| it.iter().next()) else {
        return Value::Null;
    };
    let list = |each: fn(&Value) -> Value| {
        Value::Array(held.as_array().into_iter().flatten().map(each).collect())
    };
    match kind.as_str() {
        "NULL" => Value::Null,
        "N" => number(held),
        "NS" => list(number),
        "L" => list(plain_value),
        "M" => plain(held),
        // BOOL, S, B, SS, BS.
        _ => held.clone(),
    }
}

fn number(text: &Value) -> Value {
    let read = text.as_str().and_then(|text| {
        let number: serde_json::Number = serde_json::from_str(text).ok()?;
        // Of a number with more digits than a double has, another one would be made.
        let is_exact = number.is_i64() || number.is_u64() || text.len() <= 16;
        is_exact.then_some(Value::Number(number))
    });
    read.unwrap_or_else(|| text.clone())
}

#[cfg(test)]
mod tests {
    use super::{item, plain};
    use serde_json::json;

    #[test]
    fn items_come_back_as_they_were() {
        let one = json!({
            "id": "a", "count": 3, "price": 4.25, "paid": true, "note": null,
            "lines": [{ "sku": "lamp", "quantity": 2 }, "x"],
        });
        let written = item(one.as_object().expect("a map"));
        assert_eq!(written["count"], json!({ "N": "3" }));
        assert_eq!(plain(&written), one);
    }

    #[test]
    fn what_json_cannot_say_stays_readable() {
        let seen = plain(&json!({
            "tags": { "SS": ["a", "b"] },
            "sizes": { "NS": ["1", "2.5"] },
            "exact": { "N": "12345678901234567890123456789" },
            "bytes": { "B": "AAE=" },
        }));
        let wanted = json!({
            "tags": ["a", "b"], "sizes": [1, 2.5], "bytes": "AAE=",
            "exact": "12345678901234567890123456789",
        });
        assert_eq!(seen, wanted);
    }
}
