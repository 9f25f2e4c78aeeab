//! The checks of UpdateTable, and what it makes of a table's settings.

use super::error::DynamoDbError;
use super::operations::update_table::Request;
use super::replica_update;
use super::settings::{billing_mode, check_throughput};
use super::store::{Table, TableSettings};
use super::streams::ViewType;
use super::throughput;
use super::validation::{self, Constraints};
use crate::kernel::Context;

/// What AWS checks before it looks at the table.
pub(super) fn check(request: &Request) -> Result<(), DynamoDbError> {
    let mut check = Constraints::default();
    validation::table(&mut check, request.table_name.as_deref());
    check.one_of(
        "billingMode",
        request.billing_mode.as_deref(),
        &["PROVISIONED", "PAY_PER_REQUEST"],
    );
    check.one_of(
        "multiRegionConsistency",
        request.multi_region_consistency.as_deref(),
        &["EVENTUAL", "STRONG"],
    );
    check.one_of(
        "tableClass",
        request.table_class.as_deref(),
        &["STANDARD", "STANDARD_INFREQUENT_ACCESS"],
    );
    let throughput = request.provisioned_throughput.as_ref();
    validation::throughput(&mut check, "provisionedThroughput", throughput);
    for (at, update) in request.global_secondary_index_updates.iter().flatten().enumerate() {
        let member = format!("globalSecondaryIndexUpdates.{}.member", at + 1);
        let create = update.create.as_ref().and_then(|it| it.provisioned_throughput.as_ref());
        validation::throughput(
            &mut check,
            &format!("{member}.create.provisionedThroughput"),
            create,
        );
        let update = update.update.as_ref().and_then(|it| it.provisioned_throughput.as_ref());
        validation::throughput(
            &mut check,
            &format!("{member}.update.provisionedThroughput"),
            update,
        );
    }
    check.done()?;
    let updates = request.global_secondary_index_updates.as_ref();
    let changes_nothing = request.billing_mode.is_none()
        && request.deletion_protection_enabled.is_none()
        && updates.is_none_or(Vec::is_empty)
        && request.on_demand_throughput.is_none()
        && request.provisioned_throughput.is_none()
        && request.sse_specification.is_none()
        && request.stream_specification.is_none()
        && request.table_class.is_none()
        && request.warm_throughput.is_none()
        && request.disassociation_protection_enabled.is_none()
        && request.multi_region_consistency.is_none()
        && request.replica_updates.is_none()
        && request.vector_index_updates.is_none();
    if changes_nothing {
        return Err(DynamoDbError::validation(
            "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, \
             GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is required",
        ));
    }
    Ok(())
}

/// Refuses to open a stream where there is one, and to close one that is not there.
pub(super) fn check_stream(
    table: &Table,
    given: bool,
    view: Option<ViewType>,
) -> Result<(), DynamoDbError> {
    let name = &table.name;
    let text = match (given, view, &table.stream) {
        (true, Some(_), Some(_)) => {
            format!("Table already has an enabled stream: TableName: {name}")
        }
        (true, None, None) => format!("Table has no stream to disable: TableName: {name}"),
        // Unverified: the text.
        (true, None, Some(_)) if table.options.replication.living().next().is_some() => {
            format!("Cannot disable the stream of a table with replicas: TableName: {name}")
        }
        _ => return Ok(()),
    };
    Err(DynamoDbError::Validation(text))
}

/// The table's settings with what the request gives.
pub(super) fn changed(table: &Table, request: &Request) -> Result<TableSettings, DynamoDbError> {
    let mut new = table.settings.clone();
    if let Some(mode) = request.billing_mode.as_deref() {
        new.pay_per_request = billing_mode(Some(mode))?;
        if new.pay_per_request {
            new.throughput = None;
        }
    }
    if let Some(given) = &request.provisioned_throughput {
        if new.pay_per_request == table.settings.pay_per_request {
            throughput::check_changes("table", table.settings.throughput.as_ref(), given)?;
        }
        new.throughput = Some(given.clone());
    }
    check_throughput(new.pay_per_request, new.throughput.as_ref())?;
    if request.on_demand_throughput.is_some() {
        new.on_demand = request.on_demand_throughput.clone();
    }
    if let Some(protected) = request.deletion_protection_enabled {
        new.deletion_protection = protected;
    }
    if request.table_class.is_some() {
        new.table_class = request.table_class.clone();
    }
    Ok(new)
}

/// Members without an effect are reported; those whose absence would be missed are refused.
pub(super) fn report_unhonoured(
    ctx: &mut Context<'_>,
    request: &Request,
) -> Result<(), DynamoDbError> {
    let mode = "GlobalTableSettingsReplicationMode";
    for (member, given) in [
        (mode, request.global_table_settings_replication_mode.is_some()),
        ("GlobalTableWitnessUpdates", request.global_table_witness_updates.is_some()),
        ("VectorIndexUpdates", request.vector_index_updates.is_some()),
    ] {
        if given {
            return Err(DynamoDbError::NotImplemented(member.to_owned()));
        }
    }
    if request.multi_region_consistency.as_deref() == Some("STRONG") {
        return Err(DynamoDbError::NotImplemented("MultiRegionConsistency STRONG".to_owned()));
    }
    let replicas = request.replica_updates.as_deref().unwrap_or_default();
    replica_update::report_unhonoured(ctx, replicas)?;
    for (member, given) in [
        ("DisassociationProtectionEnabled", request.disassociation_protection_enabled.is_some()),
        ("SSESpecification", request.sse_specification.is_some()),
        ("WarmThroughput", request.warm_throughput.is_some()),
    ] {
        if given {
            ctx.not_honoured(member)?;
        }
    }
    Ok(())
}
