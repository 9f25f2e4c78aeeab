//! Schedules as AWS's documentation and recordings have them, and against a naive reference.

use proptest::prelude::*;

use super::*;

fn at(text: &str) -> Timestamp {
    Timestamp::parse_iso(text).unwrap()
}

fn times(text: &str, from: &str, count: usize) -> Vec<String> {
    let schedule = Schedule::parse(text).unwrap_or_else(|_| panic!("{text}"));
    let mut after = at(from);
    let mut found = Vec::new();
    while found.len() < count
        && let Some(next) = schedule.next(at(from), after)
    {
        found.push(next.iso_seconds());
        after = next;
    }
    found
}

/// User guide, "Cron expressions" and its examples; recordings of 2025-01-22.
#[test]
fn times_follow_the_expression() {
    // A Wednesday.
    let from = "2026-01-07T09:59:30Z";
    let cases: &[(&str, &[&str])] = &[
        ("rate(1 minute)", &["2026-01-07T10:00:30Z", "2026-01-07T10:01:30Z"]),
        ("rate(5 minutes)", &["2026-01-07T10:04:30Z", "2026-01-07T10:09:30Z"]),
        ("rate(1 hour)", &["2026-01-07T10:59:30Z"]),
        ("rate(7 days)", &["2026-01-14T09:59:30Z"]),
        ("cron(0 10 * * ? *)", &["2026-01-07T10:00:00Z", "2026-01-08T10:00:00Z"]),
        ("cron(15 12 * * ? *)", &["2026-01-07T12:15:00Z"]),
        (
            "cron(0 18 ? * MON-FRI *)",
            &[
                "2026-01-07T18:00:00Z",
                "2026-01-08T18:00:00Z",
                "2026-01-09T18:00:00Z",
                "2026-01-12T18:00:00Z",
            ],
        ),
        ("cron(0 8 1 * ? *)", &["2026-02-01T08:00:00Z", "2026-03-01T08:00:00Z"]),
        ("cron(0/15 * * * ? *)", &["2026-01-07T10:00:00Z", "2026-01-07T10:15:00Z"]),
        ("cron(0/30 20-2 ? * MON-FRI *)", &["2026-01-07T20:00:00Z", "2026-01-07T20:30:00Z"]),
        ("cron(0/5 8-17 ? * mon-Fri *)", &["2026-01-07T10:00:00Z"]),
        // AWS takes these three, as users report.
        ("cron(0-15/1 8-8 ? * 2,3,4,5,6,7 *)", &["2026-01-08T08:00:00Z", "2026-01-08T08:01:00Z"]),
        ("cron(30-30 13-13 ? * 2,4,6 *)", &["2026-01-07T13:30:00Z", "2026-01-09T13:30:00Z"]),
        ("cron(1-31/30 1-1 ? * 1,7 *)", &["2026-01-10T01:01:00Z", "2026-01-10T01:31:00Z"]),
        ("cron(0 2 ? * SAT#3 *)", &["2026-01-17T02:00:00Z", "2026-02-21T02:00:00Z"]),
        ("cron(* * ? * 7#3 *)", &["2026-01-17T00:00:00Z", "2026-01-17T00:01:00Z"]),
        ("cron(15 10 ? * 6L 2026-2027)", &["2026-01-30T10:15:00Z", "2026-02-27T10:15:00Z"]),
        ("cron(0 0 L * ? *)", &["2026-01-31T00:00:00Z", "2026-02-28T00:00:00Z"]),
        ("cron(0 0 LW * ? *)", &["2026-01-30T00:00:00Z", "2026-02-27T00:00:00Z"]),
        ("cron(0 0 ? * L *)", &["2026-01-10T00:00:00Z"]),
        // 1 February 2026 is a Sunday, 1 August a Saturday.
        ("cron(0 0 1W 2,8 ? *)", &["2026-02-02T00:00:00Z", "2026-08-03T00:00:00Z"]),
        ("cron(0 0 31W 1-3 ? *)", &["2026-01-30T00:00:00Z", "2026-03-31T00:00:00Z"]),
        ("cron(0 0 29 2 ? *)", &["2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z"]),
        ("cron(5,35 14 * JAN ? 2026/2)", &["2026-01-07T14:05:00Z", "2026-01-07T14:35:00Z"]),
        (
            "cron(0 0 ? * FRI-MON *)",
            &[
                "2026-01-09T00:00:00Z",
                "2026-01-10T00:00:00Z",
                "2026-01-11T00:00:00Z",
                "2026-01-12T00:00:00Z",
                "2026-01-16T00:00:00Z",
            ],
        ),
        ("at(2026-01-07T10:00:00)", &["2026-01-07T10:00:00Z"]),
    ];
    for (text, expected) in cases {
        assert_eq!(times(text, from, expected.len()), *expected, "{text}");
    }
    // Nothing comes any more, or ever.
    for text in [
        "cron(15 10 ? * 6L 2002-2005)",
        "cron(0 0 30 2 ? *)",
        "cron(0/5 5 ? JAN 1-5 2022)",
        "at(2026-01-07T09:59:30)",
    ] {
        assert!(times(text, from, 1).is_empty(), "{text}");
    }
    assert_eq!(times("cron(59 23 31 12 ? *)", "2199-12-31T23:58:59Z", 3), ["2199-12-31T23:59:00Z"]);
    assert_eq!(times("cron(0 0 1 1 ? *)", "1960-01-01T00:00:00Z", 1), ["1970-01-01T00:00:00Z"]);
}

