//! The serde deserializer over trees.
//!
//! What can be done without knowing the type is done in functions that are compiled once; what is
//! left is compiled for every type, so it is kept small.

use std::borrow::Cow;
use std::vec;

use serde::de::value::{CowStrDeserializer, F64Deserializer};
use serde::de::{self, DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::Document;
use super::parts::Entries;
use crate::wire::form::{self, FormError};
use crate::wire::primitives::TIMESTAMP;

/// Reads a value. In formats for machines blobs are bytes, not base64.
///
/// # Errors
/// What is wrong, and with forms where.
pub(in crate::wire) fn read<T: DeserializeOwned>(
    document: Document<'_>,
    format: Kind,
) -> Result<T, FormError> {
    T::deserialize(Reader { document, format })
}

/// Whether a format is made for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::wire) enum Kind {
    Text,
    Binary,
}

struct Reader<'de> {
    document: Document<'de>,
    format: Kind,
}

macro_rules! scalars {
    ($($deserialize:ident $visit:ident $what:literal,)*) => {$(
        fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FormError> {
            match &self.document {
                Document::Form(reader) => visitor.$visit(reader.parse($what)?),
                _ => self.scalar(visitor),
            }
        }
    )*};
}

impl<'de> Reader<'de> {
    /// A value that is neither list nor map nor a part of a form.
    fn scalar<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FormError> {
        match self.document {
            Document::Bool(value) => visitor.visit_bool(value),
            Document::Signed(value) => visitor.visit_i64(value),
            Document::Unsigned(value) => visitor.visit_u64(value),
            Document::Float(value) => visitor.visit_f64(value),
            Document::Text(text) => visit_text(text, visitor),
            other => other.wrong(&visitor),
        }
    }
}

