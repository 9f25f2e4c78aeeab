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
    /// Visits the elements of an array or map and makes sure that none is left.
    fn nested<T>(
        &mut self,
        left: Option<usize>,
        omit_nulls: OmitNulls,
        visit: impl FnOnce(&mut Elements<'_, 'de>) -> Result<T, CborError>,
    ) -> Result<T, CborError> {
        self.enter()?;
        let mut elements = Elements { reader: self, left, omit_nulls };
        let value = visit(&mut elements)?;
        if elements.advance() {
            return Err(CborError::Length);
        }
        self.leave();
        Ok(value)
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
                self.nested(left, OmitNulls::No, |elements| visitor.visit_seq(elements))
            }
            Item::Map(left) => {
                self.nested(left, OmitNulls::No, |elements| visitor.visit_map(elements))
            }
            Item::Boolean(value) => visitor.visit_bool(value),
            Item::Null => visitor.visit_unit(),
            Item::Float(number) => visitor.visit_f64(number),
        }
    }

    fn skip(&mut self) -> Result<(), CborError> {
        match self.item()? {
            Item::Array(left) => self.nested(left, OmitNulls::No, |elements| {
                while elements.advance() {
                    elements.reader.skip()?;
                }
                Ok(())
            }),
            Item::Map(left) => self.nested(left, OmitNulls::No, |elements| {
                while elements.advance() {
                    elements.reader.skip()?;
                    elements.reader.skip()?;
                }
                Ok(())
            }),
            _ => Ok(()),
        }
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
        let text = self.text()?;
        self.visit_item(Item::Text(text), visitor)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CborError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CborError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CborError> {
        match self.item()? {
            bytes @ Item::Bytes(_) => self.visit_item(bytes, visitor),
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
        match self.item()? {
            Item::Map(left) => {
                self.nested(left, OmitNulls::Yes, |elements| visitor.visit_map(elements))
            }
            _ => Err(CborError::Expected("a structure (a map)")),
        }
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
                self.nested(left, OmitNulls::Yes, |elements| visitor.visit_enum(elements))
            }
            _ => Err(CborError::Expected("text or a map of one entry")),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, CborError> {
        self.skip()?;
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char unit seq tuple tuple_struct map
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
    /// Whether one more element (or pair) comes; it then has to be read.
    fn advance(&mut self) -> bool {
        match &mut self.left {
            Some(0) => false,
            Some(left) => {
                *left -= 1;
                true
            }
            None if self.reader.take_break() => {
                self.left = Some(0);
                false
            }
            None => true,
        }
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

impl<'de> de::SeqAccess<'de> for Elements<'_, 'de> {
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

impl<'de> de::MapAccess<'de> for Elements<'_, 'de> {
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
