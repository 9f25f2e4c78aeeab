//! All tables of one account and region.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::activity::Activities;
use super::error::DynamoDbError;
use super::store::{DELETING, Table};
use super::streams::{Stream, StreamsError};
use crate::kernel::{Context, Hooks, WantedMetrics};
use crate::services::shared::remembered::Remembered;
use crate::wire::Timestamp;

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
    /// What CloudWatch is to learn.
    pub(super) activities: Activities,
}

/// SHA-256 of a transaction's items.
pub(super) type TransactionDigest = String;

impl Hooks for DynamoDb {
    fn publish_metrics(&mut self, ctx: &mut Context<'_>, wanted: &WantedMetrics) {
        self.publish(ctx, wanted);
    }
}

impl DynamoDb {
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

    /// Forgets the tables that were deleted and whose status has passed.
    pub(super) fn forget_deleted(&mut self, ctx: &Context<'_>) {
        self.tables.retain(|_, table| !table.is_deleted() || table.status(ctx) == DELETING);
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
/// Validation of the name; `ResourceNotFoundException` for an ARN of elsewhere.
pub(super) fn table_name<'n>(
    ctx: &Context<'_>,
    given: Option<&'n str>,
) -> Result<&'n str, DynamoDbError> {
    let given = given
        .ok_or_else(|| DynamoDbError::constraint(None, "tableName", "Member must not be null"))?;
    let name = match given.split_once(":table/") {
        Some((owner, name)) if owner.starts_with("arn:") => {
            let here = format!(":dynamodb:{}:{}", ctx.region(), ctx.account());
            if !owner.ends_with(&here) {
                return Err(DynamoDbError::NotFound);
            }
            name
        }
        _ => given,
    };
    if !(3..=255).contains(&name.len()) {
        return Err(DynamoDbError::validation(
            "TableName must be at least 3 characters long and at most 255 characters long",
        ));
    }
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
    if !name.bytes().all(allowed) {
        return Err(DynamoDbError::constraint(
            Some(name),
            "tableName",
            "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
        ));
    }
    Ok(name)
}
