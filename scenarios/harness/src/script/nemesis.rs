//! What goes wrong while a script is played: at AWS with which calls or deliveries, and with which
//! of the system's processes; when, and how often. It does not know how a stage brings a fault
//! about.

use super::span::Span;
use crate::catalog::{Argument, Kind, Signature};
use crate::world::Arguments;
use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use std::fmt;

/// One fault.
#[skip_serializing_none]
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nemesis {
    /// By which the report tells how often it fired; unique in a script. Reading a script fills
    /// in one where none is written.
    #[serde(default)]
    pub name: String,
    /// One of [`FAULTS`].
    pub fault: String,
    /// The arguments of the fault.
    #[serde(default, skip_serializing_if = "Arguments::is_empty")]
    pub with: Arguments,
    /// What it acts on.
    #[serde(default, skip_serializing_if = "Match::is_empty")]
    pub on: Match,
    /// From 0 to 1: of how many matches it makes something; without it, of all.
    pub probability: Option<f64>,
    /// It fires no more often than this.
    pub times: Option<u64>,
    /// Counted from the first step, like `until`.
    pub from: Option<Span>,
    pub until: Option<Span>,
    /// The scenario fails if it fired less often than this.
    #[serde(default, skip_serializing_if = "MustFire::is_nothing")]
    pub must_fire: MustFire,
}

/// All that is said must match; what is not said matches everything.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, Eq, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Match {
    pub service: Option<String>,
    pub operation: Option<String>,
    pub resource: Option<String>,
    pub caller: Option<String>,
    /// Which attempt of the caller's SDK, from 1.
    pub attempt: Option<u32>,
    /// Whose process it is; of the faults of processes, and only of them.
    pub role: Option<String>,
}

/// At least so often; `true` is once. Zero asks for nothing.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
pub struct MustFire(pub u64);

/// The faults that there are.
pub const FAULTS: &[Signature] = &[
    Signature {
        name: "throttle",
        about: "The call is refused with the service's own throttling error; nothing is done.",
        arguments: &[],
    },
    Signature {
        name: "error",
        about: "The call is refused with this error (status 503); nothing is done.",
        arguments: &[
            Argument::required("code", Kind::Text),
            Argument::optional("status", Kind::Number),
            Argument::optional("message", Kind::Text),
        ],
    },
    Signature {
        name: "lose_answer",
        about: "The call is done, and its answer never comes.",
        arguments: &[],
    },
    Signature {
        name: "delay",
        about: "The call is done, and its answer comes so many seconds later.",
        arguments: &[Argument::required("seconds", Kind::Number)],
    },
    Signature {
        name: "fail_entries",
        about: "Each entry of a batch fails with this code; share (1) is its probability.",
        arguments: &[
            Argument::optional("code", Kind::Text),
            Argument::optional("share", Kind::Number),
        ],
    },
    Signature {
        name: "duplicate",
        about: "A message sent to a standard queue is delivered twice.",
        arguments: &[],
    },
    Signature {
        name: "reorder",
        about: "A receive takes another message than the oldest from a standard queue.",
        arguments: &[],
    },
    Signature {
        name: "hide",
        about: "A sent message is seen so many seconds later.",
        arguments: &[Argument::required("seconds", Kind::Number)],
    },
    Signature {
        name: "fail_delivery",
        about: "Each delivery of a topic or rule fails so many times, and is tried again.",
        arguments: &[Argument::required("times", Kind::Number)],
    },
    Signature {
        name: "remove_policy",
        about: "Deliveries are refused as if the target's policy were gone.",
        arguments: &[],
    },
    Signature {
        name: KILL,
        about: "A role's process dies at from; it starts again at until, or not at all.",
        arguments: &[],
    },
    Signature {
        name: PAUSE,
        about: "A role's process stands still from from to until.",
        arguments: &[],
    },
    Signature {
        name: RESTART,
        about: "A role's process is told to stop at from; it starts again then, or at until.",
        arguments: &[],
    },
];

pub(crate) const KILL: &str = "kill";
pub(crate) const PAUSE: &str = "pause";
pub(crate) const RESTART: &str = "restart";

/// Faults of the system's own processes; the others are of AWS.
const OF_PROCESSES: [&str; 3] = [KILL, PAUSE, RESTART];

/// Faults of messages and of deliveries between services; the others of AWS are of calls.
pub(super) const OF_MESSAGES: [&str; 5] =
    ["duplicate", "reorder", "hide", "fail_delivery", "remove_policy"];

impl Nemesis {
    /// True if it happens to one of the system's own processes, false if it happens at AWS.
    pub fn is_of_process(&self) -> bool {
        OF_PROCESSES.contains(&self.fault.as_str())
    }

    /// True if its end follows its beginning at once, because it says no other.
    pub(crate) fn restarts_at_once(&self) -> bool {
        self.fault == RESTART && self.until.is_none()
    }
}

impl Match {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl MustFire {
    pub fn is_nothing(&self) -> bool {
        self.0 == 0
    }
}

impl fmt::Display for Nemesis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.fault)?;
        if !self.with.is_empty() {
            write!(f, " {}", crate::check::plain_fields(&self.with))?;
        }
        let on = &self.on;
        let parts = [&on.role, &on.service, &on.operation, &on.resource, &on.caller];
        let parts: Vec<_> = parts.into_iter().flatten().map(String::as_str).collect();
        if !parts.is_empty() {
            write!(f, " on {}", parts.join(" "))?;
        }
        if let Some(attempt) = on.attempt {
            write!(f, ", attempt {attempt}")?;
        }
        if let Some(probability) = self.probability {
            write!(f, ", probability {probability}")?;
        }
        if let Some(times) = self.times {
            write!(f, ", at most {times} times")?;
        }
        if let Some(from) = self.from {
            write!(f, ", from {from}")?;
        }
        match self.until {
            Some(until) => write!(f, ", until {until}"),
            None => Ok(()),
        }
    }
}

impl<'de> Deserialize<'de> for MustFire {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TrueOrNumber;
        impl Visitor<'_> for TrueOrNumber {
            type Value = MustFire;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("true, or how often it must fire at least")
            }

            fn visit_bool<E: Error>(self, must: bool) -> Result<MustFire, E> {
                Ok(MustFire(u64::from(must)))
            }

            fn visit_u64<E: Error>(self, times: u64) -> Result<MustFire, E> {
                Ok(MustFire(times))
            }
        }
        deserializer.deserialize_any(TrueOrNumber)
    }
}
