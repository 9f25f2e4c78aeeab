//! Schedule expressions: a line with one, then when it began and what it is asked for, in
//! milliseconds since 1970.

use skyrig::Timestamp;
use skyrig::services::shared::schedule::Schedule;

use super::pattern::lines;

/// As far as calendars of schedules reach: the end of the year 2199.
const LATEST_MILLIS: i64 = 7_258_118_400_000;
/// How often it rings while somebody looks.
const RINGS: usize = 10;

pub(crate) fn run(input: &[u8]) {
    let [text, since, after] = lines(input);
    let Ok(schedule) = Schedule::parse(&text) else { return };
    assert_eq!(Schedule::parse(schedule.as_str()), Ok(schedule.clone()));
    let at = |text: &str| {
        let millis: i64 = text.trim().parse().unwrap_or(0);
        Timestamp::from_millis(millis.clamp(0, LATEST_MILLIS))
    };
    let (since, mut after) = (at(&since), at(&after));
    for _ in 0..RINGS {
        let Some(next) = schedule.next(since, after) else { break };
        assert!(next > after, "{text}: it rings in the past");
        let before = Timestamp::from_millis(next.millis() - 1);
        if before >= after {
            let again = schedule.next(since, before);
            assert_eq!(again, Some(next), "{text}: what it says depends on when it is asked");
        }
        after = next;
    }
}
