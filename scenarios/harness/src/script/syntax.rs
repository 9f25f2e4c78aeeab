//! A script as a whole, as written. Which words exist beyond these keys is the system's
//! business; see [`crate::catalog`].

use super::condition::{Comparisons, Expectation};
use super::nemesis::Nemesis;
use super::step::Step;
use crate::world::Arguments;
use serde::de::value::SeqAccessDeserializer;
use serde::de::{Deserializer, Error, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use serde_with::skip_serializing_none;
use std::fmt;

/// One scenario: a story in given, when, then.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    pub name: String,
    /// What the scenario tells, in a few sentences.
    pub story: String,
    /// Done first and in order, before the clock of the script starts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub given: Vec<Act>,
    /// What goes wrong while the steps are done and the expectations watched.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub nemesis: Vec<Nemesis>,
    pub when: Vec<Step>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub then: Vec<Expectation>,
    /// What must be true of the system in the end, whatever the story was.
    #[serde(default, skip_serializing_if = "Invariants::is_empty")]
    pub invariants: Invariants,
}

/// Something done to the system.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Act {
    #[serde(rename = "do")]
    pub action: String,
    #[serde(default, skip_serializing_if = "Arguments::is_empty")]
    pub with: Arguments,
    /// The name under which later `${name.field}` finds the result.
    #[serde(rename = "as")]
    pub alias: Option<String>,
    /// What the result must be, at once.
    pub gives: Option<Comparisons>,
    /// The action must be refused, and the refusal must contain this text.
    pub fails_with: Option<String>,
    /// The story goes on although the action fails, and without what needs its result.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub may_fail: bool,
}

/// Which of the system's invariants are checked when it has come to rest.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Invariants {
    /// Those of these names.
    Named(Vec<String>),
    /// All that the system has.
    All,
}

impl Script {
    /// A script that does these steps and then checks all invariants.
    pub fn new(name: impl Into<String>, story: impl Into<String>, when: Vec<Step>) -> Self {
        Self {
            name: name.into(),
            story: story.into(),
            given: Vec::new(),
            nemesis: Vec::new(),
            when,
            then: Vec::new(),
            invariants: Invariants::All,
        }
    }

    /// The faults that happen at AWS, and not to one of the system's own processes.
    pub(crate) fn faults_at_aws(&self) -> impl Iterator<Item = &Nemesis> {
        self.nemesis.iter().filter(|nemesis| !nemesis.is_of_process())
    }

    /// The script as a file that [`super::parse`] reads as this very script. The same script
    /// gives the same text; comments of the file that it came from are gone.
    ///
    /// # Errors
    /// A number that YAML can't say.
    pub fn to_yaml(&self) -> Result<String, String> {
        serde_norway::to_string(self).map_err(|error| error.to_string())
    }
}

impl Act {
    /// `action` with its arguments: a map, or nothing.
    pub fn new(action: impl Into<String>, with: Value) -> Self {
        let with = match with {
            Value::Object(with) => with,
            _ => Arguments::new(),
        };
        let action = action.into();
        Self { action, with, alias: None, gives: None, fails_with: None, may_fail: false }
    }

    /// Keeps the result under this name.
    #[must_use]
    pub fn named(self, alias: impl Into<String>) -> Self {
        Self { alias: Some(alias.into()), ..self }
    }

    /// While AWS has faults, what somebody wants may fail; that is no end of the story.
    #[must_use]
    pub fn may_fail(self) -> Self {
        Self { may_fail: true, ..self }
    }
}

impl Invariants {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Default for Invariants {
    fn default() -> Self {
        Self::Named(Vec::new())
    }
}

const ALL: &str = "all";

impl Serialize for Invariants {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Named(names) => names.serialize(serializer),
            Self::All => ALL.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Invariants {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AllOrNames;
        impl<'de> Visitor<'de> for AllOrNames {
            type Value = Invariants;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("`all` or a list of invariants")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Invariants, E> {
                if text == ALL {
                    return Ok(Invariants::All);
                }
                Err(E::invalid_value(Unexpected::Str(text), &self))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Invariants, A::Error> {
                Vec::deserialize(SeqAccessDeserializer::new(list)).map(Invariants::Named)
            }
        }
        deserializer.deserialize_any(AllOrNames)
    }
}
