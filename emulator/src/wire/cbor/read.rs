//! The serde deserializer over CBOR items.
//!
//! A null member of a structure counts as absent, unknown members of any type are skipped, and an
//! enum is the text of its variant or a map of one entry.

use std::borrow::Cow;

use serde::de::value::{CowStrDeserializer, F64Deserializer};
use serde::de::{self, DeserializeOwned, DeserializeSeed, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::CborError;
use super::reader::{Item, Reader};
use crate::wire::primitives::TIMESTAMP;

/// What no bytes at all stand for: a structure without members.
const EMPTY_MAP: &[u8] = &[0xa0];

/// Reads one value from all of `bytes`; no bytes are an empty map.
pub fn from_slice<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, CborError> {
    let mut reader = reader(bytes);
    let value = T::deserialize(&mut reader)?;
    reader.finish()?;
    Ok(value)
}

/// The deserializer that [`from_slice`] uses.
pub(in crate::wire) fn reader(bytes: &[u8]) -> Reader<'_> {
    Reader::new(if bytes.is_empty() { EMPTY_MAP } else { bytes })
}

impl<'de> Reader<'de> {
    /// Goes into an array or map; [`Elements::finish`] goes out.
    fn elements(
        &mut self,
        left: Option<usize>,
        omit_nulls: OmitNulls,
    ) -> Result<Elements<'_, 'de>, CborError> {
        self.enter()?;
        Ok(Elements { reader: self, left, omit_nulls })
    }

    fn array_start(&mut self) -> Result<Option<usize>, CborError> {
        match self.item()? {
            Item::Array(left) => Ok(left),
            _ => Err(CborError::Expected("a list")),
        }
    }

    fn map_start(&mut self, what: &'static str) -> Result<Option<usize>, CborError> {
        match self.item()? {
            Item::Map(left) => Ok(left),
            _ => Err(CborError::Expected(what)),
        }
    }

    fn visit_item<V: Visitor<'de>>(
        &mut self,
        item: Item<'de>,
        visitor: V,
    ) -> Result<V::Value, CborError> {
        match item {
            Item::Unsigned(number) => visitor.visit_u64(number),
            Item::Negative(number) => visitor.visit_i64(number),
            Item::Bytes(Cow::Borrowed(bytes)) => visitor.visit_borrowed_bytes(bytes),
            Item::Bytes(Cow::Owned(bytes)) => visitor.visit_byte_buf(bytes),
            Item::Text(Cow::Borrowed(text)) => visitor.visit_borrowed_str(text),
            Item::Text(Cow::Owned(text)) => visitor.visit_string(text),
            Item::Array(left) => {
                let mut elements = self.elements(left, OmitNulls::No)?;
                let value = visitor.visit_seq(&mut elements)?;
                elements.finish().map(|()| value)
            }
            Item::Map(left) => {
                let mut elements = self.elements(left, OmitNulls::No)?;
                let value = visitor.visit_map(&mut elements)?;
                elements.finish().map(|()| value)
            }
            Item::Boolean(value) => visitor.visit_bool(value),
            Item::Null => visitor.visit_unit(),
            Item::Float(number) => visitor.visit_f64(number),
        }
    }

    fn skip(&mut self) -> Result<(), CborError> {
        let (mut left, parts) = match self.item()? {
            Item::Array(left) => (left, 1),
            Item::Map(left) => (left, 2),
            _ => return Ok(()),
        };
        self.enter()?;
        while self.advance(&mut left) {
            for _ in 0..parts {
                self.skip()?;
            }
        }
        self.leave();
        Ok(())
    }
}

