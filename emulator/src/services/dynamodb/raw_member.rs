//! How a client's values are read and written: member by member, so that a value takes no room for
//! the types that it is not.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap as _, Serializer};

use super::raw_value::{RawMember, RawValue};

/// The members' names, in the order of [`RawMember`].
const NAMES: [&str; 10] = ["S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL"];

impl RawValue {
    /// Its members, in the order in which they came.
    pub(super) fn members(&self) -> &[RawMember] {
        match self {
            Self::Empty => &[],
            Self::One(member) => std::slice::from_ref(member),
            Self::Several(members) => members,
        }
    }

    fn push(&mut self, member: RawMember) {
        *self = match std::mem::take(self) {
            Self::Empty => Self::One(member),
            Self::One(first) => Self::Several(vec![first, member]),
            Self::Several(mut members) => {
                members.push(member);
                Self::Several(members)
            }
        };
    }
}

impl RawMember {
    /// The name of its type.
    fn name(&self) -> &'static str {
        match self {
            Self::S(_) => "S",
            Self::N(_) => "N",
            Self::B(_) => "B",
            Self::Ss(_) => "SS",
            Self::Ns(_) => "NS",
            Self::Bs(_) => "BS",
            Self::M(_) => "M",
            Self::L(_) => "L",
            Self::Null(_) => "NULL",
            Self::Bool(_) => "BOOL",
        }
    }
}

impl Serialize for RawValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let members = self.members();
        let mut map = serializer.serialize_map(Some(members.len()))?;
        for member in members {
            let name = member.name();
            match member {
                RawMember::S(text) | RawMember::N(text) => map.serialize_entry(name, text)?,
                RawMember::B(blob) => map.serialize_entry(name, blob)?,
                RawMember::Ss(list) | RawMember::Ns(list) => map.serialize_entry(name, list)?,
                RawMember::Bs(list) => map.serialize_entry(name, list)?,
                RawMember::M(members) => map.serialize_entry(name, members)?,
                RawMember::L(list) => map.serialize_entry(name, list)?,
                RawMember::Null(it) | RawMember::Bool(it) => map.serialize_entry(name, it)?,
            }
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for RawValue {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_struct("RawValue", &NAMES, Members)
    }
}

/// Which of [`NAMES`] a member is, if it is one.
struct Place(Option<usize>);

impl<'de> Deserialize<'de> for Place {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_identifier(PlaceVisitor)
    }
}

struct PlaceVisitor;

impl Visitor<'_> for PlaceVisitor {
    type Value = Place;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member's name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Place, E> {
        Ok(Place(NAMES.iter().position(|known| *known == name)))
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = RawValue;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("struct RawValue")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawValue, A::Error> {
        let (mut value, mut seen) = (RawValue::Empty, 0_u16);
        while let Some(Place(place)) = map.next_key()? {
            let Some(place) = place else {
                map.next_value::<IgnoredAny>()?;
                continue;
            };
            if seen & (1 << place) != 0 {
                return Err(A::Error::duplicate_field(NAMES[place]));
            }
            seen |= 1 << place;
            let member = match place {
                0 => map.next_value::<Option<_>>()?.map(RawMember::S),
                1 => map.next_value::<Option<_>>()?.map(RawMember::N),
                2 => map.next_value::<Option<_>>()?.map(RawMember::B),
                3 => map.next_value::<Option<_>>()?.map(RawMember::Ss),
                4 => map.next_value::<Option<_>>()?.map(RawMember::Ns),
                5 => map.next_value::<Option<_>>()?.map(RawMember::Bs),
                6 => map.next_value::<Option<_>>()?.map(RawMember::M),
                7 => map.next_value::<Option<_>>()?.map(RawMember::L),
                8 => map.next_value::<Option<_>>()?.map(RawMember::Null),
                _ => map.next_value::<Option<_>>()?.map(RawMember::Bool),
            };
            if let Some(member) = member {
                value.push(member);
            }
        }
        Ok(value)
    }
}
