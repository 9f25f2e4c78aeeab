//! Reading a map of a script and checking it as a whole.

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use std::fmt;
use std::marker::PhantomData;

/// Reads the keys of a map and makes the checked value of them *inside* the map. Serde's own
/// `try_from` checks too late: its complaints would name the line where the outer list begins.
pub(super) fn checked<'de, Keys, Part, D>(deserializer: D) -> Result<Part, D::Error>
where
    Keys: Deserialize<'de>,
    Part: TryFrom<Keys, Error = &'static str>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_map(Checked::<Keys, Part>(PhantomData))
}

struct Checked<Keys, Part>(PhantomData<(Keys, Part)>);

impl<'de, Keys, Part> Visitor<'de> for Checked<Keys, Part>
where
    Keys: Deserialize<'de>,
    Part: TryFrom<Keys, Error = &'static str>,
{
    type Value = Part;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Part, A::Error> {
        let keys = Keys::deserialize(MapAccessDeserializer::new(map))?;
        Part::try_from(keys).map_err(A::Error::custom)
    }
}
