//! What a structure, list, map or union sees of a form's tree.

use std::str::FromStr;

use serde::de::DeserializeOwned;

use super::node::Node;
use super::{Form, FormError};
use crate::wire::document;
use crate::wire::naming::{MemberName, Naming};

/// Reads the members of `T` from a body; `naming` spells them for `operation`.
pub fn from_form<T: DeserializeOwned>(
    body: &[u8],
    naming: Naming,
    operation: &str,
) -> Result<T, FormError> {
    document::read_form(&Form::parse(body)?, naming, operation)
}

impl Form<'_> {
    /// The whole body; `naming` spells members for `operation`.
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
    node: Node<'f>,
    spelling: MemberName,
    spell: Spell<'f>,
}

impl<'f> Reader<'f> {
    fn expected<T>(self, what: &str) -> Result<T, FormError> {
        let problem = format!("expected {what}");
        Err(FormError::new(self.node.path(), problem))
    }

    /// The key of this place, for messages.
    pub(in crate::wire) fn path(self) -> &'f str {
        self.node.path()
    }

    pub(in crate::wire) fn text(self, what: &str) -> Result<&'f str, FormError> {
        match self.node.text() {
            Some(text) => Ok(text),
            None => self.expected(what),
        }
    }

    pub(in crate::wire) fn parse<T: FromStr>(self, what: &str) -> Result<T, FormError> {
        match self.text(what)?.parse() {
            Ok(value) => Ok(value),
            Err(_) => self.expected(what),
        }
    }

    /// The same place with the member's own name.
    fn below(self, node: Node<'f>) -> Self {
        Self { node, spelling: MemberName::DEFAULT, ..self }
    }

    fn member(self, name: &str) -> Option<Self> {
        let spelling = (self.spell.naming)(self.spell.operation, name);
        let node = self.node.child(spelling.name.unwrap_or(name))?;
        Some(Self { node, spelling, ..self })
    }

    /// Those of `fields` that were given.
    pub(in crate::wire) fn members(
        self,
        fields: &'static [&'static str],
    ) -> Result<Vec<(&'static str, Self)>, FormError> {
        if self.node.text().is_some_and(|text| !text.is_empty()) {
            return self.expected("a structure, not text");
        }
        Ok(fields.iter().filter_map(|&name| Some((name, self.member(name)?))).collect())
    }

    /// The elements of a list.
    pub(in crate::wire) fn list(self) -> Result<Vec<Self>, FormError> {
        self.items("member")
    }

    /// The keys and values of a map.
    pub(in crate::wire) fn entries(self) -> Result<Vec<(&'f str, Self)>, FormError> {
        let part = |entry: Self, name: &str| match entry.node.child(name) {
            Some(node) => Ok(entry.below(node)),
            None => entry.expected(&format!("`{name}` in a map's entry")),
        };
        let entry = |entry: Self| {
            let key = part(entry, self.spelling.key)?.text("text")?;
            Ok((key, part(entry, self.spelling.value)?))
        };
        self.items("entry")?.into_iter().map(entry).collect()
    }

    /// The one of `variants` that was given, with its content unless it is plain.
    pub(in crate::wire) fn variant(
        self,
        variants: &'static [&'static str],
    ) -> Result<(&'f str, Option<Self>), FormError> {
        if let Some(text) = self.node.text() {
            return Ok((text, None));
        }
        let mut given = variants.iter().filter_map(|&name| Some((name, self.member(name)?)));
        match (given.next(), given.next()) {
            (Some((name, reader)), None) => Ok((name, Some(reader))),
            _ => self.expected("exactly one known member"),
        }
    }

    /// The numbered children of a list or map, under `level` unless it is flattened.
    ///
    /// An empty value stands for no children: that is how clients send an empty list.
    fn items(self, level: &str) -> Result<Vec<Self>, FormError> {
        let holder = if self.spelling.flattened { Some(self.node) } else { self.node.child(level) };
        let filled = |node: Node<'_>| node.text().is_some_and(|text| !text.is_empty());
        if filled(self.node) || holder.is_some_and(filled) {
            return self.expected("a list or map, not text");
        }
        let children = |node: Node<'f>| node.children().map(|(_, it)| self.below(it)).collect();
        match holder {
            None if self.node.is_leaf() => Ok(children(self.node)),
            None => self.expected(&format!("`{level}` and an index")),
            Some(holder) if holder.has_only_indexes() => Ok(children(holder)),
            Some(holder) => Err(FormError::new(holder.path(), "expected indexes only")),
        }
    }
}
