//! Billing, protection and the rest of what CreateTable takes beside keys and indexes.

use super::error::DynamoDbError;
use super::operations::create_table::Request;
use super::shapes::ProvisionedThroughput;
use super::store::TableSettings;
use crate::kernel::Context;

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
    let pay_per_request = billing_mode(request.billing_mode.as_deref())?;
    check_throughput(pay_per_request, request.provisioned_throughput.as_ref())?;
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
