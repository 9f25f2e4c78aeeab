//! Values of requests as AWS shows them in its sentences about them: the text of a Java object.
//!
//! Source: answers of AWS to batches of more than 25 requests.

use super::operations::batch_write_item::WriteRequest;
use super::raw_value::{RawItem, RawValue};
use super::shapes::KeySchemaElement;

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

pub(super) fn key_schema_element(element: &KeySchemaElement) -> String {
    format!(
        "KeySchemaElement(attributeName={}, keyType={})",
        or_null(element.attribute_name.as_deref()),
        or_null(element.key_type.as_deref())
    )
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
    let texts = |list: &Option<Vec<String>>| match list {
        None => "null".to_owned(),
        Some(list) => format!("[{}]", list.join(", ")),
    };
    let blobs = raw.bs.as_ref().map(|blobs| self::list(blobs, |blob| bytes(blob.0.len())));
    let members = raw.l.as_ref().map(|values| self::list(values, value));
    format!(
        "AttributeValue(s={}, n={}, b={}, iNT=null, dECIMAL=null, dOUBLE=null, sS={}, nS={}, \
         bS={}, iNTSET=null, dECIMALSET=null, dOUBLESET=null, m={}, l={}, nULL={}, bOOL={})",
        or_null(raw.s.as_deref()),
        or_null(raw.n.as_deref()),
        or_null(raw.b.as_ref().map(|blob| bytes(blob.0.len())).as_deref()),
        texts(&raw.ss),
        texts(&raw.ns),
        or_null(blobs.as_deref()),
        item(raw.m.as_ref()),
        or_null(members.as_deref()),
        or_null(raw.null.map(|it| it.to_string()).as_deref()),
        or_null(raw.bool.map(|it| it.to_string()).as_deref()),
    )
}

fn or_null(text: Option<&str>) -> &str {
    text.unwrap_or("null")
}
