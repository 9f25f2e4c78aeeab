//! What stands inside an element: members, items or entries.

use serde::Serialize;
use serde::ser;

use super::XmlError;
use super::element::Element;
use super::write::Members;
use crate::wire::naming::MemberName;

pub(super) fn open(name: &str, out: &mut String) {
    out.push('<');
    out.push_str(name);
    out.push('>');
}

pub(super) fn close(name: &str, out: &mut String) {
    out.push_str("</");
    out.push_str(name);
    out.push('>');
}

/// Closes an element whose content began at `begun`; `<Name/>` if there is none.
fn close_content(name: &str, begun: usize, out: &mut String) {
    if out.len() == begun {
        out.truncate(begun - 1);
        out.push_str("/>");
    } else {
        close(name, out);
    }
}

/// The content of a structure's or union's element.
pub(super) struct Structure<'a> {
    pub(super) name: &'a str,
    pub(super) begun: usize,
    pub(super) members: Members<'a>,
}

impl Structure<'_> {
    pub(super) fn finish(self) -> Result<(), XmlError> {
        close_content(self.name, self.begun, self.members.out);
        Ok(())
    }
}

impl ser::SerializeStruct for Structure<'_> {
    type Ok = ();
    type Error = XmlError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), XmlError> {
        self.members.write(name, value)
    }

    fn end(self) -> Result<(), XmlError> {
        self.finish()
    }
}

/// The content of a list's or map's element; the items alone if it is flattened.
pub(super) struct Content<'a> {
    pub(super) element: Element<'a>,
    pub(super) begun: usize,
}

impl<'a> Content<'a> {
    /// The name of an item's element, which is `level` unless the list or map is flattened.
    fn item_name(&self, level: &'a str) -> &'a str {
        if self.element.spelling.flattened { self.element.name } else { level }
    }

    fn write<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), XmlError> {
        value.serialize(Element {
            out: &mut *self.element.out,
            name,
            spelling: MemberName::DEFAULT,
            spell: self.element.spell,
            timestamp: false,
        })
    }

    fn finish(self) -> Result<(), XmlError> {
        if !self.element.spelling.flattened {
            close_content(self.element.name, self.begun, self.element.out);
        }
        Ok(())
    }
}

impl ser::SerializeSeq for Content<'_> {
    type Ok = ();
    type Error = XmlError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), XmlError> {
        self.write(self.item_name("member"), value)
    }

    fn end(self) -> Result<(), XmlError> {
        self.finish()
    }
}

impl ser::SerializeTuple for Content<'_> {
    type Ok = ();
    type Error = XmlError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), XmlError> {
        self.write(self.item_name("member"), value)
    }

    fn end(self) -> Result<(), XmlError> {
        self.finish()
    }
}

impl ser::SerializeMap for Content<'_> {
    type Ok = ();
    type Error = XmlError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), XmlError> {
        open(self.item_name("entry"), self.element.out);
        self.write(self.element.spelling.key, key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), XmlError> {
        self.write(self.element.spelling.value, value)?;
        close(self.item_name("entry"), self.element.out);
        Ok(())
    }

    fn end(self) -> Result<(), XmlError> {
        self.finish()
    }
}
