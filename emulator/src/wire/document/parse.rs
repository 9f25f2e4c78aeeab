//! Bodies to trees. Depth is bounded by the protocols' own readers.

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::wire::cbor::{self, CborError, Item};
use crate::wire::form;

/// A body, or a part of one.
pub(in crate::wire) enum Document<'de> {
    Null,
    Bool(bool),
    Signed(i64),
    Unsigned(u64),
    Float(f64),
    Text(Cow<'de, str>),
    Bytes(Cow<'de, [u8]>),
    List(Vec<Document<'de>>),
    Map(Vec<(Cow<'de, str>, Document<'de>)>),
    /// What a part of a form is depends on the type that is read from it.
    Form(form::Reader<'de>),
}

/// # Errors
/// The reader's reason, with line and column.
pub(in crate::wire) fn from_json(body: &[u8]) -> Result<Document<'_>, serde_json::Error> {
    serde_json::from_slice(body)
}

impl<'de> Deserialize<'de> for Document<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Parts)
    }
}

struct Parts;

impl<'de> Visitor<'de> for Parts {
    type Value = Document<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Document<'de>, E> {
        Ok(Document::Null)
    }

    fn visit_bool<E: de::Error>(self, value: bool) -> Result<Document<'de>, E> {
        Ok(Document::Bool(value))
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<Document<'de>, E> {
        Ok(Document::Signed(value))
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<Document<'de>, E> {
        Ok(Document::Unsigned(value))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Document<'de>, E> {
        Ok(Document::Float(value))
    }

    fn visit_borrowed_str<E: de::Error>(self, value: &'de str) -> Result<Document<'de>, E> {
        Ok(Document::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Document<'de>, E> {
        Ok(Document::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Document<'de>, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = elements.next_element()? {
            list.push(element);
        }
        Ok(Document::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Document<'de>, A::Error> {
        let mut map = Vec::new();
        while let Some(key) = entries.next_key::<String>()? {
            map.push((Cow::Owned(key), entries.next_value()?));
        }
        Ok(Document::Map(map))
    }
}

/// # Errors
/// The reader's reason. No bytes are an empty map.
pub(in crate::wire) fn from_cbor(body: &[u8]) -> Result<Document<'_>, CborError> {
    let mut reader = cbor::reader(body);
    let document = part(&mut reader)?;
    reader.finish()?;
    Ok(document)
}

/// Not deeper than [`cbor::DEPTH_MAX`], as the reader counts.
fn part<'de>(reader: &mut cbor::Reader<'de>) -> Result<Document<'de>, CborError> {
    Ok(match reader.item()? {
        Item::Null => Document::Null,
        Item::Boolean(value) => Document::Bool(value),
        Item::Unsigned(value) => Document::Unsigned(value),
        Item::Negative(value) => Document::Signed(value),
        Item::Float(value) => Document::Float(value),
        Item::Text(text) => Document::Text(text),
        Item::Bytes(bytes) => Document::Bytes(bytes),
        Item::Array(left) => {
            let (mut left, mut list) = (left, Vec::new());
            reader.enter()?;
            while reader.advance(&mut left) {
                list.push(part(reader)?);
            }
            reader.leave();
            Document::List(list)
        }
        Item::Map(left) => {
            let (mut left, mut map) = (left, Vec::new());
            reader.enter()?;
            while reader.advance(&mut left) {
                map.push((reader.text()?, part(reader)?));
            }
            reader.leave();
            Document::Map(map)
        }
    })
}
