//! Values that every protocol writes differently: points in time and blobs.
//!
//! Each travels through serde as a newtype with a reserved name. The codecs of this crate know the
//! names; `serde_json` does not and sees what is inside, which is what awsJson wants.

use std::fmt;
use std::ops::{Add, Sub};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use super::civil::{date_of_day, day_of_date};

/// The reserved newtype name of [`Timestamp`]; what is inside is an `f64`, seconds since 1970.
pub const TIMESTAMP: &str = "$skyrig::Timestamp";
/// The reserved newtype name of [`Blob`]; what is inside is bytes, or base64 text where the format
/// is human readable.
pub const BLOB: &str = "$skyrig::Blob";

/// A point in time in milliseconds since 1970-01-01T00:00:00Z.
///
/// On the wire: seconds as a JSON number, CBOR tag 1 with an `f64`, ISO 8601 text in forms and XML.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The point `millis` milliseconds after 1970 began.
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// The point `seconds` seconds after 1970 began, to the nearest millisecond.
    pub fn from_seconds(seconds: f64) -> Self {
        Self((seconds * 1000.0).round() as i64)
    }

    /// Milliseconds since 1970.
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970, rounded down.
    pub const fn seconds(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// How long after `earlier` this is; zero when it is not after it.
    pub fn since(self, earlier: Timestamp) -> Duration {
        Duration::from_millis(self.0.saturating_sub(earlier.0).max(0) as u64)
    }

    /// `2026-11-21T16:46:48Z`: ISO 8601 without fractions.
    pub fn iso_seconds(self) -> String {
        self.iso("Z", false)
    }

    /// `2026-11-21T16:46:48.123Z`: ISO 8601 with milliseconds.
    pub fn iso_millis(self) -> String {
        self.iso("Z", true)
    }

    /// `2026-11-21T16:46:48.123+0000`: how CloudWatch writes times inside of texts.
    pub fn iso_offset(self) -> String {
        self.iso("+0000", true)
    }

    /// Written by hand: every notification carries one.
    fn iso(self, zone: &str, with_millis: bool) -> String {
        let days = self.0.div_euclid(86_400_000);
        let (year, month, day) = date_of_day(days);
        let millis = self.0 - days * 86_400_000;
        let (seconds, millis) = (millis / 1000, millis % 1000);
        let mut text = String::with_capacity(32);
        match u32::try_from(year).ok().filter(|year| *year <= 9999) {
            Some(year) => push_digits(&mut text, year, 4),
            None => text.push_str(&format!("{year:04}")),
        }
        let clock = [seconds / 3600, seconds / 60 % 60, seconds % 60].map(|part| part as u32);
        for (before, part) in ['-', '-', 'T', ':', ':']
            .into_iter()
            .zip([month as u32, day as u32].into_iter().chain(clock))
        {
            text.push(before);
            push_digits(&mut text, part, 2);
        }
        if with_millis {
            text.push('.');
            push_digits(&mut text, millis as u32, 3);
        }
        text.push_str(zone);
        text
    }

    /// `21/11/26 16:46:48`: how CloudWatch writes times in the reasons of alarms.
    pub fn day_month_year(self) -> String {
        let (date, second_of_day) = self.civil();
        let (year, rest) = date.split_at(4);
        format!("{}/{}/{} {}", &rest[4..6], &rest[1..3], &year[2..], clock_text(second_of_day))
    }

    /// `Saturday 21 November, 2026 16:46:48 UTC`: how CloudWatch writes times in the reasons of
    /// composite alarms.
    pub fn in_words(self) -> String {
        let (weekday, month, day, year) = self.long_date();
        let time = clock_text(self.seconds().rem_euclid(86_400));
        format!("{weekday} {day:02} {month}, {year} {time} UTC")
    }

    /// `Saturday, November 21, 2026 at 4:46:48 PM Coordinated Universal Time`: how DynamoDB says
    /// when something may be done again.
    pub fn in_long_words(self) -> String {
        let (weekday, month, day, year) = self.long_date();
        let second = self.seconds().rem_euclid(86_400);
        let (hour, half) = (second / 3600, if second < 43_200 { "AM" } else { "PM" });
        let hour = if hour % 12 == 0 { 12 } else { hour % 12 };
        let (minute, second) = (second / 60 % 60, second % 60);
        format!(
            "{weekday}, {month} {day}, {year} at {hour}:{minute:02}:{second:02} {half} Coordinated \
             Universal Time"
        )
    }

    /// Weekday, month, day and year.
    fn long_date(self) -> (&'static str, &'static str, i64, i64) {
        const DAYS: [&str; 7] =
            ["Thursday", "Friday", "Saturday", "Sunday", "Monday", "Tuesday", "Wednesday"];
        const MONTHS: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        let days = self.0.div_euclid(86_400_000);
        let (year, month, day) = date_of_day(days);
        (DAYS[days.rem_euclid(7) as usize], MONTHS[month as usize - 1], day, year)
    }

    /// `Sat, 21 Nov 2026 16:46:48 GMT`: the form of HTTP's `Date`.
    pub fn http_date(self) -> String {
        const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
        let days = self.0.div_euclid(86_400_000);
        let (year, month, day) = date_of_day(days);
        let weekday = DAYS[days.rem_euclid(7) as usize];
        let month = MONTHS[month as usize - 1];
        let time = clock_text(self.seconds() - days * 86_400);
        format!("{weekday}, {day:02} {month} {year:04} {time} GMT")
    }

    /// Reads the form of HTTP's `Date`.
    pub fn parse_http_date(text: &str) -> Option<Self> {
        let text = text.split_once(", ")?.1.strip_suffix(" GMT")?;
        let mut parts = text.splitn(4, ' ');
        let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
        let month = MONTHS.iter().position(|name| *name == month)? + 1;
        Self::parse_iso(&format!("{year}-{month:02}-{day}T{}Z", parts.next()?))
    }

    /// Reads ISO 8601 with an optional fraction and `Z` or an offset (`+01:00`).
    pub fn parse_iso(text: &str) -> Option<Self> {
        let (date, time) = text.split_once(['T', 't', ' '])?;
        let mut date = date.splitn(3, '-');
        let year: i64 = date.next()?.parse().ok()?;
        let month: i64 = date.next()?.parse().ok()?;
        let day: i64 = date.next()?.parse().ok()?;
        let (time, offset_minutes) = split_offset(time)?;
        let mut time = time.splitn(3, ':');
        let hour: i64 = time.next()?.parse().ok()?;
        let minute: i64 = time.next()?.parse().ok()?;
        let second: f64 = time.next().unwrap_or("0").parse().ok()?;
        let in_range = (0..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=31).contains(&day)
            && date_of_day(day_of_date(year, month, day)) == (year, month, day)
            && (0..24).contains(&hour)
            && (0..60).contains(&minute)
            && (0.0..61.0).contains(&second);
        in_range.then(|| {
            let minutes =
                (day_of_date(year, month, day) * 24 + hour) * 60 + minute - offset_minutes;
            Self(minutes * 60_000 + (second * 1000.0).round() as i64)
        })
    }

    fn civil(self) -> (String, i64) {
        let days = self.0.div_euclid(86_400_000);
        let (year, month, day) = date_of_day(days);
        (format!("{year:04}-{month:02}-{day:02}"), self.seconds() - days * 86_400)
    }
}

