//! Lengths of time such as `5m`, and times rounded to them.

use super::cursor::Cursor;
use crate::wire::civil::{date_of_day, day_of_date};

/// A length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Period {
    Millis(i64),
    /// Of the calendar.
    Months(i64),
}

use Period::{Millis, Months};

/// The units.
///
/// Source: user guide, "Datetime functions". Unverified: words written out, such as `minutes`.
const UNITS: [(&str, Period); 23] = [
    ("ms", Millis(1)),
    ("msec", Millis(1)),
    ("millisecond", Millis(1)),
    ("s", Millis(1000)),
    ("sec", Millis(1000)),
    ("second", Millis(1000)),
    ("m", Millis(60_000)),
    ("min", Millis(60_000)),
    ("minute", Millis(60_000)),
    ("h", Millis(3_600_000)),
    ("hr", Millis(3_600_000)),
    ("hour", Millis(3_600_000)),
    ("d", Millis(86_400_000)),
    ("day", Millis(86_400_000)),
    ("w", Millis(604_800_000)),
    ("week", Millis(604_800_000)),
    ("mo", Months(1)),
    ("mon", Months(1)),
    ("month", Months(1)),
    ("q", Months(3)),
    ("qtr", Months(3)),
    ("quarter", Months(3)),
    ("y", Months(12)),
];
const YEARS: [&str; 2] = ["yr", "year"];

const DAY: i64 = 86_400_000;

/// Takes a length of time, which is at least a millisecond and at most a century.
pub(super) fn read(cursor: &mut Cursor<'_>) -> Option<Period> {
    const MILLIS_MAX: i64 = 100 * 366 * DAY;
    const MONTHS_MAX: i64 = 1200;
    cursor.peek();
    let number: i64 = cursor.run(|letter| letter.is_ascii_digit()).parse().ok()?;
    cursor.peek();
    let (period, max) = match unit(&cursor.run(char::is_alphabetic).to_ascii_lowercase())? {
        Millis(one) => (number.checked_mul(one).map(Millis), MILLIS_MAX),
        Months(one) => (number.checked_mul(one).map(Months), MONTHS_MAX),
    };
    period.filter(|(Millis(count) | Months(count))| (1..=max).contains(count))
}

/// A unit by its name; those of several letters may be in the plural.
fn unit(name: &str) -> Option<Period> {
    let find = |name: &str| match YEARS.contains(&name) {
        true => Some(Months(12)),
        false => UNITS.iter().find(|(known, _)| *known == name).map(|(_, period)| *period),
    };
    find(name).or_else(|| find(name.strip_suffix('s').filter(|one| one.len() > 1)?))
}

impl Period {
    /// The beginning of the period in which a time lies, or of the next one if `up` and it has
    /// begun. In milliseconds since 1970.
    pub(super) fn rounded(self, time: i64, up: bool) -> i64 {
        let (down, next) = match self {
            Millis(millis) => {
                let down = time.div_euclid(millis) * millis;
                (down, down.saturating_add(millis))
            }
            Months(months) => {
                let (year, month, _) = date_of_day(time.div_euclid(DAY));
                let month = (year * 12 + month - 1).div_euclid(months) * months;
                (first_of(month), first_of(month + months))
            }
        };
        if up && down < time { next } else { down }
    }
}

/// When a month begins, by its number since the year 0.
fn first_of(month: i64) -> i64 {
    day_of_date(month.div_euclid(12), month.rem_euclid(12) + 1, 1) * DAY
}
