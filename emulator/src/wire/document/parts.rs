//! A tree taken apart as somebody expects it to be, in functions that are compiled once.

use std::borrow::Cow;

use serde::de::{self, Unexpected};

use super::Document;
use crate::wire::form::FormError;

/// The members of a structure, or the entries of a map.
pub(super) type Entries<'de> = Vec<(Cow<'de, str>, Document<'de>)>;

impl<'de> Document<'de> {
    pub(super) fn wrong<T>(&self, expected: &dyn de::Expected) -> Result<T, FormError> {
        let unexpected = match self {
            Self::Null => Unexpected::Unit,
            Self::Bool(value) => Unexpected::Bool(*value),
            Self::Signed(value) => Unexpected::Signed(*value),
            Self::Unsigned(value) => Unexpected::Unsigned(*value),
            Self::Float(value) => Unexpected::Float(*value),
            Self::Text(text) => Unexpected::Str(text),
            Self::Bytes(bytes) => Unexpected::Bytes(bytes),
            Self::List(_) => Unexpected::Seq,
            Self::Map(_) => Unexpected::Map,
            Self::Form(_) => Unexpected::Other("a part of a form"),
        };
        Err(de::Error::invalid_type(unexpected, expected))
    }

    /// The key in the form, for messages.
    pub(super) fn path(&self) -> Option<&'de str> {
        match self {
            Self::Form(reader) => Some(reader.path()),
            _ => None,
        }
    }

    /// The members of a structure; those that are null count as absent.
    pub(super) fn into_members(
        self,
        fields: &'static [&'static str],
        expected: &dyn de::Expected,
    ) -> Result<Entries<'de>, FormError> {
        match self {
            Self::Map(mut entries) => {
                entries.retain(|(_, value)| !matches!(value, Self::Null));
                Ok(entries)
            }
            Self::Form(reader) => {
                let members = reader.members(fields)?.into_iter();
                Ok(members.map(|(name, value)| (Cow::Borrowed(name), Self::Form(value))).collect())
            }
            other => other.wrong(expected),
        }
    }

    pub(super) fn into_entries(
        self,
        expected: &dyn de::Expected,
    ) -> Result<Entries<'de>, FormError> {
        match self {
            Self::Map(entries) => Ok(entries),
            Self::Form(reader) => {
                let entries = reader.entries()?.into_iter();
                Ok(entries.map(|(name, value)| (Cow::Borrowed(name), Self::Form(value))).collect())
            }
            other => other.wrong(expected),
        }
    }

    pub(super) fn into_list(self, expected: &dyn de::Expected) -> Result<Vec<Self>, FormError> {
        match self {
            Self::List(list) => Ok(list),
            Self::Form(reader) => Ok(reader.list()?.into_iter().map(Self::Form).collect()),
            other => other.wrong(expected),
        }
    }

    pub(super) fn into_text(self, expected: &dyn de::Expected) -> Result<Cow<'de, str>, FormError> {
        match self {
            Self::Text(text) => Ok(text),
            Self::Form(reader) => reader.text("text").map(Cow::Borrowed),
            other => other.wrong(expected),
        }
    }

    /// The name of a variant, and its content unless it is plain.
    pub(super) fn into_variant(
        self,
        variants: &'static [&'static str],
    ) -> Result<(Cow<'de, str>, Option<Self>), FormError> {
        match self {
            Self::Text(text) => Ok((text, None)),
            Self::Map(entries) => {
                let mut given = entries.into_iter().filter(|it| !matches!(it.1, Self::Null));
                match (given.next(), given.next()) {
                    (Some((name, value)), None) => Ok((name, Some(value))),
                    _ => Err(de::Error::custom("expected a map of one entry")),
                }
            }
            Self::Form(reader) => {
                let (name, value) = reader.variant(variants)?;
                Ok((Cow::Borrowed(name), value.map(Self::Form)))
            }
            other => other.wrong(&"text or a map of one entry"),
        }
    }
}