/// How HTTP writes months.
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Adds a number in so many digits.
fn push_digits(text: &mut String, number: u32, digits: u32) {
    for place in (0..digits).rev() {
        let digit = number / 10_u32.pow(place) % 10;
        text.push(char::from(b'0' + digit as u8));
    }
}

fn clock_text(second_of_day: i64) -> String {
    let (minutes, second) = (second_of_day / 60, second_of_day % 60);
    format!("{:02}:{:02}:{second:02}", minutes / 60, minutes % 60)
}

fn split_offset(time: &str) -> Option<(&str, i64)> {
    if let Some(time) = time.strip_suffix(['Z', 'z']) {
        return Some((time, 0));
    }
    let Some(at) = time.rfind(['+', '-']) else {
        return Some((time, 0));
    };
    let (hours, minutes) = time[at + 1..].split_once(':').unwrap_or((&time[at + 1..], "0"));
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    let in_range = (0..24).contains(&hours) && (0..60).contains(&minutes);
    let sign = if time[at..].starts_with('-') { -1 } else { 1 };
    in_range.then(|| (&time[..at], sign * (hours * 60 + minutes)))
}

impl Add<Duration> for Timestamp {
    type Output = Self;
    fn add(self, by: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Self;
    fn sub(self, by: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(by.as_millis()).unwrap_or(i64::MAX)))
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.iso_millis())
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(TIMESTAMP, &(self.0 as f64 / 1000.0))
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(TIMESTAMP, TimestampVisitor)
    }
}

struct TimestampVisitor;

