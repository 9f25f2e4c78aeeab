//! The checks of UpdateTable, and what it makes of a table's settings.

use super::error::DynamoDbError;
use super::model;
use super::model_inputs;
use super::operations::update_table::Request;
use super::replica_update;
use super::settings::{billing_mode, check_class, check_on_demand, check_quota, check_throughput};
use super::shapes::{OnDemandThroughput, WarmThroughput};
use super::store::{PASSING_TIME, Table, TableSettings, UPDATING};
use super::streams::ViewType;
use super::throughput;
use super::warm_throughput;
use crate::kernel::{Context, Passing};

/// What AWS checks before it looks at the table.
pub(super) fn check(request: &Request) -> Result<(), DynamoDbError> {
    model::check(model_inputs::UPDATE_TABLE, request)?;
    check_class(request.table_class.as_deref())?;
    let given = Given::of(request);
    if given.is_empty() {
        return Err(DynamoDbError::validation(
            "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, \
             GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, \
             MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, \
             DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is \
             required",
        ));
    }
    given.check()
}

/// Which changes a request asks for.
struct Given {
    billing: bool,
    throughput: bool,
    on_demand: bool,
    stream: bool,
    /// Indexes are made or go.
    index: bool,
    /// Indexes change.
    index_update: bool,
    encryption: bool,
    class: bool,
    protection: bool,
    warm: bool,
    replicas: bool,
    /// What has no effect here, or is refused.
    more: bool,
}

impl Given {
    fn of(request: &Request) -> Self {
        let updates = request.global_secondary_index_updates.as_deref().unwrap_or_default();
        let made = updates.iter().any(|it| it.create.is_some() || it.delete.is_some());
        Self {
            billing: request.billing_mode.is_some(),
            throughput: request.provisioned_throughput.is_some(),
            on_demand: request.on_demand_throughput.is_some(),
            stream: request.stream_specification.is_some(),
            index: made,
            index_update: request.global_secondary_index_updates.is_some() && !made,
            encryption: request.sse_specification.is_some(),
            class: request.table_class.is_some(),
            protection: request.deletion_protection_enabled.is_some(),
            warm: request.warm_throughput.is_some(),
            replicas: request.replica_updates.is_some(),
            more: request.disassociation_protection_enabled.is_some()
                || request.multi_region_consistency.is_some()
                || request.vector_index_updates.is_some(),
        }
    }

    fn count(&self) -> usize {
        let all = [
            self.billing,
            self.throughput,
            self.on_demand,
            self.stream,
            self.index,
            self.index_update,
            self.encryption,
            self.class,
            self.protection,
            self.warm,
            self.replicas,
        ];
        all.into_iter().filter(|given| *given).count()
    }

    fn is_empty(&self) -> bool {
        self.count() == 0 && !self.more
    }

    /// Whether the table is UPDATING for a while; of the others AWS says that it is ACTIVE.
    fn takes_time(&self) -> bool {
        self.billing
            || self.throughput
            || self.stream
            || self.index
            || self.encryption
            || self.class
            || self.replicas
    }

    /// # Errors
    /// Validation: changes that AWS does not make together.
    fn check(&self) -> Result<(), DynamoDbError> {
        let several = self.count() > 1;
        let what = if self.encryption && several {
            "Server-Side Encryption modification must be the only operation in the request"
        } else if self.class && several {
            "TableClass modification must be the only operation in the request"
        } else if self.protection && several {
            "DeletionProtection modification must be the only operation in the request"
        } else if self.warm && several {
            "WarmThroughput must be the only operation in the request"
        } else if self.replicas && several {
            "Replica modification must be the only operation in the request"
        } else if self.on_demand && self.count() > 1 + usize::from(self.billing) {
            "OnDemandThroughput can only be combined with BillingMode in an UpdateTable request"
        } else if self.stream && self.throughput {
            "You cannot modify stream status while updating table IOPS"
        } else if self.index && self.throughput {
            "You cannot create or delete index while updating table IOPS"
        } else if self.index && self.stream {
            "You cannot create or delete index while changing stream status"
        } else {
            return Ok(());
        };
        Err(DynamoDbError::invalid(what))
    }
}

/// Refuses to change a table that is not ready for it. Its protection may change meanwhile.
///
/// # Errors
/// `ResourceInUseException`. Source: AWS's answers of October 2026, in users' reports.
pub(super) fn check_ready(
    ctx: &Context<'_>,
    table: &Table,
    request: &Request,
) -> Result<(), DynamoDbError> {
    let given = Given::of(request);
    let is_updating = table.status(ctx) == UPDATING;
    if is_updating && given.protection && given.count() == 1 {
        return Ok(());
    }
    let changes_capacity = table.options.throughput_changes.before.is_some();
    if is_updating && changes_capacity && (given.throughput || given.billing) {
        return Err(DynamoDbError::InUse(format!(
            "Attempt to change a resource which is still in use: Table IOPS are currently being \
             updated. Table: {}",
            table.name
        )));
    }
    table.check_not_busy(ctx)
}

