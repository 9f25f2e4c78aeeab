//! A table as CreateTable, DescribeTable and DeleteTable tell it.

use super::shapes::{
    BillingModeSummary, GlobalSecondaryIndexDescription, KeySchemaElement,
    LocalSecondaryIndexDescription, ProvisionedThroughput, ProvisionedThroughputDescription,
    StreamSpecification, TableClassSummary, TableDescription,
};
use super::store::{CREATING, IndexKind, KeySchema, SecondaryIndex, Table};

/// The table's description with this status.
pub(super) fn describe(table: &Table, status: &str) -> TableDescription {
    let settings = &table.settings;
    let (arn, label) = table.latest_stream.clone().unzip();
    TableDescription {
        attribute_definitions: Some(table.definitions.clone()),
        billing_mode_summary: settings.pay_per_request.then(|| BillingModeSummary {
            billing_mode: Some("PAY_PER_REQUEST".to_owned()),
            last_update_to_pay_per_request_date_time: Some(table.created),
        }),
        creation_date_time: Some(table.created),
        deletion_protection_enabled: Some(settings.deletion_protection),
        global_secondary_indexes: descriptions(table, IndexKind::Global, |index| {
            global(table, index, status)
        }),
        item_count: i64::try_from(table.view.count).ok(),
        key_schema: Some(key_schema(&table.schema)),
        latest_stream_arn: arn,
        latest_stream_label: label,
        local_secondary_indexes: descriptions(table, IndexKind::Local, |index| local(table, index)),
        on_demand_throughput: settings.on_demand.clone(),
        provisioned_throughput: Some(throughput(settings.throughput.as_ref())),
        stream_specification: table.stream.as_ref().map(|stream| StreamSpecification {
            stream_enabled: Some(true),
            stream_view_type: Some(stream.view.as_str().to_owned()),
        }),
        table_arn: Some(table.arn.clone()),
        table_class_summary: settings.table_class.clone().map(|class| TableClassSummary {
            table_class: Some(class),
            last_update_date_time: None,
        }),
        table_id: Some(table.id.clone()),
        table_name: Some(table.name.clone()),
        table_size_bytes: i64::try_from(table.view.bytes).ok(),
        table_status: Some(status.to_owned()),
        ..TableDescription::default()
    }
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
fn global(table: &Table, index: &SecondaryIndex, status: &str) -> GlobalSecondaryIndexDescription {
    let status = if status == CREATING { CREATING } else { "ACTIVE" };
    GlobalSecondaryIndexDescription {
        index_arn: Some(format!("{}/index/{}", table.arn, index.name)),
        index_name: Some(index.name.clone()),
        index_size_bytes: i64::try_from(index.view.bytes).ok(),
        index_status: Some(status.to_owned()),
        item_count: i64::try_from(index.view.count).ok(),
        key_schema: Some(key_schema(&index.schema)),
        on_demand_throughput: index.on_demand.clone(),
        projection: Some(index.wire_projection()),
        provisioned_throughput: Some(throughput(index.throughput.as_ref())),
        ..GlobalSecondaryIndexDescription::default()
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
    let roles = schema.attributes().zip(["HASH", "RANGE"]);
    roles
        .map(|(attribute, role)| KeySchemaElement {
            attribute_name: Some(attribute.name.clone()),
            key_type: Some(role.to_owned()),
        })
        .collect()
}

fn throughput(given: Option<&ProvisionedThroughput>) -> ProvisionedThroughputDescription {
    ProvisionedThroughputDescription {
        number_of_decreases_today: Some(0),
        read_capacity_units: Some(given.and_then(|units| units.read_capacity_units).unwrap_or(0)),
        write_capacity_units: Some(given.and_then(|units| units.write_capacity_units).unwrap_or(0)),
        ..ProvisionedThroughputDescription::default()
    }
}