impl<'de> Visitor<'de> for TimestampVisitor {
    type Value = Timestamp;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a timestamp")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Timestamp, D::Error> {
        inner.deserialize_any(TimestampVisitor)
    }

    fn visit_f64<E: de::Error>(self, seconds: f64) -> Result<Timestamp, E> {
        // Beyond this, milliseconds no longer fit.
        if seconds.is_finite() && seconds.abs() < 1e15 {
            Ok(Timestamp::from_seconds(seconds))
        } else {
            Err(E::custom("timestamp out of range"))
        }
    }

    fn visit_i64<E: de::Error>(self, seconds: i64) -> Result<Timestamp, E> {
        self.visit_f64(seconds as f64)
    }

    fn visit_u64<E: de::Error>(self, seconds: u64) -> Result<Timestamp, E> {
        self.visit_f64(seconds as f64)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Timestamp, E> {
        match text.parse::<f64>() {
            Ok(seconds) => self.visit_f64(seconds),
            Err(_) => Timestamp::parse_iso(text)
                .ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self)),
        }
    }
}

/// Bytes: base64 text in JSON, forms and XML, a byte string in CBOR.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Blob(pub Vec<u8>);

impl Blob {
    /// The bytes as base64 text with padding.
    pub fn to_base64(&self) -> String {
        STANDARD.encode(&self.0)
    }
}

impl fmt::Debug for Blob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_base64())
    }
}

impl Serialize for Blob {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.serialize_newtype_struct(BLOB, &self.to_base64())
        } else {
            serializer.serialize_newtype_struct(BLOB, &RawBytes(&self.0))
        }
    }
}

struct RawBytes<'a>(&'a [u8]);

impl Serialize for RawBytes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(self.0)
    }
}

impl<'de> Deserialize<'de> for Blob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(BLOB, BlobVisitor)
    }
}

struct BlobVisitor;

impl<'de> Visitor<'de> for BlobVisitor {
    type Value = Blob;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("base64 text or bytes")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, inner: D) -> Result<Blob, D::Error> {
        if inner.is_human_readable() {
            inner.deserialize_str(BlobVisitor)
        } else {
            inner.deserialize_byte_buf(BlobVisitor)
        }
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Blob, E> {
        STANDARD.decode(text).map(Blob).map_err(|_| E::custom("invalid base64"))
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Blob, E> {
        Ok(Blob(bytes.to_vec()))
    }

    fn visit_byte_buf<E: de::Error>(self, bytes: Vec<u8>) -> Result<Blob, E> {
        Ok(Blob(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps_print_and_parse() {
        for (millis, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_400_123, "2000-02-29T00:00:00.123Z"),
            (1_709_251_200_000, "2024-03-01T00:00:00.000Z"),
            (1_777_507_200_000, "2026-04-30T00:00:00.000Z"),
            (-1, "1969-12-31T23:59:59.999Z"),
            (1_795_279_608_000, "2026-11-21T16:46:48.000Z"),
        ] {
            let at = Timestamp::from_millis(millis);
            assert_eq!(at.iso_millis(), text);
            assert_eq!(Timestamp::parse_iso(text), Some(at));
        }
        let utc = Timestamp::parse_iso("2026-11-21T16:46:48Z");
        assert_eq!(utc.unwrap().http_date(), "Sat, 21 Nov 2026 16:46:48 GMT");
        assert_eq!(Timestamp::parse_iso("2026-11-21T18:16:48+01:30"), utc);
        for text in [
            "2026-13-21T18:16:48Z",
            "2026-02-29T00:00:00Z",
            "2024-02-30T00:00:00Z",
            "2100-02-29T00:00:00Z",
            "2026-04-31T00:00:00Z",
            "2026-00-01T00:00:00Z",
            "2026-01-00T00:00:00Z",
            "2026-9223372036854775807-01T00:00:00Z",
            "yesterday",
            "9223372036854775807-01-01T00:00:00Z",
            "2026-01-01T9223372036854775807:00:00Z",
            "2026-01-01T00:00:00+9223372036854775807:00",
            "2026-01-01T00:00:00-00:9223372036854775807",
        ] {
            assert_eq!(Timestamp::parse_iso(text), None, "{text}");
        }
    }

    #[test]
    fn json_sees_numbers_and_base64() {
        let value = (Timestamp::from_millis(1_500), Blob(b"skyrig".to_vec()));
        let json = serde_json::to_string(&value).unwrap();
        assert_eq!(json, r#"[1.5,"c2t5cmln"]"#);
        assert_eq!(serde_json::from_str::<(Timestamp, Blob)>(&json).unwrap(), value);
    }
}
