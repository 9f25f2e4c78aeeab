//! ReplicaUpdates: replicas of a table in other regions are made and removed.
//!
//! Source: Developer Guide, "Global tables"; texts from users' reports.
//! Unverified: the texts about updates that name nothing, and about replicas that are not there.

use serde_json::{Value, json};

use super::error::DynamoDbError;
use super::operations::update_table::Request;
use super::regions;
use super::replication;
use super::shapes::{CreateReplicationGroupMemberAction, ReplicationGroupUpdate};
use super::state::DynamoDb;
use super::store::{CREATING, DELETING, PASSING_TIME, Replica, Table, UPDATING};
use super::streaming;
use super::streams::ViewType;
use crate::kernel::{Context, InternalCall, NodeId, Passing, Region, Scope};

/// Members that are told again and have no effect.
pub(super) const STORED: [&str; 5] = [
    "ReplicaUpdates.Create.GlobalSecondaryIndexes",
    "ReplicaUpdates.Create.KMSMasterKeyId",
    "ReplicaUpdates.Create.OnDemandThroughputOverride",
    "ReplicaUpdates.Create.ProvisionedThroughputOverride",
    "ReplicaUpdates.Update",
];

/// Reports those of them that the request has.
///
/// # Errors
/// `NotHonoured` in strict mode.
pub(super) fn report_unhonoured(
    ctx: &mut Context<'_>,
    updates: &[ReplicationGroupUpdate],
) -> Result<(), DynamoDbError> {
    for update in updates {
        let given = update.create.as_ref();
        let has = [
            given.is_some_and(|it| it.global_secondary_indexes.is_some()),
            given.is_some_and(|it| it.kms_master_key_id.is_some()),
            given.is_some_and(|it| it.on_demand_throughput_override.is_some()),
            given.is_some_and(|it| it.provisioned_throughput_override.is_some()),
            update.update.is_some(),
        ];
        for (member, _) in STORED.iter().zip(has).filter(|(_, has)| *has) {
            ctx.not_honoured(member)?;
        }
    }
    Ok(())
}

/// What is to be done, with everything checked.
pub(super) enum Plan {
    Create(Region, CreateReplicationGroupMemberAction),
    Update(Region, CreateReplicationGroupMemberAction),
    Delete(Region),
}

/// Reads the updates against the table.
///
/// # Errors
/// Validation.
pub(super) fn plan(
    ctx: &Context<'_>,
    table: &Table,
    updates: &[ReplicationGroupUpdate],
) -> Result<Vec<Plan>, DynamoDbError> {
    let mut plans = Vec::new();
    for (at, update) in updates.iter().enumerate() {
        if update.disassociate.is_some() {
            return Err(DynamoDbError::NotImplemented("ReplicaUpdates.Disassociate".to_owned()));
        }
        let member = format!("replicaUpdates.{}.member", at + 1);
        let there =
            |region: &Region| table.options.replication.living().any(|(other, _)| other == region);
        let gone = |region: Region| {
            let text = format!(
                "Update global table operation failed because one or more replicas were not part \
                 of the global table. Please retry the request without these replicas: [{region}]."
            );
            if there(&region) { Ok(region) } else { Err(DynamoDbError::Validation(text)) }
        };
        plans.push(match (&update.create, &update.update, &update.delete) {
            (Some(create), None, None) => {
                let region = region(ctx, &member, "create", create.region_name.as_deref())?;
                if there(&region) {
                    return Err(DynamoDbError::Validation(replication::already_there(&table.name)));
                }
                Plan::Create(region, create.clone())
            }
            (None, Some(update), None) => {
                let region = region(ctx, &member, "update", update.region_name.as_deref())?;
                let given = CreateReplicationGroupMemberAction {
                    global_secondary_indexes: update.global_secondary_indexes.clone(),
                    kms_master_key_id: update.kms_master_key_id.clone(),
                    on_demand_throughput_override: update.on_demand_throughput_override.clone(),
                    provisioned_throughput_override: update.provisioned_throughput_override.clone(),
                    region_name: update.region_name.clone(),
                    table_class_override: update.table_class_override.clone(),
                };
                Plan::Update(gone(region)?, given)
            }
            (None, None, Some(delete)) => {
                Plan::Delete(gone(region(ctx, &member, "delete", delete.region_name.as_deref())?)?)
            }
            (None, None, None) => {
                return Err(DynamoDbError::validation(
                    "There are no actions specified in the Replica Update Action of the request.",
                ));
            }
            _ => {
                return Err(DynamoDbError::validation(
                    "Update table operation with more than one type of replica actions not \
                     allowed.",
                ));
            }
        });
    }
    // Auto scaling is another service's, and not here.
    let creates = plans.iter().any(|plan| matches!(plan, Plan::Create(..)));
    if creates && !table.settings.pay_per_request {
        return Err(DynamoDbError::validation(
            "Table write capacity should either be Pay-Per-Request or AutoScaled.",
        ));
    }
    check_stream(table, &plans)?;
    Ok(plans)
}

