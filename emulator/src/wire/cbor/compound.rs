//! Arrays, maps and structures while they are being written.
//!
//! Each counts what it was given, so that a wrong length is an error and never wrong bytes.

use serde::Serialize;
use serde::ser;

use super::write::Writer;
use super::{BREAK, CborError};

/// An array or map being written; `left` is `None` when a break will end it.
pub(super) struct Compound<'w> {
    pub(super) writer: &'w mut Writer,
    pub(super) left: Option<usize>,
}

impl Compound<'_> {
    fn count(&mut self) -> Result<(), CborError> {
        if let Some(left) = &mut self.left {
            *left = left.checked_sub(1).ok_or(CborError::Length)?;
        }
        Ok(())
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CborError> {
        self.count()?;
        value.serialize(&mut *self.writer)
    }

    // Not inlined: once for a member's type, and not once for each member.
    #[inline(never)]
    fn member<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), CborError> {
        self.count()?;
        self.writer.text(name);
        value.serialize(&mut *self.writer)
    }

    fn close(self) -> Result<(), CborError> {
        match self.left {
            None => self.writer.out.push(BREAK),
            Some(0) => {}
            Some(_) => return Err(CborError::Length),
        }
        Ok(())
    }
}

impl ser::SerializeSeq for Compound<'_> {
    type Ok = ();
    type Error = CborError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CborError> {
        self.element(value)
    }

    fn end(self) -> Result<(), CborError> {
        self.close()
    }
}

impl ser::SerializeTuple for Compound<'_> {
    type Ok = ();
    type Error = CborError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CborError> {
        self.element(value)
    }

    fn end(self) -> Result<(), CborError> {
        self.close()
    }
}

impl ser::SerializeTupleStruct for Compound<'_> {
    type Ok = ();
    type Error = CborError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CborError> {
        self.element(value)
    }

    fn end(self) -> Result<(), CborError> {
        self.close()
    }
}

impl ser::SerializeTupleVariant for Compound<'_> {
    type Ok = ();
    type Error = CborError;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CborError> {
        self.element(value)
    }

    fn end(self) -> Result<(), CborError> {
        self.close()
    }
}

impl ser::SerializeMap for Compound<'_> {
    type Ok = ();
    type Error = CborError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), CborError> {
        self.element(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), CborError> {
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result<(), CborError> {
        self.close()
    }
}

impl ser::SerializeStruct for Compound<'_> {
    type Ok = ();
    type Error = CborError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), CborError> {
        self.member(name, value)
    }

    fn end(self) -> Result<(), CborError> {
        self.close()
    }
}

impl ser::SerializeStructVariant for Compound<'_> {
    type Ok = ();
    type Error = CborError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), CborError> {
        self.member(name, value)
    }

    fn end(self) -> Result<(), CborError> {
        self.close()
    }
}
