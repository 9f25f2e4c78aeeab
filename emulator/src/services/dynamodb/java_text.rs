//! Values of requests as AWS shows them in its sentences about them: the text of a Java object.
//!
//! Source: answers of AWS to batches of more than 25 requests.

use serde_json::Value;

use super::model::Shape;
use super::operations::batch_write_item::WriteRequest;
use super::raw_value::{RawItem, RawMember, RawValue};

/// Bytes of a text that is shown; what is longer is cut.
const TEXT_MAX: usize = 64 * 1024;

/// `[first, second]`, cut where it is too long.
pub(super) fn list<T>(entries: &[T], text: impl Fn(&T) -> String) -> String {
    let mut out = String::from("[");
    for (at, entry) in entries.iter().enumerate() {
        if out.len() > TEXT_MAX {
            break;
        }
        if at > 0 {
            out.push_str(", ");
        }
        out.push_str(&text(entry));
    }
    out.push(']');
    out
}

/// A member's name as Java has it: `TableName` is `tableName`.
pub(super) fn member_name(name: &str) -> String {
    let mut characters = name.chars();
    let first = characters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(characters).collect()
}

/// A member of this shape.
pub(super) fn of(shape: &Shape, value: &Value) -> String {
    match (shape, value) {
        (Shape::List(shape, ..), Value::Array(entries)) => list(entries, |entry| of(shape, entry)),
        (Shape::Object(class, members), Value::Object(_)) => {
            let shown: Vec<String> = members
                .iter()
                .map(|(name, _, shape)| {
                    let value = value.get(name).unwrap_or(&Value::Null);
                    format!("{}={}", member_name(name), of(shape, value))
                })
                .collect();
            format!("{class}({})", shown.join(", "))
        }
        (_, Value::String(text)) => text.clone(),
        (_, value) => value.to_string(),
    }
}

pub(super) fn write_request(request: &WriteRequest) -> String {
    let put = request.put_request.as_ref().map(|put| {
        format!("PutRequest(item={}, workloadProfileName=null)", item(put.item.as_ref()))
    });
    let delete = request.delete_request.as_ref().map(|delete| {
        format!("DeleteRequest(key={}, workloadProfileName=null)", item(delete.key.as_ref()))
    });
    format!(
        "WriteRequest(putRequest={}, deleteRequest={})",
        or_null(put.as_deref()),
        or_null(delete.as_deref())
    )
}

fn item(item: Option<&RawItem>) -> String {
    let Some(item) = item else { return "null".to_owned() };
    let members: Vec<String> =
        item.iter().map(|(name, it)| format!("{name}={}", value(it))).collect();
    format!("{{{}}}", members.join(", "))
}

fn value(raw: &RawValue) -> String {
    let bytes = |length: usize| format!("java.nio.HeapByteBuffer[pos=0 lim={length} cap={length}]");
    // By the places of the types in the text.
    let mut shown = [const { None }; 10];
    for member in raw.members() {
        let (place, text) = match member {
            RawMember::S(text) => (0, text.clone()),
            RawMember::N(text) => (1, text.clone()),
            RawMember::B(blob) => (2, bytes(blob.0.len())),
            RawMember::Ss(list) => (3, format!("[{}]", list.join(", "))),
            RawMember::Ns(list) => (4, format!("[{}]", list.join(", "))),
            RawMember::Bs(list) => (5, self::list(list, |blob| bytes(blob.0.len()))),
            RawMember::M(members) => (6, item(Some(members))),
            RawMember::L(list) => (7, self::list(list, value)),
            RawMember::Null(it) => (8, it.to_string()),
            RawMember::Bool(it) => (9, it.to_string()),
        };
        shown[place] = Some(text);
    }
    let [s, n, b, ss, ns, bs, m, l, null, bool] =
        shown.each_ref().map(|text: &Option<String>| or_null(text.as_deref()));
    format!(
        "AttributeValue(s={s}, n={n}, b={b}, iNT=null, dECIMAL=null, dOUBLE=null, sS={ss}, \
         nS={ns}, bS={bs}, iNTSET=null, dECIMALSET=null, dOUBLESET=null, m={m}, l={l}, \
         nULL={null}, bOOL={bool})"
    )
}

fn or_null(text: Option<&str>) -> &str {
    text.unwrap_or("null")
}