fn region(
    ctx: &Context<'_>,
    member: &str,
    action: &str,
    name: Option<&str>,
) -> Result<Region, DynamoDbError> {
    let member = format!("{member}.{action}.regionName");
    let name =
        name.ok_or_else(|| DynamoDbError::constraint(None, &member, "Member must not be null"))?;
    let region = Region(name.into());
    if region == ctx.scope().region {
        return Err(DynamoDbError::validation(
            "Cannot add, delete, or update the local region through ReplicaUpdates. Use \
             CreateTable, DeleteTable, or UpdateTable as required.",
        ));
    }
    // Unverified: the text.
    if !regions::exists(name) || region.partition() != ctx.scope().region.partition() {
        return Err(DynamoDbError::invalid(format!("Region {name} is not supported")));
    }
    Ok(region)
}

fn check_stream(table: &Table, plans: &[Plan]) -> Result<(), DynamoDbError> {
    let creates = plans.iter().any(|plan| matches!(plan, Plan::Create(..)));
    match &table.stream {
        Some(stream) if creates && stream.view != ViewType::NewAndOldImages => {
            Err(DynamoDbError::invalid(
                "Table must have a stream with the view type NEW_AND_OLD_IMAGES to have replicas",
            ))
        }
        _ => Ok(()),
    }
}

/// Does it. The table exists.
pub(super) fn carry_out(ctx: &mut Context<'_>, db: &mut DynamoDb, name: &str, plans: Vec<Plan>) {
    for plan in plans {
        let Some(table) = db.tables.get_mut(name) else { return };
        match plan {
            Plan::Create(region, given) => {
                if table.stream.is_none() {
                    // What replicas are told comes from the stream, on AWS.
                    let view = ViewType::NewAndOldImages;
                    streaming::open(ctx.now(), table, &db.closed_streams, view);
                }
                let passing = Some(Passing::begin(ctx, CREATING, PASSING_TIME));
                let replica = Replica { given, passing, ..Replica::default() };
                let replication = &mut table.options.replication;
                replication.counts_versions = true;
                replication.source_at = Some(ctx.now());
                replication.replicas.insert(region.clone(), replica.clone());
                replication::create(ctx, table, &region, &replica);
            }
            Plan::Update(region, given) => {
                let passing = Some(Passing::begin(ctx, UPDATING, PASSING_TIME));
                if let Some(replica) = table.options.replication.replicas.get_mut(&region) {
                    replica.given = given;
                    replica.passing = passing;
                }
            }
            Plan::Delete(region) => {
                let passing = Some(Passing::begin(ctx, DELETING, PASSING_TIME));
                let failed = match table.options.replication.replicas.get_mut(&region) {
                    Some(replica) => {
                        replica.passing = passing;
                        replica.failed.is_some()
                    }
                    None => true,
                };
                // Where it could not be made, there is a table of somebody else's.
                if !failed {
                    replication::remove(ctx, table, &region);
                }
            }
        }
    }
}

/// Lets the replicas have what all of them have in common: capacity mode, write capacity, indexes.
pub(super) fn share(ctx: &mut Context<'_>, table: &Table, request: &Request) {
    let shared = Request {
        attribute_definitions: request.attribute_definitions.clone(),
        billing_mode: request.billing_mode.clone(),
        global_secondary_index_updates: request.global_secondary_index_updates.clone(),
        on_demand_throughput: request.on_demand_throughput.clone(),
        provisioned_throughput: request.provisioned_throughput.clone(),
        table_name: Some(table.name.clone()),
        ..Request::default()
    };
    let changes = shared.billing_mode.is_some()
        || shared.global_secondary_index_updates.is_some()
        || shared.on_demand_throughput.is_some()
        || shared.provisioned_throughput.is_some();
    if changes {
        call_replicas(ctx, table, "UpdateTable", json!(shared));
    }
}

/// Calls an operation at every replica, unless a replica called this one.
pub(super) fn call_replicas(ctx: &mut Context<'_>, table: &Table, operation: &str, input: Value) {
    if ctx.caller().is_some_and(|caller| caller.principal == Some(replication::PRINCIPAL)) {
        return;
    }
    let token = "replicas".into();
    for region in table.options.replication.ready() {
        let scope = Scope { region: region.clone(), ..ctx.scope().clone() };
        let call = InternalCall {
            service: "dynamodb".to_owned(),
            operation: operation.to_owned(),
            input: input.clone(),
            principal: replication::PRINCIPAL,
            scope,
            cause: NodeId::NONE,
            hops: 0,
            answer_to: ctx.return_address(&token),
        };
        ctx.call_with(call);
    }
}