#[test]
fn a_unit_of_any_number_is_read_where_it_may_be() {
    let minutes = |minutes: u64| Duration::from_secs(minutes * 60);
    for (text, every) in [
        ("rate(1 minutes)", minutes(1)),
        ("rate(5 minute)", minutes(5)),
        ("rate(1 hours)", minutes(60)),
        ("rate(1 hour)", minutes(60)),
        ("rate(2 day)", minutes(2 * 24 * 60)),
    ] {
        let read = Schedule::parse_of_any_number(text).expect(text);
        assert_eq!(
            read.next(at("2026-01-07T10:00:00Z"), at("2026-01-07T10:00:00Z")),
            Some(at("2026-01-07T10:00:00Z") + every),
            "{text}"
        );
        let again: Schedule = String::from(read.clone()).try_into().expect(text);
        assert_eq!(again, read);
    }
    for text in ["rate(0 minute)", "rate(5 minutess)", "rate(5 seconds)", "rate(1.5 hours)"] {
        assert!(Schedule::parse_of_any_number(text).is_err(), "{text}");
    }
}

#[test]
fn what_is_no_schedule_is_refused() {
    for text in [
        "",
        "rate",
        "rate()",
        "rate(5)",
        "rate(minutes)",
        "rate(0 minutes)",
        "rate(-1 minutes)",
        "rate(1 minutes)",
        "rate(2 minute)",
        "rate(1.5 hours)",
        "rate(5 seconds)",
        "rate(5 minutes) ",
        "rate( 5 minutes)",
        "rate(5  minutes)",
        "rate(5 minutess)",
        "rate(99999999999 days)",
        "Rate(5 minutes)",
        "rate (5 minutes)",
        "rate(+5 minutes)",
        "cron()",
        "cron(0 10 * * ?)",
        "cron(0 10 * * ? * *)",
        "cron(0 10 * * * *)",
        "cron(0 10 ? * ? *)",
        "cron(60 10 * * ? *)",
        "cron(0 24 * * ? *)",
        "cron(0 10 0 * ? *)",
        "cron(0 10 32 * ? *)",
        "cron(0 10 * 13 ? *)",
        "cron(0 10 ? * 8 *)",
        "cron(0 10 ? * 0 *)",
        "cron(0 10 * * ? 1969)",
        "cron(0 10 * * ? 2200)",
        "cron(0 10 * FOO ? *)",
        "cron(0/0 10 * * ? *)",
        "cron(0/60 10 * * ? *)",
        "cron(, 10 * * ? *)",
        "cron(0- 10 * * ? *)",
        "cron(0 10 ? * MON#6 *)",
        "cron(0 10 ? * MON#0 *)",
        "cron(0 10 ? * 3#1,6#3 *)",
        "cron(0 10 1,15W * ? *)",
        "cron(0 10 W * ? *)",
        "cron(0 10 L-3 * ? *)",
        "cron(0 10 ? * 1,L *)",
        "cron(? 10 * * ? *)",
        "cron(0 10 * * ? 2030-2020)",
        "cron(0 10 * * ? *",
        "cron 0 10 * * ? *",
        "at(2026-01-07)",
        "at(2026-13-07T10:00:00)",
        "at(2026-01-07T10:00:00Z)",
        "at(2026-01-07 10:00:00)",
        "at(+026-01-07T10:00:00)",
        "every(5 minutes)",
    ] {
        assert_eq!(Schedule::parse(text), Err(NotASchedule), "{text}");
    }
    let long = format!("cron({} 10 * * ? *)", "1,".repeat(100_000));
    assert_eq!(Schedule::parse(&long), Err(NotASchedule));
}

