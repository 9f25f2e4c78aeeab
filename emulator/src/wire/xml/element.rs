//! The serde serializer of one element.

use serde::Serialize;
use serde::ser::{Impossible, Serializer};

use super::XmlError;
use super::content::{Content, Structure, close, open};
use super::text::{escape, push_display, push_float, push_timestamp};
use super::write::{Members, Spell};
use crate::wire::naming::MemberName;
use crate::wire::primitives::{Blob, TIMESTAMP, Timestamp};

/// Writes a value as the element `name`; nothing for `None`.
pub(super) struct Element<'a> {
    pub(super) out: &'a mut String,
    pub(super) name: &'a str,
    /// How a list or map here is spelt.
    pub(super) spelling: MemberName,
    pub(super) spell: Spell<'a>,
    /// Whether a number is a point in time.
    pub(super) timestamp: bool,
}

impl<'a> Element<'a> {
    fn scalar(self, content: impl FnOnce(&mut String)) -> Result<(), XmlError> {
        open(self.name, self.out);
        content(self.out);
        close(self.name, self.out);
        Ok(())
    }

    /// Opens the element; [`Content::finish`] closes it.
    fn content(self) -> Content<'a> {
        if !self.spelling.flattened {
            open(self.name, self.out);
        }
        Content { begun: self.out.len(), element: self }
    }

    /// Opens the element of a structure or union, which is never flattened.
    fn structure(self) -> Structure<'a> {
        open(self.name, self.out);
        Structure {
            name: self.name,
            begun: self.out.len(),
            members: Members { out: self.out, spell: self.spell },
        }
    }
}

fn no_form<T>(what: &str, name: &str) -> Result<T, XmlError> {
    Err(XmlError(format!("{what} in `{name}` has no XML form")))
}

macro_rules! plain_text {
    ($($serialize:ident $type:ty,)*) => {$(
        fn $serialize(self, value: $type) -> Result<(), XmlError> {
            self.scalar(|out| push_display(value, out))
        }
    )*};
}

impl<'a> Serializer for Element<'a> {
    type Ok = ();
    type Error = XmlError;
    type SerializeSeq = Content<'a>;
    type SerializeTuple = Content<'a>;
    type SerializeTupleStruct = Impossible<(), XmlError>;
    type SerializeTupleVariant = Impossible<(), XmlError>;
    type SerializeMap = Content<'a>;
    type SerializeStruct = Structure<'a>;
    type SerializeStructVariant = Impossible<(), XmlError>;

    plain_text! {
        serialize_bool bool,
        serialize_i8 i8,
        serialize_i16 i16,
        serialize_i32 i32,
        serialize_i64 i64,
        serialize_u8 u8,
        serialize_u16 u16,
        serialize_u32 u32,
        serialize_u64 u64,
    }

    fn serialize_f32(self, value: f32) -> Result<(), XmlError> {
        self.serialize_f64(f64::from(value))
    }

    fn serialize_f64(self, value: f64) -> Result<(), XmlError> {
        if self.timestamp {
            self.scalar(|out| push_timestamp(Timestamp::from_seconds(value), out))
        } else {
            self.scalar(|out| push_float(value, out))
        }
    }

    fn serialize_char(self, value: char) -> Result<(), XmlError> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), XmlError> {
        self.scalar(|out| escape(value, out))
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), XmlError> {
        self.scalar(|out| out.push_str(&Blob(value.to_vec()).to_base64()))
    }

    fn serialize_none(self) -> Result<(), XmlError> {
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), XmlError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), XmlError> {
        Ok(())
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), XmlError> {
        self.structure().finish()
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<(), XmlError> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<(), XmlError> {
        value.serialize(Self { timestamp: name == TIMESTAMP, ..self })
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), XmlError> {
        let mut union = self.structure();
        union.members.write(variant, value)?;
        union.finish()
    }

    fn serialize_seq(self, _length: Option<usize>) -> Result<Content<'a>, XmlError> {
        Ok(self.content())
    }

    fn serialize_tuple(self, _length: usize) -> Result<Content<'a>, XmlError> {
        Ok(self.content())
    }

    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeTupleStruct, XmlError> {
        no_form("a tuple", self.name)
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeTupleVariant, XmlError> {
        no_form("a tuple", self.name)
    }

    fn serialize_map(self, _length: Option<usize>) -> Result<Content<'a>, XmlError> {
        Ok(self.content())
    }

    fn serialize_struct(
        self,
        _name: &'static str,
        _length: usize,
    ) -> Result<Structure<'a>, XmlError> {
        Ok(self.structure())
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeStructVariant, XmlError> {
        no_form("a structure in an enum", self.name)
    }
}
