//! The serde serializer that writes CBOR.
//!
//! Lengths are definite where they are known and floats always have 64 bits: clients built from
//! Smithy models take no other.

use serde::Serialize;
use serde::ser::Serializer;

use super::compound::Compound;
use super::{CborError, TAG_EPOCH};
use crate::wire::primitives::TIMESTAMP;

/// The CBOR form of `value`.
pub fn to_vec<T: Serialize + ?Sized>(value: &T) -> Result<Vec<u8>, CborError> {
    let mut writer = Writer { out: Vec::new() };
    value.serialize(&mut writer)?;
    Ok(writer.out)
}

/// The bytes so far.
pub(super) struct Writer {
    pub(super) out: Vec<u8>,
}

/// The major types of CBOR that the writer uses.
#[derive(Clone, Copy)]
enum Major {
    Unsigned = 0,
    Negative = 1,
    Bytes = 2,
    Text = 3,
    Array = 4,
    Map = 5,
    Tag = 6,
}

impl Writer {
    /// Writes an item's head in its shortest form.
    fn head(&mut self, major: Major, argument: u64) {
        let first = (major as u8) << 5;
        let bytes = argument.to_be_bytes();
        let (info, skipped) = match argument {
            0..=23 => {
                self.out.push(first | bytes[7]);
                return;
            }
            24..=0xff => (24, 7),
            0x100..=0xffff => (25, 6),
            0x1_0000..=0xffff_ffff => (26, 4),
            _ => (27, 0),
        };
        self.out.push(first | info);
        self.out.extend_from_slice(&bytes[skipped..]);
    }

    pub(super) fn text(&mut self, text: &str) {
        self.head(Major::Text, text.len() as u64);
        self.out.extend_from_slice(text.as_bytes());
    }

    /// Begins an array or map of `length` elements or pairs.
    fn compound(&mut self, major: Major, length: Option<usize>) -> Compound<'_> {
        match length {
            Some(length) => self.head(major, length as u64),
            None => self.out.push((major as u8) << 5 | 31),
        }
        Compound { writer: self, left: length }
    }

    /// Begins the map of one entry that an enum's variant with content is.
    fn variant(&mut self, variant: &str) {
        self.head(Major::Map, 1);
        self.text(variant);
    }
}

impl<'w> Serializer for &'w mut Writer {
    type Ok = ();
    type Error = CborError;
    type SerializeSeq = Compound<'w>;
    type SerializeTuple = Compound<'w>;
    type SerializeTupleStruct = Compound<'w>;
    type SerializeTupleVariant = Compound<'w>;
    type SerializeMap = Compound<'w>;
    type SerializeStruct = Compound<'w>;
    type SerializeStructVariant = Compound<'w>;

    fn is_human_readable(&self) -> bool {
        false
    }

    fn serialize_bool(self, value: bool) -> Result<(), CborError> {
        self.out.push(if value { 0xf5 } else { 0xf4 });
        Ok(())
    }

    fn serialize_i8(self, value: i8) -> Result<(), CborError> {
        self.serialize_i64(i64::from(value))
    }

    fn serialize_i16(self, value: i16) -> Result<(), CborError> {
        self.serialize_i64(i64::from(value))
    }

    fn serialize_i32(self, value: i32) -> Result<(), CborError> {
        self.serialize_i64(i64::from(value))
    }

    fn serialize_i64(self, value: i64) -> Result<(), CborError> {
        match u64::try_from(value) {
            Ok(value) => self.head(Major::Unsigned, value),
            // The argument of a negative integer is -1 - value, which is its complement.
            Err(_) => self.head(Major::Negative, !value as u64),
        }
        Ok(())
    }

    fn serialize_u8(self, value: u8) -> Result<(), CborError> {
        self.serialize_u64(u64::from(value))
    }

    fn serialize_u16(self, value: u16) -> Result<(), CborError> {
        self.serialize_u64(u64::from(value))
    }

    fn serialize_u32(self, value: u32) -> Result<(), CborError> {
        self.serialize_u64(u64::from(value))
    }

    fn serialize_u64(self, value: u64) -> Result<(), CborError> {
        self.head(Major::Unsigned, value);
        Ok(())
    }

    fn serialize_f32(self, value: f32) -> Result<(), CborError> {
        self.serialize_f64(f64::from(value))
    }

    fn serialize_f64(self, value: f64) -> Result<(), CborError> {
        self.out.push(0xfb);
        self.out.extend_from_slice(&value.to_be_bytes());
        Ok(())
    }

    fn serialize_char(self, value: char) -> Result<(), CborError> {
        self.text(value.encode_utf8(&mut [0; 4]));
        Ok(())
    }

    fn serialize_str(self, value: &str) -> Result<(), CborError> {
        self.text(value);
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), CborError> {
        self.head(Major::Bytes, value.len() as u64);
        self.out.extend_from_slice(value);
        Ok(())
    }

    fn serialize_none(self) -> Result<(), CborError> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), CborError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), CborError> {
        self.out.push(0xf6);
        Ok(())
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result<(), CborError> {
        self.head(Major::Map, 0);
        Ok(())
    }

    fn serialize_unit_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
    ) -> Result<(), CborError> {
        self.text(variant);
        Ok(())
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<(), CborError> {
        if name == TIMESTAMP {
            self.head(Major::Tag, TAG_EPOCH);
        }
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), CborError> {
        self.variant(variant);
        value.serialize(self)
    }

    fn serialize_seq(self, length: Option<usize>) -> Result<Compound<'w>, CborError> {
        Ok(self.compound(Major::Array, length))
    }

    fn serialize_tuple(self, length: usize) -> Result<Compound<'w>, CborError> {
        Ok(self.compound(Major::Array, Some(length)))
    }

    fn serialize_tuple_struct(
        self,
        _name: &'static str,
        length: usize,
    ) -> Result<Compound<'w>, CborError> {
        Ok(self.compound(Major::Array, Some(length)))
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Compound<'w>, CborError> {
        self.variant(variant);
        Ok(self.compound(Major::Array, Some(length)))
    }

    fn serialize_map(self, length: Option<usize>) -> Result<Compound<'w>, CborError> {
        Ok(self.compound(Major::Map, length))
    }

    fn serialize_struct(
        self,
        _name: &'static str,
        length: usize,
    ) -> Result<Compound<'w>, CborError> {
        Ok(self.compound(Major::Map, Some(length)))
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        length: usize,
    ) -> Result<Compound<'w>, CborError> {
        self.variant(variant);
        Ok(self.compound(Major::Map, Some(length)))
    }
}