#[test]
fn in_state_it_is_its_text() {
    let schedule = Schedule::parse("cron(0 12 * * ? *)").unwrap();
    let json = serde_json::to_string(&schedule).unwrap();
    assert_eq!(json, "\"cron(0 12 * * ? *)\"");
    assert_eq!(serde_json::from_str::<Schedule>(&json).unwrap(), schedule);
    assert!(serde_json::from_str::<Schedule>("\"cron()\"").is_err());
}

/// One field: what is written, and the numbers that are meant.
#[derive(Clone, Debug)]
struct Written {
    text: String,
    numbers: Vec<u32>,
}

fn field(min: u32, max: u32) -> impl Strategy<Value = Written> {
    let all = move || Written { text: "*".to_owned(), numbers: (min..=max).collect() };
    let list = proptest::collection::vec(min..=max, 1..4).prop_map(|numbers| Written {
        text: numbers.iter().map(u32::to_string).collect::<Vec<_>>().join(","),
        numbers,
    });
    let range = (min..=max, min..=max, 1..=(max - min)).prop_map(move |(a, b, step)| {
        let (a, b) = (a.min(b), a.max(b));
        let numbers = (a..=b).filter(|n| (n - a).is_multiple_of(step)).collect();
        Written { text: format!("{a}-{b}/{step}"), numbers }
    });
    let from = (min..=max, 1..=(max - min)).prop_map(move |(a, step)| Written {
        text: format!("{a}/{step}"),
        numbers: (a..=max).filter(|n| (n - a).is_multiple_of(step)).collect(),
    });
    prop_oneof![Just(()).prop_map(move |()| all()), list, range, from]
}

/// What the two fields of days mean.
#[derive(Clone, Debug)]
enum NaiveDays {
    OfMonth(Written),
    OfWeek(Written),
    Last,
    LastWeekday,
    Nearest(u32),
    LastOfWeek(u32),
    Nth(u32, u32),
}

fn days() -> impl Strategy<Value = NaiveDays> {
    prop_oneof![
        field(1, 31).prop_map(NaiveDays::OfMonth),
        field(1, 7).prop_map(NaiveDays::OfWeek),
        Just(NaiveDays::Last),
        Just(NaiveDays::LastWeekday),
        (1..=31_u32).prop_map(NaiveDays::Nearest),
        (1..=7_u32).prop_map(NaiveDays::LastOfWeek),
        (1..=7_u32, 1..=5_u32).prop_map(|(day, nth)| NaiveDays::Nth(day, nth)),
    ]
}

/// A date as text has it: year, month, day, and the weekday from 1 for Sunday.
fn date(day: i64) -> (u32, u32, u32, u32) {
    let at = Timestamp::from_millis(day * 86_400_000);
    let iso = at.iso_seconds();
    let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
    let weekday = weekdays.iter().position(|name| at.http_date().starts_with(name)).unwrap();
    let part = |range: std::ops::Range<usize>| iso[range].parse().unwrap();
    (part(0..4), part(5..7), part(8..10), weekday as u32 + 1)
}

impl NaiveDays {
    fn text(&self) -> (String, String) {
        let (month, week) = match self {
            Self::OfMonth(days) => (days.text.clone(), "?".to_owned()),
            Self::OfWeek(days) => ("?".to_owned(), days.text.clone()),
            Self::Last => ("L".to_owned(), "?".to_owned()),
            Self::LastWeekday => ("LW".to_owned(), "?".to_owned()),
            Self::Nearest(day) => (format!("{day}W"), "?".to_owned()),
            Self::LastOfWeek(day) => ("?".to_owned(), format!("{day}L")),
            Self::Nth(day, nth) => ("?".to_owned(), format!("{day}#{nth}")),
        };
        (month, week)
    }

