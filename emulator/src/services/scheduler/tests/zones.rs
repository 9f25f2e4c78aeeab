//! Time zones: clocks that go forward and back.

use super::at;
use crate::services::shared::schedule::Schedule;
use crate::services::shared::zone::Zone;
use crate::wire::Timestamp;

/// The next moments of an expression in a zone.
fn next(zone: &str, expression: &str, after: &str, count: usize) -> Vec<String> {
    let zone = Zone::try_from(zone.to_owned()).unwrap();
    let expression = Schedule::parse(expression).unwrap();
    let mut moment = at(after);
    let mut all = Vec::new();
    while all.len() < count
        && let Some(next) = zone.next(&expression, moment)
    {
        assert!(next > moment);
        moment = next;
        all.push(Timestamp::iso_seconds(next));
    }
    all
}

#[test]
fn moments_follow_the_clocks_of_the_zone() {
    // Clocks in New York go forward on 8 March 2026 and back on 1 November.
    let zone = "America/New_York";
    assert_eq!(
        next(zone, "cron(0 9 * * ? *)", "2026-03-07T00:00:00Z", 3),
        ["2026-03-07T14:00:00Z", "2026-03-08T13:00:00Z", "2026-03-09T13:00:00Z"],
    );
    assert_eq!(
        next(zone, "at(2026-07-01T08:00:00)", "2026-01-01T00:00:00Z", 2),
        ["2026-07-01T12:00:00Z"]
    );
    // 02:30 does not exist on the eighth.
    assert_eq!(
        next(zone, "cron(30 2 * * ? *)", "2026-03-07T00:00:00Z", 2),
        ["2026-03-07T07:30:00Z", "2026-03-09T06:30:00Z"],
    );
    // 01:30 is there twice on the first of November, and counts once.
    assert_eq!(
        next(zone, "cron(30 1 * * ? *)", "2026-10-31T12:00:00Z", 2),
        ["2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"],
    );
    // Each minute goes on behind the hour that is there twice.
    assert_eq!(
        next(zone, "cron(* * * * ? *)", "2026-11-01T05:58:00Z", 2),
        ["2026-11-01T05:59:00Z", "2026-11-01T07:00:00Z"],
    );
    assert_eq!(
        next("Asia/Kolkata", "cron(0 0 1 1 ? 2027)", "2026-01-01T00:00:00Z", 2),
        ["2026-12-31T18:30:00Z"],
    );
}
