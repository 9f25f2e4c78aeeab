//! How the parts of a system file are written.

use super::file::{Busy, ClockMode, Command, Ready, Setup};
use crate::script::Span;
use crate::world::Arguments;
use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, SeqAccessDeserializer};
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

/// How long a command of the set-up may take, unless it says.
const SETUP_WITHIN: Span = Span(Duration::from_secs(60));

/// A map whose order is that of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Named<T>(pub Vec<(String, T)>);

/// A text, or what can be written as one: a number, true or false.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Text(pub String);

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Named<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Entries<T> {
            type Value = Named<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Named<T>, A::Error> {
                let mut entries: Vec<(String, T)> = Vec::new();
                while let Some((name, value)) = map.next_entry::<String, T>()? {
                    if entries.iter().any(|(other, _)| *other == name) {
                        return Err(A::Error::custom(format!("`{name}` is there twice")));
                    }
                    entries.push((name, value));
                }
                Ok(Named(entries))
            }
        }
        deserializer.deserialize_map(Entries(PhantomData))
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Written;
        impl Visitor<'_> for Written {
            type Value = Text;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, a number, true or false")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Text, E> {
                Ok(Text(text.to_owned()))
            }

            fn visit_bool<E: Error>(self, flag: bool) -> Result<Text, E> {
                Ok(Text(flag.to_string()))
            }

            fn visit_u64<E: Error>(self, number: u64) -> Result<Text, E> {
                Ok(Text(number.to_string()))
            }

            fn visit_i64<E: Error>(self, number: i64) -> Result<Text, E> {
                Ok(Text(number.to_string()))
            }

            fn visit_f64<E: Error>(self, number: f64) -> Result<Text, E> {
                Ok(Text(number.to_string()))
            }
        }
        deserializer.deserialize_any(Written)
    }
}

impl<'de> Deserialize<'de> for Command {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct LineOrProgram;
        impl<'de> Visitor<'de> for LineOrProgram {
            type Value = Command;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a command line, or a list: a program and its arguments")
            }

            fn visit_str<E: Error>(self, line: &str) -> Result<Command, E> {
                Ok(Command::Line(line.to_owned()))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Command, A::Error> {
                let words = Vec::<Text>::deserialize(SeqAccessDeserializer::new(list))?;
                Ok(Command::Program(words.into_iter().map(|Text(word)| word).collect()))
            }
        }
        deserializer.deserialize_any(LineOrProgram)
    }
}

/// Reads a text or a map, each with its own meaning.
struct TextOrMap<T, K> {
    expected: &'static str,
    text: fn(&str) -> Option<T>,
    map: fn(K) -> Result<T, &'static str>,
}

impl<'de, T, K: Deserialize<'de>> Visitor<'de> for TextOrMap<T, K> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        (self.text)(text).ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(text), &self))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        (self.map)(K::deserialize(MapAccessDeserializer::new(map))?).map_err(A::Error::custom)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockKeys {
    scaled: f64,
}

impl<'de> Deserialize<'de> for ClockMode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextOrMap {
            expected: "manual, real, or a map with `scaled`: seconds a second",
            text: |text| match text {
                "manual" => Some(Self::Manual),
                "real" => Some(Self::Scaled(1.0)),
                _ => None,
            },
            map: |ClockKeys { scaled }| Ok(Self::Scaled(scaled)),
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BusyKeys {
    http: String,
}

impl<'de> Deserialize<'de> for Busy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextOrMap {
            expected: "asks, holds, heard, never, or a map with `http`: an address",
            text: |text| match text {
                "asks" => Some(Self::Asks),
                "holds" => Some(Self::Holds),
                "heard" => Some(Self::Heard),
                "never" => Some(Self::Never),
                _ => None,
            },
            map: |BusyKeys { http }| Ok(Self::Http(http)),
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadyKeys {
    http: Option<String>,
    log: Option<String>,
    port: Option<Text>,
}

impl<'de> Deserialize<'de> for Ready {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextOrMap {
            expected: "calls, or a map with one of `http`, `log` and `port`",
            text: |text| (text == "calls").then_some(Self::Calls),
            map: |keys: ReadyKeys| match keys {
                ReadyKeys { http: Some(http), log: None, port: None } => Ok(Self::Http(http)),
                ReadyKeys { http: None, log: Some(log), port: None } => Ok(Self::Log(log)),
                ReadyKeys { http: None, log: None, port: Some(port) } => Ok(Self::Port(port.0)),
                _ => Err("`ready` is one of `http`, `log` and `port`, or `calls`"),
            },
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SetupKeys {
    run: Option<Command>,
    #[serde(default)]
    env: Named<Text>,
    directory: Option<String>,
    within: Option<Span>,
    service: Option<String>,
    operation: Option<String>,
    with: Option<Arguments>,
}

impl<'de> Deserialize<'de> for Setup {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextOrMap {
            expected: "a command line, a map with `run`, or one with `service` and `operation`",
            text: |line| {
                let run = Command::Line(line.to_owned());
                let (env, within) = (Named::default(), SETUP_WITHIN);
                Some(Self::Run { run, env, directory: None, within })
            },
            map: |keys: SetupKeys| {
                let SetupKeys { run, env, directory, within, service, operation, with } = keys;
                match (run, service, operation) {
                    (Some(run), None, None) if with.is_none() => {
                        let within = within.unwrap_or(SETUP_WITHIN);
                        Ok(Self::Run { run, env, directory, within })
                    }
                    (None, Some(service), Some(operation))
                        if env.0.is_empty() && directory.is_none() && within.is_none() =>
                    {
                        let with = with.unwrap_or_default();
                        Ok(Self::Call { service, operation, with })
                    }
                    _ => Err("a step of `setup` is `run` with `env`, `directory` and `within`, \
                              or `service` and `operation` with `with`"),
                }
            },
        })
    }
}
