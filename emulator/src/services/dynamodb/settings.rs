//! Billing, protection and the rest of what CreateTable takes beside keys and indexes.

use super::error::DynamoDbError;
use super::operations::create_table::Request;
use super::shapes::{GlobalSecondaryIndex, OnDemandThroughput, ProvisionedThroughput};
use super::store::TableSettings;
use crate::kernel::Context;

/// Capacity units of each kind that a table may have (AWS's default quota).
const TABLE_UNITS_MAX: i64 = 40_000;

/// Members without an effect are reported; those whose absence would be missed are refused.
pub(super) fn report_unhonoured(
    ctx: &mut Context<'_>,
    request: &Request,
) -> Result<(), DynamoDbError> {
    for (member, given) in [
        ("VectorIndexes", request.vector_indexes.is_some()),
        ("GlobalTableSourceArn", request.global_table_source_arn.is_some()),
        (
            "GlobalTableSettingsReplicationMode",
            request.global_table_settings_replication_mode.is_some(),
        ),
    ] {
        if given {
            return Err(DynamoDbError::NotImplemented(member.to_owned()));
        }
    }
    for (member, given) in [
        ("ResourcePolicy", request.resource_policy.is_some()),
        ("SSESpecification", request.sse_specification.is_some()),
        ("WarmThroughput", request.warm_throughput.is_some()),
    ] {
        if given {
            ctx.not_honoured(member)?;
        }
    }
    Ok(())
}

/// What the request says beside keys and indexes.
pub(super) fn table_settings(request: &Request) -> Result<TableSettings, DynamoDbError> {
    check_class(request.table_class.as_deref())?;
    let pay_per_request = billing_mode(request.billing_mode.as_deref())?;
    check_throughput(pay_per_request, request.provisioned_throughput.as_ref())?;
    check_on_demand(pay_per_request, "table", request.on_demand_throughput.as_ref())?;
    Ok(TableSettings {
        pay_per_request,
        throughput: request.provisioned_throughput.clone(),
        on_demand: request.on_demand_throughput.clone(),
        deletion_protection: request.deletion_protection_enabled.unwrap_or(false),
        table_class: request.table_class.clone(),
    })
}

/// Whether the mode is `PAY_PER_REQUEST`.
pub(super) fn billing_mode(mode: Option<&str>) -> Result<bool, DynamoDbError> {
    match mode {
        None | Some("PROVISIONED") => Ok(false),
        Some("PAY_PER_REQUEST") => Ok(true),
        Some(other) => Err(DynamoDbError::constraint(
            Some(other),
            "billingMode",
            "Member must satisfy enum value set: [PROVISIONED, PAY_PER_REQUEST]",
        )),
    }
}

/// Refuses a table class that there is not.
pub(super) fn check_class(class: Option<&str>) -> Result<(), DynamoDbError> {
    match class {
        None | Some("STANDARD" | "STANDARD_INFREQUENT_ACCESS") => Ok(()),
        Some(_) => Err(DynamoDbError::validation(
            "Invalid table-class parameter provided. Please try again with a valid table-class \
             value: [STANDARD, STANDARD_INFREQUENT_ACCESS].",
        )),
    }
}

/// Refuses capacities of a new table's index that do not fit the billing mode.
pub(super) fn check_index_throughput(
    pay_per_request: bool,
    index: &GlobalSecondaryIndex,
) -> Result<(), DynamoDbError> {
    let name = index.index_name.as_deref().unwrap_or_default();
    match (pay_per_request, &index.provisioned_throughput) {
        (true, Some(_)) => Err(DynamoDbError::invalid(format!(
            "ProvisionedThroughput should not be specified for index: {name} when BillingMode is \
             PAY_PER_REQUEST"
        ))),
        (false, None) => Err(DynamoDbError::invalid(format!(
            "ProvisionedThroughput is not specified for index: {name}"
        ))),
        _ => Ok(()),
    }
}

/// Refuses bounds on demand that do not fit the billing mode, or are none; `of` is `table` or
/// `index : NAME`.
///
/// Unverified: whether -1, which clears a bound, is taken by CreateTable.
pub(super) fn check_on_demand(
    pay_per_request: bool,
    of: &str,
    given: Option<&OnDemandThroughput>,
) -> Result<(), DynamoDbError> {
    let Some(given) = given else { return Ok(()) };
    for (name, units) in [
        ("MaxReadRequestUnits", given.max_read_request_units),
        ("MaxWriteRequestUnits", given.max_write_request_units),
    ] {
        let Some(units) = units else { continue };
        if !pay_per_request {
            return Err(DynamoDbError::invalid(format!(
                "{name} for OnDemandThroughput cannot be specified when the table BillingMode is \
                 PROVISIONED"
            )));
        }
        if units < 1 && units != -1 {
            return Err(DynamoDbError::invalid(format!(
                "Requested {name} for OnDemandThroughput for {of} is outside of valid range"
            )));
        }
    }
    Ok(())
}

/// Refuses more capacity than a table may have.
pub(super) fn check_quota(
    ctx: &Context<'_>,
    given: Option<&ProvisionedThroughput>,
) -> Result<(), DynamoDbError> {
    let Some(given) = given else { return Ok(()) };
    for (name, units) in [
        ("ReadCapacityUnits", given.read_capacity_units),
        ("WriteCapacityUnits", given.write_capacity_units),
    ] {
        if let Some(units) = units.filter(|units| *units > TABLE_UNITS_MAX) {
            return Err(DynamoDbError::LimitExceeded(format!(
                "The requested {name}, {units}, is above the per table maximum for the account in \
                 {}. Per table maximum: {TABLE_UNITS_MAX}. Refer to the Amazon DynamoDB Developer \
                 Guide for current limits and how to request higher limits.",
                ctx.region()
            )));
        }
    }
    Ok(())
}

/// Refuses capacities that do not fit the billing mode.
pub(super) fn check_throughput(
    pay_per_request: bool,
    throughput: Option<&ProvisionedThroughput>,
) -> Result<(), DynamoDbError> {
    match (pay_per_request, throughput) {
        (true, Some(_)) => Err(DynamoDbError::invalid(
            "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode \
             is PAY_PER_REQUEST",
        )),
        (false, None) => Err(DynamoDbError::invalid(
            "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is \
             PROVISIONED",
        )),
        _ => Ok(()),
    }
}