    fn holds(&self, day: i64) -> bool {
        let (_, month, of_month, weekday) = date(day);
        let is_in_month = |other: i64| date(other).1 == month;
        let is_workday = |other: i64| (2..=6).contains(&date(other).3);
        // The workdays of the month by their distance from `wanted`.
        let is_nearest = |wanted: i64| {
            let by_distance = (0..=2).flat_map(|off| [wanted - off, wanted + off]);
            by_distance.into_iter().find(|at| is_in_month(*at) && is_workday(*at)) == Some(day)
        };
        let first = day - i64::from(of_month) + 1;
        let last = (first..).take_while(|at| is_in_month(*at)).last().unwrap();
        match self {
            Self::OfMonth(days) => days.numbers.contains(&of_month),
            Self::OfWeek(days) => days.numbers.contains(&weekday),
            Self::Last => day == last,
            Self::LastWeekday => is_nearest(last),
            Self::Nearest(wanted) => {
                let wanted = first + i64::from(*wanted) - 1;
                wanted <= last && is_nearest(wanted)
            }
            Self::LastOfWeek(wanted) => weekday == *wanted && !is_in_month(day + 7),
            Self::Nth(wanted, nth) => {
                weekday == *wanted
                    && (first..=day).filter(|at| date(*at).3 == weekday).count() == *nth as usize
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn the_next_time_is_the_first_that_a_naive_reader_finds(
        minutes in field(0, 59),
        hours in field(0, 23),
        days in days(),
        months in field(1, 12),
        years in field(2020, 2030),
        after in 1_577_836_800_i64..1_767_225_600,
    ) {
        let (of_month, of_week) = days.text();
        let years_text = if years.text == "*" { "2020-2030" } else { &years.text };
        // An open step goes on to 2199.
        let is_open = years.text.contains('/') && !years.text.contains('-');
        let year_is_named = |year: u32| {
            let (first, step) = years.text.split_once('/').unwrap_or(("0", "1"));
            match is_open {
                true => {
                    let (first, step): (u32, u32) = (first.parse().unwrap(), step.parse().unwrap());
                    year >= first && (year - first).is_multiple_of(step)
                }
                false => years.numbers.contains(&year),
            }
        };
        let text = format!(
            "cron({} {} {of_month} {} {of_week} {years_text})",
            minutes.text, hours.text, months.text
        );
        let schedule = Schedule::parse(&text).unwrap();
        let after = Timestamp::from_millis(after * 1000 + 7);
        let found = schedule.next(after, after);
        // 1,200 days at most, and nothing before them that was missed.
        let first_day = after.seconds().div_euclid(86_400);
        let mut expected = None;
        'days: for day in first_day..first_day + 1200 {
            let (year, month, _, _) = date(day);
            if !year_is_named(year) || !months.numbers.contains(&month) || !days.holds(day) {
                continue;
            }
            for minute in 0..1440 {
                let at = Timestamp::from_millis((day * 1440 + minute) * 60_000);
                let (hour, minute) = ((minute / 60) as u32, (minute % 60) as u32);
                let is_named = hours.numbers.contains(&hour) && minutes.numbers.contains(&minute);
                if at > after && is_named {
                    expected = Some(at);
                    break 'days;
                }
            }
        }
        match expected {
            Some(_) => prop_assert_eq!(found, expected, "{}", text),
            None => prop_assert!(
                found.is_none_or(|at| at.seconds() >= (first_day + 1200) * 86_400), "{}", text
            ),
        }
    }

    #[test]
    fn no_text_is_too_much(text in "(rate|cron|at)\\([-0-9A-Z*?,/#LW ]{0,40}\\)") {
        if let Ok(schedule) = Schedule::parse(&text) {
            let now = at("2026-01-07T09:59:30Z");
            prop_assert!(schedule.next(now, now).is_none_or(|next| next > now));
        }
    }
}
