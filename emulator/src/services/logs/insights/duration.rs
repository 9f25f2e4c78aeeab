//! Lengths of time such as `5m`.

use super::cursor::Cursor;

/// The units, with their milliseconds.
///
/// Source: user guide, "Date-time functions".
const UNITS: [(&str, i64); 20] = [
    ("ms", 1),
    ("msec", 1),
    ("millisecond", 1),
    ("milliseconds", 1),
    ("s", 1000),
    ("sec", 1000),
    ("second", 1000),
    ("seconds", 1000),
    ("m", 60_000),
    ("min", 60_000),
    ("minute", 60_000),
    ("minutes", 60_000),
    ("h", 3_600_000),
    ("hr", 3_600_000),
    ("hour", 3_600_000),
    ("hours", 3_600_000),
    ("d", 86_400_000),
    ("day", 86_400_000),
    ("days", 86_400_000),
    ("w", 604_800_000),
];

/// Takes a length of time; its milliseconds, which are at least one and at most a century.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Option<i64> {
    const MILLIS_MAX: i64 = 100 * 366 * 86_400_000;
    cursor.peek();
    let number: i64 = cursor.run(|letter| letter.is_ascii_digit()).parse().ok()?;
    cursor.peek();
    let unit = cursor.run(char::is_alphabetic).to_ascii_lowercase();
    let (_, millis) = UNITS.iter().find(|(name, _)| *name == unit)?;
    number.checked_mul(*millis).filter(|millis| (1..=MILLIS_MAX).contains(millis))
}
