//! The serde deserializer that notes what it is asked for and answers with small values.

use std::fmt;

use serde::de::value::{F64Deserializer, MapDeserializer, StrDeserializer};
use serde::de::{self, Deserializer, IntoDeserializer, Visitor};

use super::Shape;
use super::access::{Choice, Members, One};
use super::survey::Survey;
use crate::wire::primitives::{BLOB, TIMESTAMP};

/// How deep structures and enums may stand in each other.
const DEPTH_MAX: usize = 64;

/// A type refused the value it was offered.
#[derive(Debug)]
pub(super) struct ProbeError(String);

impl fmt::Display for ProbeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ProbeError {}

impl de::Error for ProbeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// One place in a type; writes what stands there to `shape`.
pub(super) struct Probe<'s> {
    pub(super) survey: &'s Survey,
    pub(super) shape: &'s mut Shape,
    pub(super) size: Size,
}

/// How much to put into a value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Size {
    /// Everything, so that all is seen.
    Full,
    /// As little as possible: nothing is noted, the value stands where a type contains itself.
    Least,
}

impl<'s> Probe<'s> {
    pub(super) fn new(survey: &'s Survey, shape: &'s mut Shape) -> Self {
        Self { survey, shape, size: Size::Full }
    }

    /// The list of one element or map of one entry that is offered here.
    fn one<'i>(&self, inner: &'i mut Shape) -> One<'i>
    where
        's: 'i,
    {
        One { survey: self.survey, shape: (self.size == Size::Full).then_some(inner) }
    }

    fn is(self, shape: Shape) {
        *self.shape = shape;
    }
}

macro_rules! scalars {
    ($($deserialize:ident $shape:ident $visit:ident $value:expr,)*) => {$(
        fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ProbeError> {
            self.is(Shape::$shape);
            visitor.$visit($value)
        }
    )*};
}

impl<'de> Deserializer<'de> for Probe<'_> {
    type Error = ProbeError;

    scalars! {
        deserialize_bool Boolean visit_bool false,
        deserialize_i8 Integer visit_i8 0,
        deserialize_i16 Integer visit_i16 0,
        deserialize_i32 Integer visit_i32 0,
        deserialize_i64 Integer visit_i64 0,
        deserialize_i128 Integer visit_i128 0,
        deserialize_u8 Integer visit_u8 0,
        deserialize_u16 Integer visit_u16 0,
        deserialize_u32 Integer visit_u32 0,
        deserialize_u64 Integer visit_u64 0,
        deserialize_u128 Integer visit_u128 0,
        deserialize_f32 Float visit_f32 0.0,
        deserialize_f64 Float visit_f64 0.0,
        deserialize_char String visit_char 'a',
        deserialize_str String visit_borrowed_str "",
        deserialize_string String visit_borrowed_str "",
        deserialize_identifier String visit_borrowed_str "",
        deserialize_bytes Blob visit_borrowed_bytes b"",
        deserialize_byte_buf Blob visit_borrowed_bytes b"",
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ProbeError> {
        self.is(Shape::Document);
        visitor.visit_unit()
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ProbeError> {
        self.deserialize_any(visitor)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ProbeError> {
        self.deserialize_any(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ProbeError> {
        match self.size {
            Size::Full => visitor.visit_some(self),
            Size::Least => visitor.visit_none(),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ProbeError> {
        self.is(Shape::Structure { name: name.to_owned(), members: Vec::new() });
        visitor.visit_unit()
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, ProbeError> {
        match name {
            TIMESTAMP => {
                self.is(Shape::Timestamp);
                let seconds: F64Deserializer<ProbeError> = 0.0.into_deserializer();
                visitor.visit_newtype_struct(seconds)
            }
            BLOB => {
                self.is(Shape::Blob);
                let base64: StrDeserializer<'_, ProbeError> = "".into_deserializer();
                visitor.visit_newtype_struct(base64)
            }
            _ => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ProbeError> {
        let mut inner = Shape::Document;
        let value = visitor.visit_seq(self.one(&mut inner));
        self.is(Shape::List(Box::new(inner)));
        value
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _length: usize,
        visitor: V,
    ) -> Result<V::Value, ProbeError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _length: usize,
        visitor: V,
    ) -> Result<V::Value, ProbeError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ProbeError> {
        let mut inner = Shape::Document;
        let value = visitor.visit_map(self.one(&mut inner));
        self.is(Shape::Map(Box::new(inner)));
        value
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ProbeError> {
        let key = (name, fields);
        if self.size == Size::Least || self.survey.is_around(key) {
            self.is(Shape::Recursive(name.to_owned()));
            let nothing = std::iter::empty::<(&str, ())>();
            return visitor.visit_map(MapDeserializer::new(nothing));
        }
        let mut members = Vec::new();
        self.survey.stack.borrow_mut().push(key);
        let value = visitor.visit_map(Members {
            survey: self.survey,
            key,
            fields: fields.iter(),
            members: &mut members,
        });
        self.survey.stack.borrow_mut().pop();
        self.is(Shape::Structure { name: name.to_owned(), members });
        value
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ProbeError> {
        let key = (name, variants);
        let survey = self.survey;
        if variants.is_empty() || survey.stack.borrow().len() == DEPTH_MAX {
            return Err(de::Error::custom("an enum without values or whose values have no end"));
        }
        let (size, number, index) = if self.size == Size::Least || survey.is_around(key) {
            self.is(Shape::Recursive(name.to_owned()));
            (Size::Least, 0, 0)
        } else {
            let (number, index) = survey.next_variant(key);
            self.is(Survey::enum_mark(number));
            (Size::Full, number, index)
        };
        survey.stack.borrow_mut().push(key);
        let value =
            visitor.visit_enum(Choice { survey, name: variants[index], number, index, size });
        survey.stack.borrow_mut().pop();
        value
    }
}
