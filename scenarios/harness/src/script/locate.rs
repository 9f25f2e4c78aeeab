//! Finding the line of a part of a YAML text.
//!
//! The parser gives positions only with its errors, so the text is read once more and an error is
//! raised on purpose where the wanted part begins.

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// One step of the way from the root of a document to a part of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Way {
    Key(String),
    Index(usize),
}

/// Line and column (from 1) of the part at `path`, or of the deepest part on the way that exists.
pub(crate) fn locate(text: &str, path: &[Way]) -> Option<(usize, usize)> {
    (0..=path.len()).rev().find_map(|depth| {
        let stop = Stop(&path[..depth]);
        let error = stop.deserialize(serde_norway::Deserializer::from_str(text)).err()?;
        error.to_string().contains(HERE).then_some(())?;
        error.location().map(|location| (location.line(), location.column()))
    })
}

const HERE: &str = "<here>";

#[derive(Clone, Copy)]
struct Stop<'a>(&'a [Way]);

impl<'de> DeserializeSeed<'de> for Stop<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Stop<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Scalars are refused with this text, which is how their place is found.
        f.write_str(HERE)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Some((Way::Key(wanted), rest)) = self.0.split_first() else {
            return Err(A::Error::custom(HERE));
        };
        while let Some(key) = map.next_key::<String>()? {
            if key == *wanted {
                return map.next_value_seed(Stop(rest));
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        let Some((Way::Index(wanted), rest)) = self.0.split_first() else {
            return Err(A::Error::custom(HERE));
        };
        for _ in 0..*wanted {
            if list.next_element::<IgnoredAny>()?.is_none() {
                return Ok(());
            }
        }
        list.next_element_seed(Stop(rest)).map(drop)
    }
}
