//! What a probe offers to lists, maps, structures and enums.

use serde::de::value::StrDeserializer;
use serde::de::{self, DeserializeSeed, Deserializer, IntoDeserializer, Visitor};

use super::Shape;
use super::probe::{Probe, ProbeError, Size};
use super::survey::{Survey, TypeKey, Variant};

/// A list of one element or a map of one entry.
pub(super) struct One<'s> {
    pub(super) survey: &'s Survey,
    /// Where the shape of the element goes; `None` when there is none or no more.
    pub(super) shape: Option<&'s mut Shape>,
}

impl<'de> de::SeqAccess<'de> for One<'_> {
    type Error = ProbeError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, ProbeError> {
        match self.shape.take() {
            Some(shape) => seed.deserialize(Probe::new(self.survey, shape)).map(Some),
            None => Ok(None),
        }
    }
}

impl<'de> de::MapAccess<'de> for One<'_> {
    type Error = ProbeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, ProbeError> {
        match &mut self.shape {
            Some(shape) => seed.deserialize(Probe::new(self.survey, shape)).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<T::Value, ProbeError> {
        match self.shape.take() {
            Some(shape) => seed.deserialize(Probe::new(self.survey, shape)),
            None => Err(de::Error::custom("a value was asked for before its key")),
        }
    }
}

/// The members of a structure, each once.
pub(super) struct Members<'s> {
    pub(super) survey: &'s Survey,
    pub(super) key: TypeKey,
    pub(super) fields: std::slice::Iter<'static, &'static str>,
    pub(super) members: &'s mut Vec<(String, Shape)>,
}

impl<'de> de::MapAccess<'de> for Members<'_> {
    type Error = ProbeError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, ProbeError> {
        for &name in self.fields.by_ref() {
            self.members.push((name.to_owned(), Shape::Document));
            if !self.survey.refuses(self.key, name) {
                let name: StrDeserializer<'_, ProbeError> = name.into_deserializer();
                return seed.deserialize(name).map(Some);
            }
        }
        Ok(None)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<T::Value, ProbeError> {
        let asked_for = self.key.1.get(self.members.len().wrapping_sub(1));
        let (Some(name), Some((_, shape))) = (asked_for, self.members.last_mut()) else {
            return Err(de::Error::custom("a value was asked for before its key"));
        };
        let value = seed.deserialize(Probe::new(self.survey, shape));
        if value.is_err() {
            self.survey.note_refusal(self.key, name);
        }
        value
    }
}

/// One variant of an enum.
pub(super) struct Choice<'s> {
    pub(super) survey: &'s Survey,
    pub(super) name: &'static str,
    /// The enum's number in the survey.
    pub(super) number: usize,
    /// The variant's place in the enum.
    pub(super) index: usize,
    pub(super) size: Size,
}

impl Choice<'_> {
    fn note(&self, what: Variant) {
        if self.size == Size::Full {
            self.survey.note_variant(self.number, self.index, what);
        }
    }

    fn content<T>(
        self,
        read: impl FnOnce(Probe<'_>) -> Result<T, ProbeError>,
    ) -> Result<T, ProbeError> {
        let mut shape = Shape::Document;
        let value = read(Probe { survey: self.survey, shape: &mut shape, size: self.size });
        self.note(Variant::Content(shape));
        value
    }
}

impl<'de> de::EnumAccess<'de> for Choice<'_> {
    type Error = ProbeError;
    type Variant = Self;

    fn variant_seed<T: DeserializeSeed<'de>>(
        self,
        seed: T,
    ) -> Result<(T::Value, Self), ProbeError> {
        let name: StrDeserializer<'_, ProbeError> = self.name.into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de> de::VariantAccess<'de> for Choice<'_> {
    type Error = ProbeError;

    fn unit_variant(self) -> Result<(), ProbeError> {
        self.note(Variant::Plain);
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(
        self,
        seed: T,
    ) -> Result<T::Value, ProbeError> {
        self.content(|probe| seed.deserialize(probe))
    }

    fn tuple_variant<V: Visitor<'de>>(
        self,
        _length: usize,
        visitor: V,
    ) -> Result<V::Value, ProbeError> {
        self.content(|probe| probe.deserialize_seq(visitor))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ProbeError> {
        let name = self.name;
        self.content(|probe| probe.deserialize_struct(name, fields, visitor))
    }
}
