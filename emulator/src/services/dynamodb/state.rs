//! All tables of one account and region.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::activity::{Activities, UserErrors};
use super::backup::Backup;
use super::error::DynamoDbError;
use super::item_write::missing;
use super::replication;
use super::store::{DELETING, Table};
use super::streams::{Stream, StreamsError};
use super::throttling;
use super::time_to_live;
use super::validation::{self, Constraints};
use crate::kernel::{
    Answered, Arn, CallId, Context, Delivery, DeliveryError, Hooks, RefusedRequest, SlowedRequest,
    Topology, WantedMetrics,
};
use crate::services::shared::remembered::Remembered;
use crate::wire::{Timestamp, WireError};

/// How long a ClientRequestToken is remembered.
pub(super) const TOKEN_LIFETIME: Duration = Duration::from_secs(600);

/// DynamoDB in one account and region.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct DynamoDb {
    pub(super) tables: BTreeMap<String, Table>,
    /// Streams that were disabled, or whose table was deleted, by ARN.
    pub(super) closed_streams: BTreeMap<String, Stream>,
    /// Transactions of the last ten minutes by their token.
    pub(super) tokens: Remembered<String, TransactionDigest>,
    /// Backups by ARN, also those whose table is gone.
    #[serde(default)]
    pub(super) backups: BTreeMap<String, Backup>,
    /// The ARN of the key that AWS manages, once a table is encrypted with it.
    #[serde(default)]
    pub(super) managed_key: Option<String>,
    /// What CloudWatch is to learn.
    pub(super) activities: Activities,
    #[serde(default)]
    pub(super) user_errors: UserErrors,
}

/// SHA-256 of a transaction's items.
pub(super) type TransactionDigest = String;

impl Hooks for DynamoDb {
    fn map(&self, _now: Timestamp, topology: &mut Topology) {
        self.told(topology);
    }

    fn on_timer(&mut self, ctx: &mut Context<'_>, key: &Arc<str>) {
        time_to_live::sweep(ctx, self, key);
    }

    fn on_client_gone(&mut self, call: CallId, key: &str) {
        let open = self.tables.values_mut().filter_map(|table| table.stream.as_mut());
        if let Some(stream) = open.into_iter().find(|stream| stream.arn == key) {
            stream.hang_up(call);
        }
    }

    fn deliver(
        &mut self,
        ctx: &mut Context<'_>,
        to: &Arn,
        delivery: &Delivery,
    ) -> Result<(), DeliveryError> {
        replication::take_in(ctx, self, to, delivery)
    }

    fn on_taken(&mut self, ctx: &mut Context<'_>, delivery: &Delivery, _: &Answered) {
        replication::taken(ctx, self, delivery);
    }

    fn on_given_up(&mut self, ctx: &mut Context<'_>, delivery: &Delivery) {
        replication::given_up(ctx, self, delivery);
    }

    fn on_refused(&mut self, ctx: &mut Context<'_>, refused: &RefusedRequest<'_>) {
        self.count_refused(ctx, refused);
    }

    fn slow_down(&self, _: &Context<'_>, slowed: &SlowedRequest<'_>) -> Option<WireError> {
        throttling::slowed(self, slowed)
    }

    fn publish_metrics(&mut self, ctx: &mut Context<'_>, wanted: &WantedMetrics) {
        self.publish(ctx, wanted);
    }
}

impl DynamoDb {
    /// Each table with the number of its items, by name.
    pub fn sizes(&self) -> impl Iterator<Item = (String, usize)> {
        self.tables.iter().map(|(name, table)| (name.clone(), table.view.count))
    }

    /// The table that a request names by name or ARN.
    ///
    /// # Errors
    /// Validation of the name; `ResourceNotFoundException`.
    pub(super) fn table(
        &self,
        ctx: &Context<'_>,
        name: Option<&str>,
    ) -> Result<&Table, DynamoDbError> {
        let name = table_name(ctx, name)?;
        let table = self.tables.get(name).filter(|table| table.is_usable(ctx));
        table.ok_or(DynamoDbError::NotFound)
    }

    /// Forgets the tables and indexes that were deleted and whose status has passed, and backups
    /// that are too old.
    pub(super) fn forget_deleted(&mut self, ctx: &Context<'_>) {
        self.tables.retain(|_, table| !table.is_deleted() || table.status(ctx) == DELETING);
        for table in self.tables.values_mut() {
            table.forget_deleted_indexes(ctx);
            table.options.replication.forget_deleted(ctx);
        }
        self.backups.retain(|_, backup| backup.expires.is_none_or(|at| ctx.now() < at));
    }

