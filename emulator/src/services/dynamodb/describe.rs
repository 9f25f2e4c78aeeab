//! A table as CreateTable, DescribeTable and DeleteTable tell it.

use super::shapes::{
    BillingModeSummary, GlobalSecondaryIndexDescription,
    GlobalSecondaryIndexWarmThroughputDescription, KeySchemaElement,
    LocalSecondaryIndexDescription, ReplicaDescription, ReplicaGlobalSecondaryIndexDescription,
    RestoreSummary, SseDescription, StreamSpecification, TableClassSummary, TableDescription,
};
use super::store::{CREATING, IndexKind, KeySchema, SecondaryIndex, Table, UPDATING};
use super::throughput;
use super::warm_throughput;
use crate::kernel::Context;

/// How the table is paid for: shown once it has been by request.
///
/// Unverified: that it stays when the table is provisioned again.
fn billing(table: &Table) -> Option<BillingModeSummary> {
    let changed = table.options.throughput_changes.to_pay_per_request;
    let (mode, since) = match (table.settings.pay_per_request, changed) {
        (true, changed) => ("PAY_PER_REQUEST", changed.unwrap_or(table.created)),
        (false, Some(changed)) => ("PROVISIONED", changed),
        (false, None) => return None,
    };
    Some(BillingModeSummary {
        billing_mode: Some(mode.to_owned()),
        last_update_to_pay_per_request_date_time: Some(since),
    })
}

/// The table's description.
pub(super) fn describe(ctx: &Context<'_>, table: &Table) -> TableDescription {
    let (settings, status) = (&table.settings, table.status(ctx));
    let options = &table.options;
    let replicas = replicas(ctx, table);
    let is_restored_now = options.restored.is_some() && status == CREATING;
    // A table that is restored has nothing before it is there.
    let held = |count: usize| i64::try_from(if is_restored_now { 0 } else { count }).ok();
    let (arn, label) = table.latest_stream.clone().unzip();
    TableDescription {
        attribute_definitions: Some(table.definitions.clone()),
        billing_mode_summary: billing(table),
        creation_date_time: Some(table.created),
        deletion_protection_enabled: Some(settings.deletion_protection),
        global_secondary_indexes: descriptions(table, IndexKind::Global, |index| {
            global(ctx, table, index)
        }),
        item_count: held(table.view.count),
        key_schema: Some(key_schema(&table.schema)),
        latest_stream_arn: arn,
        latest_stream_label: label,
        local_secondary_indexes: descriptions(table, IndexKind::Local, |index| local(table, index)),
        on_demand_throughput: settings.on_demand.clone(),
        provisioned_throughput: Some(throughput::describe(
            ctx,
            &options.throughput_changes,
            settings.throughput.as_ref(),
            status == UPDATING,
        )),
        global_table_version: replicas.is_some().then(|| "2019.11.21".to_owned()),
        replicas,
        restore_summary: options.restored.clone().map(|summary| RestoreSummary {
            restore_in_progress: Some(is_restored_now),
            ..summary
        }),
        sse_description: encryption(ctx, table),
        stream_specification: table.stream.as_ref().map(|stream| StreamSpecification {
            stream_enabled: Some(true),
            stream_view_type: Some(stream.view.as_str().to_owned()),
        }),
        table_arn: Some(table.arn.clone()),
        table_class_summary: settings.table_class.clone().map(|class| TableClassSummary {
            table_class: Some(class),
            last_update_date_time: options.class_changes.last().copied(),
        }),
        table_id: Some(table.id.clone()),
        table_name: Some(table.name.clone()),
        table_size_bytes: held(table.view.bytes),
        table_status: Some(status.to_owned()),
        warm_throughput: Some(warm_throughput::describe(
            settings.pay_per_request,
            options.warm.as_ref(),
            settings.throughput.as_ref(),
        )),
        ..TableDescription::default()
    }
}

/// The replicas in other regions, if there are any.
fn replicas(ctx: &Context<'_>, table: &Table) -> Option<Vec<ReplicaDescription>> {
    let replicas = table.options.replication.replicas.iter().map(|(region, replica)| {
        let given = replica.given.clone();
        let indexes = given.global_secondary_indexes.into_iter().flatten().map(|index| {
            ReplicaGlobalSecondaryIndexDescription {
                index_name: index.index_name,
                on_demand_throughput_override: index.on_demand_throughput_override,
                provisioned_throughput_override: index.provisioned_throughput_override,
                warm_throughput: None,
            }
        });
        let indexes: Vec<_> = indexes.collect();
        ReplicaDescription {
            global_secondary_indexes: (!indexes.is_empty()).then_some(indexes),
            kms_master_key_id: given.kms_master_key_id,
            on_demand_throughput_override: given.on_demand_throughput_override,
            provisioned_throughput_override: given.provisioned_throughput_override,
            region_name: Some(region.to_string()),
            replica_status: Some(replica.status(ctx).to_owned()),
            replica_status_description: replica.failed.clone(),
            replica_table_class_summary: given.table_class_override.map(|class| {
                TableClassSummary { table_class: Some(class), last_update_date_time: None }
            }),
            ..ReplicaDescription::default()
        }
    });
    let replicas: Vec<_> = replicas.collect();
    (!replicas.is_empty()).then_some(replicas)
}

