//! Points in time as whole milliseconds since 1970, written as RFC 3339 in UTC.
//!
//! The type cannot be made from a clock here: whoever has one hands the value in.

use std::time::Duration;

use serde::{Deserialize, Serialize};

const MILLIS_PER_DAY: i64 = 86_400_000;
/// Of a time as text.
const LENGTH: usize = 24;

/// Milliseconds since 1970-01-01T00:00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(i64);

/// A text that is no RFC 3339 time in UTC.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a time like 2026-01-31T12:00:00.000Z: {0:?}")]
pub struct InvalidTimestamp(String);

impl Timestamp {
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// The time from `earlier` to this moment; none when it was not earlier.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }

    /// `2026-01-31T12:00:00.000Z`.
    pub fn to_rfc3339(self) -> String {
        let (day, millis) = (self.0.div_euclid(MILLIS_PER_DAY), self.0.rem_euclid(MILLIS_PER_DAY));
        let (year, month, dom) = date_of(day);
        let (seconds, millis) = (millis / 1000, millis % 1000);
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        // Without the formatter, as all events and rows have times.
        let mut text = String::with_capacity(LENGTH);
        for (number, digits, after) in [
            (year, 4, '-'),
            (month, 2, '-'),
            (dom, 2, 'T'),
            (hour, 2, ':'),
            (minute, 2, ':'),
            (second, 2, '.'),
            (millis, 3, 'Z'),
        ] {
            push_padded(&mut text, number, digits);
            text.push(after);
        }
        text
    }

    /// Reads what `to_rfc3339` writes; milliseconds may be missing.
    pub fn parse(text: &str) -> Result<Self, InvalidTimestamp> {
        parse_fields(text).map(Self).ok_or_else(|| InvalidTimestamp(text.to_owned()))
    }
}

impl std::ops::Sub<Duration> for Timestamp {
    type Output = Self;
    fn sub(self, by: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
    }
}

impl std::ops::Add<Duration> for Timestamp {
    type Output = Self;
    fn add(self, by: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_rfc3339())
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Text)
    }
}

/// Reads a text where it stands: every event has a time.
struct Text;

impl serde::de::Visitor<'_> for Text {
    type Value = Timestamp;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a time like 2026-01-31T12:00:00.000Z")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Timestamp, E> {
        Timestamp::parse(text).map_err(E::custom)
    }
}

/// With leading zeros; what has more digits, or a sign, keeps them.
fn push_padded(text: &mut String, number: i64, digits: u32) {
    if !(0..10_i64.pow(digits)).contains(&number) {
        text.push_str(&number.to_string());
        return;
    }
    for place in (0..digits).rev() {
        let digit = number / 10_i64.pow(place) % 10;
        text.push(char::from_digit(u32::try_from(digit).unwrap_or(0), 10).unwrap_or('0'));
    }
}

fn parse_fields(text: &str) -> Option<i64> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    let mut date = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let (time, millis) = time.split_once('.').unwrap_or((time, "0"));
    let mut time = time.splitn(3, ':').map(|part| part.parse::<i64>().ok());
    let (hour, minute, second) = (time.next()??, time.next()??, time.next()??);
    if millis.len() > 3 {
        return None;
    }
    let digits = u32::try_from(millis.len()).ok()?;
    let millis = millis.parse::<i64>().ok()? * 10_i64.pow(3 - digits);
    let in_range = (-999_999..=999_999).contains(&year)
        && (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && (0..24).contains(&hour)
        && (0..60).contains(&minute)
        && (0..60).contains(&second)
        && millis >= 0;
    if !in_range {
        return None;
    }
    let days = day_of(year, month, day);
    let valid = date_of(days) == (year, month, day);
    let clock = ((hour * 60 + minute) * 60 + second) * 1000 + millis;
    valid.then_some(days * MILLIS_PER_DAY + clock)
}

/// Civil date of a day number, after Howard Hinnant's `civil_from_days`.
fn date_of(day: i64) -> (i64, i64, i64) {
    let day = day + 719_468;
    let era = day.div_euclid(146_097);
    let doe = day.rem_euclid(146_097);
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    (yoe + era * 400 + i64::from(month <= 2), month, doy - (153 * mp + 2) / 5 + 1)
}

/// Day number of a civil date, the inverse of `date_of`.
fn day_of(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let yoe = year.rem_euclid(400);
    let mp = if month > 2 { month - 3 } else { month + 9 };
    let doe = yoe * 365 + yoe / 4 - yoe / 100 + (153 * mp + 2) / 5 + day - 1;
    era * 146_097 + doe - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_milliseconds_agree() {
        for (millis, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (1_767_225_599_999, "2025-12-31T23:59:59.999Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (-62_135_596_800_000, "0001-01-01T00:00:00.000Z"),
            (253_402_300_800_000, "10000-01-01T00:00:00.000Z"),
        ] {
            assert_eq!(Timestamp::from_millis(millis).to_rfc3339(), text);
            assert_eq!(Timestamp::parse(text), Ok(Timestamp::from_millis(millis)));
        }
        assert_eq!(Timestamp::parse("1970-01-01T00:00:01Z"), Ok(Timestamp::from_millis(1000)));
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for bad in [
            "",
            "x",
            "2026-01-01",
            "2026-02-30T00:00:00Z",
            "2026-01-01T25:00:00Z",
            "2026-01-01T-1:00:00Z",
            "2026-01-01T00:00:00.-5Z",
            "2026-9223372036854775807-01T00:00:00Z",
            "9223372036854775807-01-01T00:00:00Z",
        ] {
            assert!(Timestamp::parse(bad).is_err(), "{bad:?}");
        }
    }
}
