//! The serde serializer that makes trees.

use serde::ser::{self, Impossible, Serialize, Serializer};

use super::Tree;
use crate::wire::EncodeError;
use crate::wire::primitives::{Blob, TIMESTAMP};

/// The tree of a value.
///
/// # Errors
/// When a value has no form in any protocol: a map's key that is no text, a tuple in an enum.
pub(in crate::wire) fn tree<T: Serialize + ?Sized>(value: &T) -> Result<Tree, EncodeError> {
    value.serialize(Writer)
}

struct Writer;

fn no_form<T>(what: &str) -> Result<T, EncodeError> {
    Err(EncodeError::new(format!("{what} has no form in any protocol")))
}

macro_rules! scalars {
    ($($serialize:ident $type:ty: $variant:ident,)*) => {$(
        fn $serialize(self, value: $type) -> Result<Tree, EncodeError> {
            Ok(Tree::$variant(value.into()))
        }
    )*};
}

impl Serializer for Writer {
    type Ok = Tree;
    type Error = EncodeError;
    type SerializeSeq = List;
    type SerializeTuple = List;
    type SerializeTupleStruct = Impossible<Tree, EncodeError>;
    type SerializeTupleVariant = Impossible<Tree, EncodeError>;
    type SerializeMap = Map;
    type SerializeStruct = Structure;
    type SerializeStructVariant = Structure;

    /// Blobs come as bytes.
    fn is_human_readable(&self) -> bool {
        false
    }

    scalars! {
        serialize_bool bool: Bool,
        serialize_i8 i8: Signed,
        serialize_i16 i16: Signed,
        serialize_i32 i32: Signed,
        serialize_i64 i64: Signed,
        serialize_u8 u8: Unsigned,
        serialize_u16 u16: Unsigned,
        serialize_u32 u32: Unsigned,
        serialize_u64 u64: Unsigned,
        serialize_f32 f32: Float,
        serialize_f64 f64: Float,
        serialize_char char: Text,
        serialize_str &str: Text,
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<Tree, EncodeError> {
        Ok(Tree::Blob(Blob(value.to_vec())))
    }

    fn serialize_none(self) -> Result<Tree, EncodeError> {
        Ok(Tree::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Tree, EncodeError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Tree, EncodeError> {
        Ok(Tree::Null)
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<Tree, EncodeError> {
        Ok(Tree::Structure(Vec::new()))
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<Tree, EncodeError> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<Tree, EncodeError> {
        match value.serialize(self)? {
            Tree::Float(seconds) if name == TIMESTAMP => Ok(Tree::Timestamp(seconds)),
            other => Ok(other),
        }
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Tree, EncodeError> {
        Ok(Tree::Structure(vec![(variant, value.serialize(self)?)]))
    }

    fn serialize_seq(self, _length: Option<usize>) -> Result<List, EncodeError> {
        Ok(List(Vec::new()))
    }

    fn serialize_tuple(self, _length: usize) -> Result<List, EncodeError> {
        Ok(List(Vec::new()))
    }

    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeTupleStruct, EncodeError> {
        no_form("a tuple")
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _length: usize,
    ) -> Result<Self::SerializeTupleVariant, EncodeError> {
        no_form("a tuple in an enum")
    }

    fn serialize_map(self, _length: Option<usize>) -> Result<Map, EncodeError> {
        Ok(Map { entries: Vec::new(), key: String::new() })
    }

    fn serialize_struct(
        self,
        _name: &'static str,
        length: usize,
    ) -> Result<Structure, EncodeError> {
        Ok(Structure { members: Vec::with_capacity(length), variant: None })
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Structure, EncodeError> {
        Ok(Structure { members: Vec::with_capacity(length), variant: Some(variant) })
    }
}

struct List(Vec<Tree>);

impl ser::SerializeSeq for List {
    type Ok = Tree;
    type Error = EncodeError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), EncodeError> {
        self.0.push(value.serialize(Writer)?);
        Ok(())
    }

    fn end(self) -> Result<Tree, EncodeError> {
        Ok(Tree::List(self.0))
    }
}

impl ser::SerializeTuple for List {
    type Ok = Tree;
    type Error = EncodeError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), EncodeError> {
        ser::SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<Tree, EncodeError> {
        Ok(Tree::List(self.0))
    }
}

struct Map {
    entries: Vec<(String, Tree)>,
    key: String,
}

impl ser::SerializeMap for Map {
    type Ok = Tree;
    type Error = EncodeError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), EncodeError> {
        match key.serialize(Writer)? {
            Tree::Text(key) => self.key = key,
            _ => return no_form("a map's key that is no text"),
        }
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), EncodeError> {
        self.entries.push((std::mem::take(&mut self.key), value.serialize(Writer)?));
        Ok(())
    }

    fn end(self) -> Result<Tree, EncodeError> {
        Ok(Tree::Map(self.entries))
    }
}

struct Structure {
    members: Vec<(&'static str, Tree)>,
    /// The enum's variant whose content this is.
    variant: Option<&'static str>,
}

impl ser::SerializeStruct for Structure {
    type Ok = Tree;
    type Error = EncodeError;

    // Not inlined: once for a member's type, and not once for each member.
    #[inline(never)]
    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), EncodeError> {
        self.members.push((name, value.serialize(Writer)?));
        Ok(())
    }

    fn end(self) -> Result<Tree, EncodeError> {
        let structure = Tree::Structure(self.members);
        Ok(match self.variant {
            None => structure,
            Some(variant) => Tree::Structure(vec![(variant, structure)]),
        })
    }
}

impl ser::SerializeStructVariant for Structure {
    type Ok = Tree;
    type Error = EncodeError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), EncodeError> {
        ser::SerializeStruct::serialize_field(self, name, value)
    }

    fn end(self) -> Result<Tree, EncodeError> {
        ser::SerializeStruct::end(self)
    }
}
