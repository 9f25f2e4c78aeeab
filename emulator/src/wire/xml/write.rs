//! The serde serializer of a structure's members.

use serde::Serialize;
use serde::ser::{self, Impossible, Serializer};

use super::XmlError;
use super::element::Element;
use crate::wire::naming::Naming;

/// Appends the members of the structure `value` as elements, without an element around them.
///
/// `naming` spells them for `operation`; members that are `None` are left out. Fails for values
/// that have no members, as text or lists.
pub fn to_xml<T: Serialize + ?Sized>(
    value: &T,
    naming: Naming,
    operation: &str,
    out: &mut String,
) -> Result<(), XmlError> {
    let spell = Spell { naming, operation };
    value.serialize(Members { out, spell })
}

/// How members are spelt in one operation.
#[derive(Clone, Copy)]
pub(super) struct Spell<'a> {
    naming: Naming,
    operation: &'a str,
}

/// Writes a structure's members, one after the other.
pub(super) struct Members<'a> {
    pub(super) out: &'a mut String,
    pub(super) spell: Spell<'a>,
}

impl Members<'_> {
    pub(super) fn write<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), XmlError> {
        let spelling = (self.spell.naming)(self.spell.operation, name);
        value.serialize(Element {
            out: self.out,
            name: spelling.name.unwrap_or(name),
            spelling,
            spell: self.spell,
            timestamp: false,
        })
    }
}

impl ser::SerializeStruct for Members<'_> {
    type Ok = ();
    type Error = XmlError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), XmlError> {
        self.write(name, value)
    }

    fn end(self) -> Result<(), XmlError> {
        Ok(())
    }
}

fn no_members<T>(what: &str) -> Result<T, XmlError> {
    Err(XmlError(format!("{what} has no members to write")))
}

macro_rules! without_members {
    ($($serialize:ident $type:ty,)*) => {$(
        fn $serialize(self, _value: $type) -> Result<(), XmlError> {
            no_members("a scalar")
        }
    )*};
}

impl Serializer for Members<'_> {
    type Ok = ();
    type Error = XmlError;
    type SerializeSeq = Impossible<(), XmlError>;
    type SerializeTuple = Impossible<(), XmlError>;
    type SerializeTupleStruct = Impossible<(), XmlError>;
    type SerializeTupleVariant = Impossible<(), XmlError>;
    type SerializeMap = Impossible<(), XmlError>;
    type SerializeStruct = Self;
    type SerializeStructVariant = Impossible<(), XmlError>;

    without_members! {
        serialize_bool bool,
        serialize_i8 i8,
        serialize_i16 i16,
        serialize_i32 i32,
        serialize_i64 i64,
        serialize_u8 u8,
        serialize_u16 u16,
        serialize_u32 u32,
        serialize_u64 u64,
        serialize_f32 f32,
        serialize_f64 f64,
        serialize_char char,
        serialize_str &str,
        serialize_bytes &[u8],
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
        Ok(())
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
    ) -> Result<(), XmlError> {
        no_members("an enum's variant")
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        value: &T,
    ) -> Result<(), XmlError> {
        value.serialize(self)
    }

    /// A union: its one member.
    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        mut self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), XmlError> {
        self.write(variant, value)
    }

    fn serialize_seq(self, _length: Option<usize>) -> Result<Self::SerializeSeq, XmlError> {
        no_members("a list")
    }

    fn serialize_tuple(self, _length: usize) -> Result<Self::SerializeTuple, XmlError> {
        no_members("a tuple")
    }

    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeTupleStruct, XmlError> {
        no_members("a tuple")
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeTupleVariant, XmlError> {
        no_members("a tuple")
    }

    fn serialize_map(self, _length: Option<usize>) -> Result<Self::SerializeMap, XmlError> {
        no_members("a map")
    }

    fn serialize_struct(self, _name: &'static str, _length: usize) -> Result<Self, XmlError> {
        Ok(self)
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeStructVariant, XmlError> {
        no_members("an enum's variant")
    }
}
