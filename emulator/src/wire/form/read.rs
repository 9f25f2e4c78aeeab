//! The serde deserializer over the tree of a form's keys.

use serde::de::{DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::access::{Entries, Items, Members, Variant};
use super::node::Node;
use super::{Form, FormError};
use crate::wire::naming::{MemberName, Naming};

/// Reads the members of `T` from a body; `naming` spells them for `operation`.
pub fn from_form<T: DeserializeOwned>(
    body: &[u8],
    naming: Naming,
    operation: &str,
) -> Result<T, FormError> {
    Form::parse(body)?.read(naming, operation)
}

impl Form<'_> {
    /// Reads the members of `T`; `naming` spells them for `operation`.
    pub fn read<T: DeserializeOwned>(
        &self,
        naming: Naming,
        operation: &str,
    ) -> Result<T, FormError> {
        T::deserialize(self.reader(naming, operation))
    }

    /// The deserializer that [`Form::read`] uses.
    pub(in crate::wire) fn reader<'f>(&'f self, naming: Naming, operation: &'f str) -> Reader<'f> {
        let spell = Spell { naming, operation };
        Reader { node: self.root(), spelling: MemberName::DEFAULT, spell }
    }
}

/// How members are spelt in one operation.
#[derive(Clone, Copy)]
struct Spell<'f> {
    naming: Naming,
    operation: &'f str,
}

/// A node and how its list or map is spelt.
#[derive(Clone, Copy)]
pub(in crate::wire) struct Reader<'f> {
    pub(super) node: Node<'f>,
    pub(super) spelling: MemberName,
    spell: Spell<'f>,
}

impl<'f> Reader<'f> {
    pub(super) fn expected<T>(self, what: &str) -> Result<T, FormError> {
        let problem = format!("expected {what}");
        Err(FormError::new(self.node.path(), problem))
    }

    fn text(self, what: &str) -> Result<&'f str, FormError> {
        match self.node.text() {
            Some(text) => Ok(text),
            None => self.expected(what),
        }
    }

    fn parse<T: std::str::FromStr>(self, what: &str) -> Result<T, FormError> {
        match self.text(what)?.parse() {
            Ok(value) => Ok(value),
            Err(_) => self.expected(what),
        }
    }

    /// The same place with the member's own name.
    pub(super) fn below(self, node: Node<'f>) -> Self {
        Self { node, spelling: MemberName::DEFAULT, ..self }
    }

    pub(super) fn member(self, name: &str) -> Option<Self> {
        let spelling = (self.spell.naming)(self.spell.operation, name);
        let node = self.node.child(spelling.name.unwrap_or(name))?;
        Some(Self { node, spelling, ..self })
    }

    /// The numbered children of a list or map, under `level` unless it is flattened.
    ///
    /// An empty value stands for no children: that is how clients send an empty list.
    fn items(self, level: &str) -> Result<Items<'f>, FormError> {
        let holder = if self.spelling.flattened { Some(self.node) } else { self.node.child(level) };
        let filled = |node: Node<'_>| node.text().is_some_and(|text| !text.is_empty());
        if filled(self.node) || holder.is_some_and(filled) {
            return self.expected("a list or map, not text");
        }
        let Some(holder) = holder else {
            return if self.node.is_leaf() {
                Ok(Items { reader: self, children: self.node.children() })
            } else {
                self.expected(&format!("`{level}` and an index"))
            };
        };
        if holder.has_only_indexes() {
            Ok(Items { reader: self, children: holder.children() })
        } else {
            Err(FormError::new(holder.path(), "expected indexes only"))
        }
    }
}

macro_rules! scalars {
    ($($deserialize:ident $visit:ident $what:literal,)*) => {$(
        fn $deserialize<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FormError> {
            visitor.$visit(self.parse($what)?)
        }
    )*};
}

impl<'de> Deserializer<'de> for Reader<'de> {
    type Error = FormError;

    scalars! {
        deserialize_bool visit_bool "`true` or `false`",
        deserialize_i8 visit_i8 "an integer of 8 bits",
        deserialize_i16 visit_i16 "an integer of 16 bits",
        deserialize_i32 visit_i32 "an integer of 32 bits",
        deserialize_i64 visit_i64 "an integer of 64 bits",
        deserialize_u8 visit_u8 "a positive integer of 8 bits",
        deserialize_u16 visit_u16 "a positive integer of 16 bits",
        deserialize_u32 visit_u32 "a positive integer of 32 bits",
        deserialize_u64 visit_u64 "a positive integer of 64 bits",
        deserialize_f32 visit_f32 "a number",
        deserialize_f64 visit_f64 "a number",
        deserialize_char visit_char "one character",
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FormError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FormError> {
        visitor.visit_borrowed_str(self.text("text")?)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FormError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FormError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FormError> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, FormError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FormError> {
        visitor.visit_seq(self.items("member")?)
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        _length: usize,
        visitor: V,
    ) -> Result<V::Value, FormError> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, FormError> {
        visitor.visit_map(Entries::new(self.items("entry")?))
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, FormError> {
        if self.node.text().is_some_and(|text| !text.is_empty()) {
            return self.expected("a structure, not text");
        }
        visitor.visit_map(Members::new(self, fields))
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, FormError> {
        if let Some(text) = self.node.text() {
            return visitor.visit_enum(text.into_deserializer());
        }
        let mut given = variants.iter().filter_map(|&name| Some((name, self.member(name)?)));
        match (given.next(), given.next()) {
            (Some((name, reader)), None) => visitor.visit_enum(Variant { name, reader }),
            _ => self.expected("exactly one known member"),
        }
    }

    forward_to_deserialize_any! {
        i128 u128 bytes byte_buf unit unit_struct tuple_struct ignored_any
    }
}
