//! AWS's cron expressions: minutes, hours, days of the month, months, days of the week, years.
//!
//! The language is Quartz's without seconds. Exactly one of the two fields of days is `?`.

use super::field::{Field, Numbers};
use crate::wire::{Timestamp, civil};

const MONTHS: &[&str] =
    &["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const WEEKDAYS: &[&str] = &["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

// Unverified: that ranges go over the end (`FRI-MON`, `22-2`), as they do in Quartz.
const MINUTES: Field = Field { min: 0, max: 59, names: &[], wraps: true };
const HOURS: Field = Field { min: 0, max: 23, names: &[], wraps: true };
const DAYS_OF_MONTH: Field = Field { min: 1, max: 31, names: &[], wraps: true };
const MONTHS_OF_YEAR: Field = Field { min: 1, max: 12, names: MONTHS, wraps: true };
const DAYS_OF_WEEK: Field = Field { min: 1, max: 7, names: WEEKDAYS, wraps: true };
const YEARS: Field = Field { min: 1970, max: 2199, names: &[], wraps: false };

const MINUTES_OF_DAY: i64 = 24 * 60;

/// The minutes that a cron expression names, in UTC.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cron {
    minutes: Numbers,
    hours: Numbers,
    days: Days,
    /// From 0 for January.
    months: Numbers,
    /// From 0 for 1970.
    years: Numbers,
}

/// Days of a month, from 0 for the first; days of the week, from 0 for Sunday.
#[derive(Clone, Debug, PartialEq)]
enum Days {
    OfMonth(Numbers),
    /// `L`
    Last,
    /// `LW`
    LastWeekday,
    /// `15W`
    NearestWeekday(i64),
    OfWeek(Numbers),
    /// `6L`
    LastOfWeek(u32),
    /// `6#3`
    NthOfWeek(u32, i64),
}

impl Cron {
    /// Reads the six fields.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let fields: Vec<&str> = text.split_ascii_whitespace().collect();
        let [minutes, hours, of_month, months, of_week, years] = fields[..] else {
            return None;
        };
        let days = match (of_month, of_week) {
            ("?", "?") => return None,
            (of_month, "?") => days_of_month(of_month)?,
            ("?", of_week) => days_of_week(of_week)?,
            _ => return None,
        };
        Some(Self {
            minutes: MINUTES.parse(minutes)?,
            hours: HOURS.parse(hours)?,
            days,
            months: MONTHS_OF_YEAR.parse(months)?,
            years: YEARS.parse(years)?,
        })
    }

    /// The first minute after `after`. Looks at each month up to the last year at most once.
    pub(super) fn next(&self, after: Timestamp) -> Option<Timestamp> {
        let from = (after.seconds().div_euclid(60) + 1).max(0);
        let today = from.div_euclid(MINUTES_OF_DAY);
        let (first_year, first_month, _) = civil::date_of_day(today);
        let mut month = first_month;
        for year in first_year..=i64::from(YEARS.max) {
            let is_named = u32::try_from(year - i64::from(YEARS.min));
            if is_named.is_ok_and(|year| self.years.contains(year)) {
                for month in month..=12 {
                    if !self.months.contains((month - 1) as u32) {
                        continue;
                    }
                    if let Some(minute) = self.next_in_month(year, month, from) {
                        return Some(Timestamp::from_millis(minute * 60_000));
                    }
                }
            }
            month = 1;
        }
        None
    }

    /// The first minute of the month that is not before `from`; both since 1970.
    fn next_in_month(&self, year: i64, month: i64, from: i64) -> Option<i64> {
        let month = Month::of(year, month);
        let days = self.days.of(&month);
        let today = (from.div_euclid(MINUTES_OF_DAY) - month.first).max(0);
        let mut day = days.next(u32::try_from(today).ok()?);
        while let Some(found) = day {
            let begins = (month.first + i64::from(found)) * MINUTES_OF_DAY;
            let earliest = u32::try_from((from - begins).max(0)).ok()?;
            if let Some(minute) = self.next_in_day(earliest) {
                return Some(begins + i64::from(minute));
            }
            day = days.next(found + 1);
        }
        None
    }

    /// The first minute of a day that is not before `earliest`; both since midnight.
    fn next_in_day(&self, earliest: u32) -> Option<u32> {
        let (hour, minute) = (earliest / 60, earliest % 60);
        let this_hour = Some(hour).filter(|hour| self.hours.contains(*hour));
        if let Some(minute) = this_hour.and_then(|_| self.minutes.next(minute)) {
            return Some(hour * 60 + minute);
        }
        Some(self.hours.next(hour + 1)? * 60 + self.minutes.next(0)?)
    }
}

