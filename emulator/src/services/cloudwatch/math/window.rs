//! The time that queries are about, and who asks.

use crate::services::cloudwatch::error::CloudWatchError;
use crate::services::cloudwatch::series::Range;
use crate::services::cloudwatch::statistics_query::alignment;
use crate::services::cloudwatch::unit::Unit;
use crate::wire::Timestamp;

/// Who asks, and when: for labels.
#[derive(Clone, Copy, Debug)]
pub(in crate::services::cloudwatch) struct Asked<'a> {
    pub(in crate::services::cloudwatch) now: Timestamp,
    pub(in crate::services::cloudwatch) account: &'a str,
    pub(in crate::services::cloudwatch) region: &'a str,
    /// How far clocks in labels are ahead of UTC.
    pub(in crate::services::cloudwatch) timezone_minutes: i64,
}

/// From when to when; the end is exclusive.
#[derive(Clone, Copy, Debug)]
pub(in crate::services::cloudwatch) struct Window {
    pub(in crate::services::cloudwatch) start: Timestamp,
    pub(in crate::services::cloudwatch) end: Timestamp,
}

impl Window {
    /// A window that is not empty.
    ///
    /// # Errors
    /// `ValidationError`.
    pub(in crate::services::cloudwatch) fn checked(
        start: Timestamp,
        end: Timestamp,
    ) -> Result<Self, CloudWatchError> {
        let wrong = |text: &str| Err(CloudWatchError::Validation(text.to_owned()));
        if start == end {
            return wrong("The parameter StartTime must not equal parameter EndTime.");
        }
        if start > end {
            return wrong("The parameter StartTime must be less than the parameter EndTime.");
        }
        Ok(Self { start, end })
    }

    /// The periods of `period` seconds, aligned as AWS aligns them.
    pub(super) fn range(self, now: Timestamp, period: i64, unit: Option<Unit>) -> Range {
        let start = self.start.seconds();
        let start = start - start.rem_euclid(alignment(self.start, period, now));
        // Part of a second at the end counts.
        let millis = self.end.millis();
        let end = millis.div_euclid(1000) + i64::from(millis.rem_euclid(1000) > 0);
        Range { start, end, period, unit }
    }
}
