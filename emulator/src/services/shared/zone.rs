//! Times in a schedule's time zone.
//!
//! A schedule's expression speaks of wall clocks. It is evaluated as if their time were UTC, and
//! each moment is then looked up in the zone: one that does not exist, as clocks go forward, is
//! left out, and one that is there twice, as they go back, counts once.
//!
//! Source: user guide of EventBridge Scheduler, "Daylight savings time".

use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use serde::{Deserialize, Serialize};

use super::schedule::Schedule;
use crate::wire::Timestamp;

/// Most moments that are left out one after the other; clocks are moved by three hours at most, and
/// an expression names no more than one moment a minute.
const LEFT_OUT_MAX: usize = 400;

/// A zone of the IANA database. In state it is its name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(crate) struct Zone {
    name: String,
    rules: TimeZone,
}

/// The database knows no such zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a time zone")]
pub(crate) struct NotAZone;

impl Default for Zone {
    fn default() -> Self {
        Self { name: "UTC".to_owned(), rules: TimeZone::UTC }
    }
}

impl TryFrom<String> for Zone {
    type Error = NotAZone;

    fn try_from(name: String) -> Result<Self, NotAZone> {
        // The database in the program, whatever the machine has, so that all machines agree.
        let found = jiff::tz::TimeZoneDatabase::bundled().get(&name).map_err(|_| NotAZone)?;
        Ok(Self { name, rules: found })
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.name
    }
}

impl Zone {
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The first moment after `after` that a cron expression, or `at`, names on this zone's clocks.
    pub(crate) fn next(&self, expression: &Schedule, after: Timestamp) -> Option<Timestamp> {
        let mut local = self.local(after)?;
        for _ in 0..LEFT_OUT_MAX {
            local = expression.next(local, local)?;
            if let Some(moment) = self.moment(local)
                && moment > after
            {
                return Some(moment);
            }
        }
        None
    }

    /// What the clocks show then, as if it were UTC.
    fn local(&self, moment: Timestamp) -> Option<Timestamp> {
        let instant = jiff::Timestamp::from_millisecond(moment.millis()).ok()?;
        Some(shifted(moment, self.rules.to_offset(instant), 1))
    }

    /// When the clocks show `local`, which is written as if it were UTC.
    fn moment(&self, local: Timestamp) -> Option<Timestamp> {
        let instant = jiff::Timestamp::from_millisecond(local.millis()).ok()?;
        let civil = Offset::UTC.to_datetime(instant);
        match self.rules.to_ambiguous_timestamp(civil).offset() {
            AmbiguousOffset::Unambiguous { offset } => Some(shifted(local, offset, -1)),
            AmbiguousOffset::Fold { before, .. } => Some(shifted(local, before, -1)),
            AmbiguousOffset::Gap { .. } => None,
        }
    }
}

fn shifted(at: Timestamp, by: Offset, sign: i64) -> Timestamp {
    Timestamp::from_millis(at.millis() + sign * i64::from(by.seconds()) * 1000)
}