fn days_of_month(text: &str) -> Option<Days> {
    if let Some(day) = text.strip_suffix(['W', 'w']) {
        return match day {
            "L" | "l" => Some(Days::LastWeekday),
            day => Some(Days::NearestWeekday(DAYS_OF_MONTH.value(day)?.into())),
        };
    }
    match text {
        "L" | "l" => Some(Days::Last),
        _ => DAYS_OF_MONTH.parse(text).map(Days::OfMonth),
    }
}

fn days_of_week(text: &str) -> Option<Days> {
    let weekday = |text: &str| DAYS_OF_WEEK.value(text).map(|day| day - 1);
    if let Some((day, nth)) = text.split_once('#') {
        let nth = super::field::digits(nth).filter(|nth| (1..=5).contains(nth))?;
        return Some(Days::NthOfWeek(weekday(day)?, nth.into()));
    }
    match text.strip_suffix(['L', 'l']) {
        // The week's last day.
        Some("") => DAYS_OF_WEEK.parse("7").map(Days::OfWeek),
        Some(day) => Some(Days::LastOfWeek(weekday(day)?)),
        None => DAYS_OF_WEEK.parse(text).map(Days::OfWeek),
    }
}

/// A month of the calendar.
struct Month {
    /// Its first day since 1970.
    first: i64,
    length: i64,
}

impl Month {
    fn of(year: i64, month: i64) -> Self {
        let first = civil::day_of_date(year, month, 1);
        let next = match month {
            12 => civil::day_of_date(year + 1, 1, 1),
            _ => civil::day_of_date(year, month + 1, 1),
        };
        Self { first, length: next - first }
    }

    /// The day of the week, from 0 for Sunday, of a day of the month, from 0.
    fn weekday(&self, day: i64) -> u32 {
        // 1970 began on a Thursday.
        (self.first + day + 4).rem_euclid(7) as u32
    }

    /// The day from Monday to Friday that is nearest to `day`, in this month.
    fn nearest_weekday(&self, day: i64) -> i64 {
        match self.weekday(day) {
            0 if day + 1 < self.length => day + 1,
            0 => day - 2,
            6 if day > 0 => day - 1,
            6 => day + 2,
            _ => day,
        }
    }
}

impl Days {
    /// The days of `month`, from 0.
    fn of(&self, month: &Month) -> Numbers {
        let last = month.length - 1;
        let is_named = |day: i64| match self {
            Self::OfMonth(days) => days.contains(day as u32),
            Self::Last => day == last,
            Self::LastWeekday => day == month.nearest_weekday(last),
            // Unverified: that a month without the day itself is left out, as in Quartz's
            // documentation.
            Self::NearestWeekday(wanted) => {
                *wanted <= month.length && day == month.nearest_weekday(wanted - 1)
            }
            Self::OfWeek(weekdays) => weekdays.contains(month.weekday(day)),
            Self::LastOfWeek(weekday) => month.weekday(day) == *weekday && day + 7 > last,
            Self::NthOfWeek(weekday, nth) => month.weekday(day) == *weekday && day / 7 + 1 == *nth,
        };
        let mut days = Numbers::default();
        for day in (0..month.length).filter(|day| is_named(*day)) {
            days.insert(day as u32);
        }
        days
    }
}