/// The numbers for which JSON has no form, as AWS's SDKs write them.
///
/// Source: Smithy 2.0, "AWS JSON 1.0 protocol", shape serialization of Float and Double.
fn not_finite(text: &str) -> Option<f64> {
    match text {
        "NaN" => Some(f64::NAN),
        "Infinity" => Some(f64::INFINITY),
        "-Infinity" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

fn visit_text<'de, V: Visitor<'de>>(
    text: Cow<'de, str>,
    visitor: V,
) -> Result<V::Value, FormError> {
    match text {
        Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
        Cow::Owned(text) => visitor.visit_string(text),
    }
}

impl<'de> Deserializer<'de> for Reader<'de> {
    type Error = FormError;

    fn is_human_readable(&self) -> bool {
        self.format == Kind::Text
    }

    scalars! {
        deserialize_bool visit_bool "`true` or `false`",
        deserialize_i8 visit_i8 "an integer of 8 bits",
        deserialize_i16 visit_i16 "an integer of 16 bits",
        deserialize_i32 visit_i32 "an integer of 32 bits",
        deserialize_i64 visit_i64 "an integer of 64 bits",
        deserialize_u8 visit_u8 "a positive integer of 8 bits",
        deserialize_u16 visit_u16 "a positive integer of 16 bits",
        deserialize_u32 visit_u32 "a positive integer of 32 bits",
        deserialize_u64 visit_u64 "a positive integer of 64 bits",
        deserialize_char visit_char "one character",
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FormError> {
        match &self.document {
            Document::Form(reader) => visitor.visit_f64(reader.parse("a number")?),
            Document::Text(text) => match not_finite(text) {
                Some(number) => visitor.visit_f64(number),
                None => self.scalar(visitor),
            },
            _ => self.scalar(visitor),
        }
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FormError> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FormError> {
        let format = self.format;
        match self.document {
            Document::Null => visitor.visit_unit(),
            Document::Bytes(bytes) => visitor.visit_bytes(&bytes),
            Document::List(list) => visitor.visit_seq(Elements { list: list.into_iter(), format }),
            Document::Map(entries) => visitor.visit_map(Members::new(entries, format)),
            Document::Form(reader) => visitor.visit_borrowed_str(reader.text("text")?),
            _ => self.scalar(visitor),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FormError> {
        let text = self.document.into_text(&visitor)?;
        visit_text(text, visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FormError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FormError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FormError> {
        match self.document {
            Document::Bytes(bytes) => visitor.visit_bytes(&bytes),
            other => other.wrong(&"a byte string"),
        }
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FormError> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FormError> {
        match self.document {
            Document::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, FormError> {
        if name != TIMESTAMP || self.format == Kind::Text {
            return visitor.visit_newtype_struct(self);
        }
        let seconds = match self.document {
            Document::Signed(seconds) => seconds as f64,
            Document::Unsigned(seconds) => seconds as f64,
            Document::Float(seconds) => seconds,
            other => return other.wrong(&"a timestamp (tag 1 with a number)"),
        };
        let seconds: F64Deserializer<FormError> = seconds.into_deserializer();
        visitor.visit_newtype_struct(seconds)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FormError> {
        let list = self.document.into_list(&visitor)?;
        visitor.visit_seq(Elements { list: list.into_iter(), format: self.format })
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _length: usize,
        visitor: V,
    ) -> Result<V::Value, FormError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FormError> {
        let entries = self.document.into_entries(&visitor)?;
        visitor.visit_map(Members::new(entries, self.format))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, FormError> {
        let members = self.document.into_members(fields, &visitor)?;
        visitor.visit_map(Members::new(members, self.format))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, FormError> {
        let (name, content) = self.document.into_variant(variants)?;
        match content {
            None => visitor.visit_enum(CowStrDeserializer::new(name)),
            Some(document) => visitor.visit_enum(Variant { name, document, format: self.format }),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FormError> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! { i128 u128 unit unit_struct tuple_struct }
}

/// The members of a structure, or the entries of a map.
struct Members<'de> {
    entries: vec::IntoIter<(Cow<'de, str>, Document<'de>)>,
    value: Document<'de>,
    format: Kind,
}

impl<'de> Members<'de> {
    fn new(entries: Entries<'de>, format: Kind) -> Self {
        Self { entries: entries.into_iter(), value: Document::Null, format }
    }

    /// The next key; its value is kept.
    fn advance(&mut self) -> Option<CowStrDeserializer<'de, FormError>> {
        let (key, value) = self.entries.next()?;
        self.value = value;
        Some(CowStrDeserializer::new(key))
    }

    fn take_value(&mut self) -> (Reader<'de>, Option<&'de str>) {
        let document = std::mem::replace(&mut self.value, Document::Null);
        let path = document.path();
        (Reader { document, format: self.format }, path)
    }
}

/// An error with the place in the form at which it arose.
fn at(error: FormError, path: Option<&str>) -> FormError {
    match path {
        Some(path) => error.at(path),
        None => error,
    }
}

impl<'de> de::MapAccess<'de> for Members<'de> {
    type Error = FormError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, FormError> {
        match self.advance() {
            Some(key) => seed.deserialize(key).map(Some),
            None => Ok(None),
        }
    }

    // Not inlined: once for a member's type, and not once for each member.
    #[inline(never)]
    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, FormError> {
        let (reader, path) = self.take_value();
        seed.deserialize(reader).map_err(|error| at(error, path))
    }
}

/// The elements of a list.
struct Elements<'de> {
    list: vec::IntoIter<Document<'de>>,
    format: Kind,
}

impl<'de> de::SeqAccess<'de> for Elements<'de> {
    type Error = FormError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, FormError> {
        let Some(document) = self.list.next() else {
            return Ok(None);
        };
        let path = document.path();
        let reader = Reader { document, format: self.format };
        seed.deserialize(reader).map(Some).map_err(|error| at(error, path))
    }
}

/// A variant with content.
struct Variant<'de> {
    name: Cow<'de, str>,
    document: Document<'de>,
    format: Kind,
}

impl<'de> de::EnumAccess<'de> for Variant<'de> {
    type Error = FormError;
    type Variant = Reader<'de>;

    fn variant_seed<T: DeserializeSeed<'de>>(
        self,
        seed: T,
    ) -> Result<(T::Value, Reader<'de>), FormError> {
        let name: CowStrDeserializer<'_, FormError> = CowStrDeserializer::new(self.name);
        let content = Reader { document: self.document, format: self.format };
        Ok((seed.deserialize(name)?, content))
    }
}

impl<'de> de::VariantAccess<'de> for Reader<'de> {
    type Error = FormError;

    fn unit_variant(self) -> Result<(), FormError> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, FormError> {
        let path = self.document.path();
        seed.deserialize(self).map_err(|error| at(error, path))
    }

    fn tuple_variant<V: Visitor<'de>>(
        self,
        _length: usize,
        visitor: V,
    ) -> Result<V::Value, FormError> {
        self.deserialize_seq(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, FormError> {
        self.deserialize_struct("", fields, visitor)
    }
}

/// Reads a value from a form; `naming` spells members for `operation`.
///
/// # Errors
/// What is wrong, and where.
pub(in crate::wire) fn read_form<T: DeserializeOwned>(
    form: &form::Form<'_>,
    naming: crate::wire::Naming,
    operation: &str,
) -> Result<T, FormError> {
    read(Document::Form(form.reader(naming, operation)), Kind::Text)
}
