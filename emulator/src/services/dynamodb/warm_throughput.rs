//! Warm throughput: what a table or an index serves at once. It never gets less.
//!
//! Source: Developer Guide, "Understanding DynamoDB warm throughput"; AWS's answers of October
//! 2026, in users' reports.

use super::error::DynamoDbError;
use super::shapes::{ProvisionedThroughput, TableWarmThroughputDescription, WarmThroughput};

/// Units a second that a table without provisioned capacity serves at once.
const READS: i64 = 12_000;
const WRITES: i64 = 4_000;

/// What is warm: what was asked for, and at least what comes with the billing mode.
pub(super) fn describe(
    pay_per_request: bool,
    given: Option<&WarmThroughput>,
    provisioned: Option<&ProvisionedThroughput>,
) -> TableWarmThroughputDescription {
    let (reads, writes) = current(pay_per_request, given, provisioned);
    TableWarmThroughputDescription {
        read_units_per_second: Some(reads),
        status: Some("ACTIVE".to_owned()),
        write_units_per_second: Some(writes),
    }
}

/// Refuses less than there is; `of` is `table` or `index NAME`.
///
/// # Errors
/// Validation. Unverified: the text for an index.
pub(super) fn check(
    of: &str,
    (reads, writes): (i64, i64),
    new: Option<&WarmThroughput>,
) -> Result<(), DynamoDbError> {
    let Some(new) = new else { return Ok(()) };
    for (member, asked, current) in [
        ("ReadUnitsPerSecond", new.read_units_per_second, reads),
        ("WriteUnitsPerSecond", new.write_units_per_second, writes),
    ] {
        if asked.is_some_and(|asked| asked < current) {
            return Err(DynamoDbError::invalid(format!(
                "Requested {member} for WarmThroughput for {of} is lower than current \
                 WarmThroughput, decreasing WarmThroughput is not supported"
            )));
        }
    }
    Ok(())
}

/// Reads and writes a second.
pub(super) fn current(
    pay_per_request: bool,
    given: Option<&WarmThroughput>,
    provisioned: Option<&ProvisionedThroughput>,
) -> (i64, i64) {
    let least = if pay_per_request {
        (READS, WRITES)
    } else {
        let units = provisioned.cloned().unwrap_or_default();
        (units.read_capacity_units.unwrap_or(0), units.write_capacity_units.unwrap_or(0))
    };
    let given = given.cloned().unwrap_or_default();
    (
        given.read_units_per_second.unwrap_or(0).max(least.0),
        given.write_units_per_second.unwrap_or(0).max(least.1),
    )
}

/// What was asked for, with what is asked for now: a member that is not given stays.
pub(super) fn merged(
    old: Option<WarmThroughput>,
    new: Option<WarmThroughput>,
) -> Option<WarmThroughput> {
    let Some(new) = new else { return old };
    let old = old.unwrap_or_default();
    Some(WarmThroughput {
        read_units_per_second: new.read_units_per_second.or(old.read_units_per_second),
        write_units_per_second: new.write_units_per_second.or(old.write_units_per_second),
    })
}