    /// The table that a request to change or to describe it names.
    ///
    /// # Errors
    /// Validation of the name; `ResourceNotFoundException` with the table's name.
    pub(super) fn described(
        &mut self,
        ctx: &Context<'_>,
        name: Option<&str>,
    ) -> Result<&mut Table, DynamoDbError> {
        let name = table_name(ctx, name)?;
        self.forget_deleted(ctx);
        self.tables.get_mut(name).ok_or_else(|| DynamoDbError::TableNotFound(name.to_owned()))
    }

    /// The table or index that a ResourceArn names: the table.
    ///
    /// # Errors
    /// Validation of the ARN; `ResourceNotFoundException`.
    pub(super) fn resource(
        &mut self,
        ctx: &Context<'_>,
        arn: Option<&str>,
    ) -> Result<&mut Table, DynamoDbError> {
        let arn = arn.ok_or_else(|| missing("resourceArn"))?;
        let missing = || {
            DynamoDbError::ResourceNotFound(format!(
                "Requested resource not found: ResourceArn: {arn} not found"
            ))
        };
        if !arn.starts_with("arn:") {
            return Err(DynamoDbError::invalid(format!("ARNs must start with 'arn:': {arn}")));
        }
        let Some((_, table)) = arn.split_once(":table/") else {
            return Err(DynamoDbError::invalid(format!(
                "Provided Arn is not a DynamoDB resource arn: {arn}"
            )));
        };
        if table.contains("/index/") {
            return Err(DynamoDbError::invalid(format!(
                "Invalid resource arn provided, only table or stream is accepted. Provided \
                 resource arn: {arn}"
            )));
        }
        check_owner(ctx, arn)?;
        self.forget_deleted(ctx);
        let name = table.split('/').next().unwrap_or_default();
        let table = self.tables.get_mut(name).filter(|table| {
            arn.strip_prefix(&table.arn)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        });
        table.ok_or_else(missing)
    }

    /// Every stream that can be read at `now`.
    pub(super) fn streams(&mut self, now: Timestamp) -> impl Iterator<Item = &mut Stream> {
        self.closed_streams.retain(|_, stream| !stream.is_gone(now));
        let open = self.tables.values_mut().filter_map(|table| table.stream.as_mut());
        open.chain(self.closed_streams.values_mut())
    }

    /// The stream with this ARN, without records that are too old.
    pub(super) fn stream(
        &mut self,
        now: Timestamp,
        arn: &str,
    ) -> Result<&mut Stream, StreamsError> {
        let found = self.streams(now).find(|stream| stream.arn == arn);
        let stream = found.ok_or_else(|| StreamsError::StreamNotFound(arn.to_owned()))?;
        stream.trim(now);
        Ok(stream)
    }

    /// The same, for writing.
    pub(super) fn table_mut(
        &mut self,
        ctx: &Context<'_>,
        name: Option<&str>,
    ) -> Result<&mut Table, DynamoDbError> {
        let name = table_name(ctx, name)?;
        let table = self.tables.get_mut(name).filter(|table| table.is_usable(ctx));
        table.ok_or(DynamoDbError::NotFound)
    }
}

/// The name in a `TableName`, which may be an ARN.
///
/// # Errors
/// Validation of the name; those of [`check_owner`] for an ARN of elsewhere.
pub(super) fn table_name<'n>(
    ctx: &Context<'_>,
    given: Option<&'n str>,
) -> Result<&'n str, DynamoDbError> {
    let given = given
        .ok_or_else(|| DynamoDbError::constraint(None, "tableName", "Member must not be null"))?;
    let name = match given.split_once(":table/") {
        Some((owner, name)) if owner.starts_with("arn:") => {
            check_owner(ctx, given)?;
            if !owner.contains(":dynamodb:") {
                return Err(DynamoDbError::NotFound);
            }
            name
        }
        _ => given,
    };
    let mut check = Constraints::default();
    validation::table_name(&mut check, "tableName", name);
    check.done()?;
    Ok(name)
}

/// Refuses what is another account's, or another region's.
///
/// # Errors
/// `AccessDeniedException`, as no resource policy has an effect; validation of the region.
fn check_owner(ctx: &Context<'_>, arn: &str) -> Result<(), DynamoDbError> {
    let mut parts = arn.split(':').skip(3);
    let (region, account) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    if region != ctx.region() {
        return Err(DynamoDbError::ForeignRegion(arn.to_owned()));
    }
    if account != ctx.account() {
        return Err(DynamoDbError::AccessDenied {
            caller: ctx.caller_arn(),
            action: ctx.action().to_owned(),
            arn: arn.to_owned(),
        });
    }
    Ok(())
}