/// The state in which the table is for a while, if it is.
pub(super) fn passing(ctx: &Context<'_>, request: &Request) -> Option<Passing> {
    Given::of(request).takes_time().then(|| Passing::begin(ctx, UPDATING, PASSING_TIME))
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
        (true, None, Some(_)) if table.options.replication.living().next().is_some() => {
            return Err(DynamoDbError::invalid(
                "Disabling Stream is not allowed for a Global Table replica.",
            ));
        }
        _ => return Ok(()),
    };
    Err(DynamoDbError::Validation(text))
}

/// The table's settings with what the request gives.
pub(super) fn changed(
    ctx: &Context<'_>,
    table: &Table,
    request: &Request,
) -> Result<TableSettings, DynamoDbError> {
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
        let changes = &table.options.throughput_changes;
        throughput::check_decrease(ctx, changes, table.settings.throughput.as_ref(), given)?;
        new.throughput = Some(given.clone());
    }
    if !new.pay_per_request && new.throughput.is_none() {
        return Err(DynamoDbError::invalid(
            "ProvisionedThroughput must be specified when BillingMode is PROVISIONED",
        ));
    }
    check_throughput(new.pay_per_request, new.throughput.as_ref())?;
    check_on_demand(new.pay_per_request, "table", request.on_demand_throughput.as_ref())?;
    check_quota(ctx, request.provisioned_throughput.as_ref())?;
    if let Some(given) = &request.on_demand_throughput {
        new.on_demand = merged(new.on_demand.take(), given);
    } else if new.pay_per_request != table.settings.pay_per_request {
        new.on_demand = None;
    }
    let current = warm_throughput::current(
        table.settings.pay_per_request,
        table.options.warm.as_ref(),
        table.settings.throughput.as_ref(),
    );
    warm_throughput::check("table", current, request.warm_throughput.as_ref())?;
    if new.pay_per_request && !table.settings.pay_per_request {
        throughput::check_switch(ctx, &table.options.throughput_changes.switches)?;
    }
    if let Some(protected) = request.deletion_protection_enabled {
        new.deletion_protection = protected;
    }
    if request.table_class.is_some() {
        new.table_class = request.table_class.clone();
    }
    if class(&new) != class(&table.settings) {
        throughput::check_class_change(ctx, &table.options.class_changes)?;
    }
    Ok(new)
}

fn class(settings: &TableSettings) -> &str {
    settings.table_class.as_deref().unwrap_or("STANDARD")
}

/// Puts the settings in the place of the table's, and notes what may not change too often.
pub(super) fn settle(ctx: &Context<'_>, table: &mut Table, request: &Request, new: TableSettings) {
    let (old, options) = (&table.settings, &mut table.options);
    // What was warm before stays warm, whatever is provisioned now.
    let (reads, writes) = warm_throughput::current(
        old.pay_per_request,
        options.warm.as_ref(),
        old.throughput.as_ref(),
    );
    if request.provisioned_throughput.is_some() || request.billing_mode.is_some() {
        options.warm = Some(WarmThroughput {
            read_units_per_second: Some(reads),
            write_units_per_second: Some(writes),
        });
    }
    let changes = &mut options.throughput_changes;
    if request.deletion_protection_enabled.is_none() {
        changes.before = None;
    }
    if let Some(given) = &request.provisioned_throughput {
        throughput::note_change(ctx, changes, old.throughput.as_ref(), given);
    }
    if new.pay_per_request && !old.pay_per_request {
        changes.to_pay_per_request = Some(ctx.now());
        throughput::note_switch(ctx, &mut changes.switches);
        table.indexes.values_mut().for_each(|index| index.throughput = None);
    }
    if class(&new) != class(old) {
        throughput::note_class_change(ctx, &mut options.class_changes);
    }
    table.settings = new;
}

/// The bounds on demand with those that are given; -1 clears one.
pub(super) fn merged(
    old: Option<OnDemandThroughput>,
    given: &OnDemandThroughput,
) -> Option<OnDemandThroughput> {
    let old = old.unwrap_or_default();
    let bound = |old: Option<i64>, new: Option<i64>| new.or(old).filter(|bound| *bound != -1);
    let reads = bound(old.max_read_request_units, given.max_read_request_units);
    let writes = bound(old.max_write_request_units, given.max_write_request_units);
    let new = OnDemandThroughput { max_read_request_units: reads, max_write_request_units: writes };
    (new != OnDemandThroughput::default()).then_some(new)
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
