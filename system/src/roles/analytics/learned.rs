//! What is usual can be told instead of learned: a rehearsal has no weeks to wait.

use super::watch;
use crate::adapters::analytics_table::{AnalyticsTable, Progress};
use crate::adapters::aws::Aws;
use crate::analytics::MinuteNumber;
use crate::app::figures::BOARD;
use crate::config::Names;
use crate::failure::Failure;
use crate::ports::{Clock, Ids};

/// Minutes of a history.
pub const WEEK: usize = 7 * 24 * 60;
/// As many weeks as a detector needs, and one to learn how far minutes usually are.
const WEEKS: i64 = 3;
/// From the beginning of minute numbers, a Thursday, to Monday.
const MONDAY: i64 = 4 * 24 * 60;
/// Somebody else writes the board every few seconds.
const ATTEMPTS: u32 = 20;

/// Lets the detector of orders believe that the last weeks were like this one: orders a minute,
/// from Monday at midnight, UTC. Whoever keeps the board notices and goes on from there.
///
/// # Errors
/// `GiveUp` for a history that is no week.
pub async fn learn(
    aws: &Aws,
    names: &Names,
    clock: &dyn Clock,
    ids: &dyn Ids,
    week: &[f64],
) -> Result<(), Failure> {
    let is_count = |value: &f64| value.is_finite() && *value >= 0.0;
    if week.len() != WEEK || !week.iter().all(is_count) {
        let why = format!("a history is {WEEK} numbers from 0, not {}", week.len());
        return Err(Failure::GiveUp(why));
    }
    let now = MinuteNumber::of(clock.now());
    let minutes = (now.0 - WEEKS * WEEK as i64..now.0).map(|minute| {
        let place = (minute - MONDAY).rem_euclid(WEEK as i64) as usize;
        (MinuteNumber(minute), week[place])
    });
    let row = watch::learned("orders", minutes);
    let table = AnalyticsTable::new(aws, names);
    let mut last = Failure::Retry("the board was written all the time".into());
    for _ in 0..ATTEMPTS {
        let checkpoint = table.checkpoint(BOARD).await?;
        let (rows, token) = (std::slice::from_ref(&row), ids.next_id());
        match table.commit(BOARD, &checkpoint, &Progress::default(), rows, &token).await {
            Ok(_) => return Ok(()),
            Err(error) => last = error.of(BOARD),
        }
    }
    Err(last)
}
