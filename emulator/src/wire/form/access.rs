//! What a structure, list, map or union sees of a form's tree.

use std::slice;

use serde::de::value::StrDeserializer;
use serde::de::{self, DeserializeSeed, Deserializer, IntoDeserializer, Visitor};

use super::FormError;
use super::node::Children;
use super::read::Reader;

/// The members of a structure that were given.
pub(super) struct Members<'f> {
    reader: Reader<'f>,
    fields: slice::Iter<'static, &'static str>,
    value: Option<Reader<'f>>,
}

impl<'f> Members<'f> {
    pub(super) fn new(reader: Reader<'f>, fields: &'static [&'static str]) -> Self {
        Self { reader, fields: fields.iter(), value: None }
    }
}

impl<'de> de::MapAccess<'de> for Members<'de> {
    type Error = FormError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, FormError> {
        for name in self.fields.by_ref() {
            self.value = self.reader.member(name);
            if self.value.is_some() {
                let key: StrDeserializer<'_, FormError> = (*name).into_deserializer();
                return seed.deserialize(key).map(Some);
            }
        }
        Ok(None)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, FormError> {
        read(seed, self.value.take())
    }
}

/// The numbered children of a list or map.
pub(super) struct Items<'f> {
    pub(super) reader: Reader<'f>,
    pub(super) children: Children<'f>,
}

impl<'de> de::SeqAccess<'de> for Items<'de> {
    type Error = FormError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, FormError> {
        match self.children.next() {
            Some((_, node)) => read(seed, Some(self.reader.below(node))).map(Some),
            None => Ok(None),
        }
    }
}

/// The entries of a map.
pub(super) struct Entries<'f> {
    items: Items<'f>,
    entry: Option<Reader<'f>>,
}

impl<'f> Entries<'f> {
    pub(super) fn new(items: Items<'f>) -> Self {
        Self { items, entry: None }
    }

    fn part(entry: Reader<'f>, name: &str) -> Result<Reader<'f>, FormError> {
        match entry.node.child(name) {
            Some(node) => Ok(entry.below(node)),
            None => entry.expected(&format!("`{name}` in a map's entry")),
        }
    }
}

impl<'de> de::MapAccess<'de> for Entries<'de> {
    type Error = FormError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, FormError> {
        let Some((_, node)) = self.items.children.next() else {
            return Ok(None);
        };
        let entry = self.items.reader.below(node);
        self.entry = Some(entry);
        let key = Self::part(entry, self.items.reader.spelling.key)?;
        read(seed, Some(key)).map(Some)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, FormError> {
        let value = match self.entry.take() {
            Some(entry) => Some(Self::part(entry, self.items.reader.spelling.value)?),
            None => None,
        };
        read(seed, value)
    }
}

/// The one member of a union.
pub(super) struct Variant<'f> {
    pub(super) name: &'static str,
    pub(super) reader: Reader<'f>,
}

impl<'de> de::EnumAccess<'de> for Variant<'de> {
    type Error = FormError;
    type Variant = Reader<'de>;

    fn variant_seed<T: DeserializeSeed<'de>>(
        self,
        seed: T,
    ) -> Result<(T::Value, Reader<'de>), FormError> {
        let name: StrDeserializer<'_, FormError> = self.name.into_deserializer();
        Ok((seed.deserialize(name)?, self.reader))
    }
}

impl<'de> de::VariantAccess<'de> for Reader<'de> {
    type Error = FormError;

    fn unit_variant(self) -> Result<(), FormError> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, FormError> {
        read(seed, Some(self))
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

/// Reads a value and says where it was if it is wrong.
fn read<'de, T: DeserializeSeed<'de>>(
    seed: T,
    value: Option<Reader<'de>>,
) -> Result<T::Value, FormError> {
    let value = value.ok_or_else(|| FormError::new("", "a value was asked for before its key"))?;
    let path = value.node.path();
    seed.deserialize(value).map_err(|error| error.at(path))
}