/// What DeleteTable tells: what the table was made of is gone.
pub(super) fn describe_deleted(ctx: &Context<'_>, table: &Table) -> TableDescription {
    let whole = describe(ctx, table);
    TableDescription {
        billing_mode_summary: whole.billing_mode_summary,
        deletion_protection_enabled: whole.deletion_protection_enabled,
        item_count: whole.item_count,
        provisioned_throughput: whole.provisioned_throughput,
        table_arn: whole.table_arn,
        table_id: whole.table_id,
        table_name: whole.table_name,
        table_size_bytes: whole.table_size_bytes,
        table_status: whole.table_status,
        ..TableDescription::default()
    }
}

/// With which key of KMS the table is encrypted, if it is one.
pub(super) fn encryption(ctx: &Context<'_>, table: &Table) -> Option<SseDescription> {
    let encryption = table.options.encryption.as_ref()?;
    let passing = encryption.passing.as_ref().filter(|it| it.lasts(ctx));
    Some(SseDescription {
        inaccessible_encryption_date_time: None,
        kms_master_key_arn: Some(encryption.key.clone()),
        sse_type: Some("KMS".to_owned()),
        status: Some(passing.map_or("ENABLED", |it| &*it.status).to_owned()),
    })
}

fn descriptions<T>(
    table: &Table,
    kind: IndexKind,
    describe: impl Fn(&SecondaryIndex) -> T,
) -> Option<Vec<T>> {
    let of_kind = table.indexes.values().filter(|index| index.kind == kind);
    let list: Vec<T> = of_kind.map(describe).collect();
    (!list.is_empty()).then_some(list)
}

/// An index of a new table is made with it.
fn global(
    ctx: &Context<'_>,
    table: &Table,
    index: &SecondaryIndex,
) -> GlobalSecondaryIndexDescription {
    let of_table = table.status(ctx);
    let status = if of_table == CREATING { CREATING } else { index.status(ctx) };
    // While the table is still being updated, nothing is put into the new index yet.
    let is_new = status == CREATING && of_table != CREATING;
    GlobalSecondaryIndexDescription {
        backfilling: is_new.then_some(of_table != UPDATING),
        index_arn: Some(format!("{}/index/{}", table.arn, index.name)),
        index_name: Some(index.name.clone()),
        index_size_bytes: i64::try_from(index.view.bytes).ok(),
        index_status: Some(status.to_owned()),
        item_count: i64::try_from(index.view.count).ok(),
        key_schema: Some(key_schema(&index.schema)),
        on_demand_throughput: index.on_demand.clone(),
        projection: Some(index.wire_projection()),
        provisioned_throughput: Some(throughput::describe(
            ctx,
            &index.changes,
            index.throughput.as_ref(),
            status == UPDATING,
        )),
        warm_throughput: Some({
            let (given, provisioned) = (index.warm.as_ref(), index.throughput.as_ref());
            let pay_per_request = table.settings.pay_per_request;
            let warm = warm_throughput::describe(pay_per_request, given, provisioned);
            GlobalSecondaryIndexWarmThroughputDescription {
                read_units_per_second: warm.read_units_per_second,
                status: warm.status,
                write_units_per_second: warm.write_units_per_second,
            }
        }),
    }
}

fn local(table: &Table, index: &SecondaryIndex) -> LocalSecondaryIndexDescription {
    LocalSecondaryIndexDescription {
        index_arn: Some(format!("{}/index/{}", table.arn, index.name)),
        index_name: Some(index.name.clone()),
        index_size_bytes: i64::try_from(index.view.bytes).ok(),
        item_count: i64::try_from(index.view.count).ok(),
        key_schema: Some(key_schema(&index.schema)),
        projection: Some(index.wire_projection()),
    }
}

pub(super) fn key_schema(schema: &KeySchema) -> Vec<KeySchemaElement> {
    let partitions = schema.partitions().map(|attribute| (attribute, "HASH"));
    partitions
        .chain(schema.sorts().map(|attribute| (attribute, "RANGE")))
        .map(|(attribute, role)| KeySchemaElement {
            attribute_name: Some(attribute.name.clone()),
            key_type: Some(role.to_owned()),
        })
        .collect()
}