impl<'de> Deserializer<'de> for &mut Reader<'de> {
    type Error = CborError;

    fn is_human_readable(&self) -> bool {
        false
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CborError> {
        let item = self.item()?;
        self.visit_item(item, visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CborError> {
        match self.text()? {
            Cow::Borrowed(text) => visitor.visit_borrowed_str(text),
            Cow::Owned(text) => visitor.visit_string(text),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CborError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CborError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CborError> {
        match self.item()? {
            Item::Bytes(Cow::Borrowed(bytes)) => visitor.visit_borrowed_bytes(bytes),
            Item::Bytes(Cow::Owned(bytes)) => visitor.visit_byte_buf(bytes),
            _ => Err(CborError::Expected("a byte string")),
        }
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CborError> {
        self.deserialize_bytes(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CborError> {
        if self.take_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, CborError> {
        if name == TIMESTAMP {
            let seconds: F64Deserializer<CborError> = self.epoch_seconds()?.into_deserializer();
            visitor.visit_newtype_struct(seconds)
        } else {
            visitor.visit_newtype_struct(self)
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, CborError> {
        self.skip()?;
        visitor.visit_unit()
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, CborError> {
        let left = self.map_start("a structure (a map)")?;
        let mut elements = self.elements(left, OmitNulls::Yes)?;
        let value = visitor.visit_map(&mut elements)?;
        elements.finish().map(|()| value)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, CborError> {
        match self.item()? {
            Item::Text(text) => visitor.visit_enum(CowStrDeserializer::new(text)),
            Item::Map(left) => {
                let mut elements = self.elements(left, OmitNulls::Yes)?;
                let value = visitor.visit_enum(&mut elements)?;
                elements.finish().map(|()| value)
            }
            _ => Err(CborError::Expected("text or a map of one entry")),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CborError> {
        self.skip()?;
        visitor.visit_unit()
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CborError> {
        let left = self.array_start()?;
        let mut elements = self.elements(left, OmitNulls::No)?;
        let value = visitor.visit_seq(&mut elements)?;
        elements.finish().map(|()| value)
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _length: usize,
        visitor: V,
    ) -> Result<V::Value, CborError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CborError> {
        let left = self.map_start("a map")?;
        let mut elements = self.elements(left, OmitNulls::No)?;
        let value = visitor.visit_map(&mut elements)?;
        elements.finish().map(|()| value)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char unit tuple_struct
    }
}

/// Whether pairs whose value is null are passed over: in structures, but not in maps.
#[derive(Clone, Copy, PartialEq, Eq)]
enum OmitNulls {
    Yes,
    No,
}

/// The rest of an array or map.
struct Elements<'r, 'de> {
    reader: &'r mut Reader<'de>,
    left: Option<usize>,
    omit_nulls: OmitNulls,
}

impl<'de> Elements<'_, 'de> {
    fn advance(&mut self) -> bool {
        self.reader.advance(&mut self.left)
    }

    /// Makes sure that nothing is left, and goes out.
    fn finish(mut self) -> Result<(), CborError> {
        if self.advance() {
            return Err(CborError::Length);
        }
        self.reader.leave();
        Ok(())
    }

    /// The key of the next member that is not null.
    fn member(&mut self) -> Result<Option<Cow<'de, str>>, CborError> {
        while self.advance() {
            let key = self.reader.text()?;
            if !self.reader.take_null() {
                return Ok(Some(key));
            }
        }
        Ok(None)
    }
}

impl<'de> de::SeqAccess<'de> for &mut Elements<'_, 'de> {
    type Error = CborError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, CborError> {
        if self.advance() { seed.deserialize(&mut *self.reader).map(Some) } else { Ok(None) }
    }

    fn size_hint(&self) -> Option<usize> {
        self.left
    }
}

impl<'de> de::MapAccess<'de> for &mut Elements<'_, 'de> {
    type Error = CborError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, CborError> {
        if self.omit_nulls == OmitNulls::Yes {
            match self.member()? {
                Some(key) => seed.deserialize(CowStrDeserializer::new(key)).map(Some),
                None => Ok(None),
            }
        } else if self.advance() {
            seed.deserialize(&mut *self.reader).map(Some)
        } else {
            Ok(None)
        }
    }

    // Not inlined: once for a member's type, and not once for each member.
    #[inline(never)]
    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, CborError> {
        seed.deserialize(&mut *self.reader)
    }

    fn size_hint(&self) -> Option<usize> {
        self.left
    }
}

impl<'de> de::EnumAccess<'de> for &mut Elements<'_, 'de> {
    type Error = CborError;
    type Variant = Self;

    fn variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<(T::Value, Self), CborError> {
        let key = self.member()?.ok_or(CborError::Expected("a map of one entry"))?;
        Ok((seed.deserialize(CowStrDeserializer::new(key))?, self))
    }
}

impl<'de> de::VariantAccess<'de> for &mut Elements<'_, 'de> {
    type Error = CborError;

    fn unit_variant(self) -> Result<(), CborError> {
        self.reader.skip()
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, CborError> {
        seed.deserialize(&mut *self.reader)
    }

    fn tuple_variant<V: Visitor<'de>>(
        self,
        _length: usize,
        visitor: V,
    ) -> Result<V::Value, CborError> {
        self.reader.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, CborError> {
        self.reader.deserialize_struct("", fields, visitor)
    }
}
