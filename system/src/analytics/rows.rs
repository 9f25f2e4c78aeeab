//! A task's state as rows of a table: a key and a JSON text each.
//!
//! It knows how keys look, not where rows are kept. Keys of minutes sort by time.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::window::MinuteNumber;
use crate::domain::Timestamp;

const MILLIS_PER_HOUR: i64 = 3_600_000;

/// What has become of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub key: String,
    /// None: the row is to be deleted, if it is there.
    pub value: Option<String>,
}

/// Why state cannot be read back.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    #[error("a row has the key {0:?}, which nothing here has written")]
    Key(String),
    #[error("the row {key:?} is damaged: {cause}")]
    Value { key: String, cause: serde_json::Error },
}

/// An hour of event time, counted from 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hour(pub(super) i64);

/// A row of an order task.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Row {
    Head,
    Minute(MinuteNumber),
    /// The products of a minute, apart: they are long, and change only with orders placed.
    Sales(MinuteNumber),
    Order(Arc<str>),
    Stock(Arc<str>),
    /// Which changes of a product's stock without an order were counted, of those in this hour.
    Counted(Arc<str>, Hour),
}

impl Row {
    pub(super) fn parse(key: &str) -> Result<Self, RestoreError> {
        let row = match key.split_once('#') {
            None if key == "head" => Some(Self::Head),
            Some(("minute", rest)) => match rest.split_once('#') {
                None => minute_of(rest).map(Self::Minute),
                Some((time, "sales")) => minute_of(time).map(Self::Sales),
                Some(_) => None,
            },
            Some(("order", id)) => Some(Self::Order(id.into())),
            Some(("stock", product)) => Some(Self::Stock(product.into())),
            Some(("counted", rest)) => rest.split_once('#').and_then(|(product, hour)| {
                Some(Self::Counted(product.into(), Hour::of(time_of(hour)?)))
            }),
            _ => None,
        };
        row.ok_or_else(|| RestoreError::Key(key.to_owned()))
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Head => f.write_str("head"),
            Self::Minute(minute) => write!(f, "minute#{}", to_the_minute(minute.start())),
            Self::Sales(minute) => write!(f, "{}#sales", Self::Minute(*minute)),
            Self::Order(id) => write!(f, "order#{id}"),
            Self::Stock(product) => write!(f, "stock#{product}"),
            Self::Counted(product, hour) => {
                write!(f, "counted#{product}#{}", to_the_minute(hour.start()))
            }
        }
    }
}

impl Hour {
    pub(super) fn of(at: Timestamp) -> Self {
        Self(at.as_millis().div_euclid(MILLIS_PER_HOUR))
    }

    pub(super) fn start(self) -> Timestamp {
        Timestamp::from_millis(self.0.saturating_mul(MILLIS_PER_HOUR))
    }

    /// The last moment in it.
    pub(super) fn last(self) -> Timestamp {
        Timestamp::from_millis(self.0.saturating_add(1).saturating_mul(MILLIS_PER_HOUR) - 1)
    }
}

/// The value of a row.
pub(super) fn write(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("state has text keys and plain values")
}

/// # Errors
/// `RestoreError::Value`.
pub(super) fn read<T: DeserializeOwned>(key: &str, value: &str) -> Result<T, RestoreError> {
    serde_json::from_str(value).map_err(|cause| RestoreError::Value { key: key.to_owned(), cause })
}

/// `2026-01-31T12:00Z`.
fn to_the_minute(at: Timestamp) -> String {
    at.to_rfc3339().replace(":00.000Z", "Z")
}

fn minute_of(text: &str) -> Option<MinuteNumber> {
    time_of(text).map(MinuteNumber::of)
}

fn time_of(text: &str) -> Option<Timestamp> {
    Timestamp::parse(&format!("{}:00Z", text.strip_suffix('Z')?)).ok()
}

/// Timestamps as milliseconds since 1970, which is faster than a text; for `#[serde(with)]`.
pub(super) mod millis {
    use serde::{Deserialize, Deserializer, Serializer};

    use crate::domain::Timestamp;

    pub(in super::super) fn serialize<S: Serializer>(
        at: &Timestamp,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(at.as_millis())
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Timestamp, D::Error> {
        i64::deserialize(deserializer).map(Timestamp::from_millis)
    }
}

/// As [`millis`], of a time that may be missing.
pub(super) mod millis_option {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::domain::Timestamp;

    pub(in super::super) fn serialize<S: Serializer>(
        at: &Option<Timestamp>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        at.map(Timestamp::as_millis).serialize(serializer)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Timestamp>, D::Error> {
        Ok(Option::<i64>::deserialize(deserializer)?.map(Timestamp::from_millis))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_read_back() {
        for key in [
            "head",
            "minute#2026-01-31T12:01Z",
            "minute#2026-01-31T12:01Z#sales",
            "order#o-1",
            "stock#lamp",
            "counted#lamp#2026-01-31T12:00Z",
        ] {
            assert_eq!(Row::parse(key).expect("a key").to_string(), key);
        }
        for key in
            ["", "heads", "minute#now", "minute#2026-01-31T12:01Z#", "counted#lamp", "gift#1"]
        {
            assert!(Row::parse(key).is_err(), "{key}");
        }
    }
}
