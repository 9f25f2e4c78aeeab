//! SSESpecification: with which key of KMS a table is encrypted. Nothing is encrypted here.

use super::error::DynamoDbError;
use super::shapes::SseSpecification;
use super::state::DynamoDb;
use super::store::Encryption;
use crate::kernel::{Context, Passing};

/// What a table is encrypted with from now on; `None` is AWS's own key, of which nothing is told.
///
/// # Errors
/// Validation of the type, or of a key without encryption.
pub(super) fn read(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    given: &SseSpecification,
    passing: Option<Passing>,
) -> Result<Option<Encryption>, DynamoDbError> {
    match given.sse_type.as_deref() {
        None | Some("KMS") => {}
        Some("AES256") => {
            return Err(DynamoDbError::invalid("SSEType AES256 is not supported"));
        }
        Some(other) => {
            return Err(DynamoDbError::constraint(
                Some(other),
                "sSESpecification.sSEType",
                "Member must satisfy enum value set: [AES256, KMS]",
            ));
        }
    }
    if given.enabled != Some(true) {
        if given.kms_master_key_id.is_some() {
            return Err(DynamoDbError::invalid(
                "KMSMasterKeyId cannot be provided if server-side encryption is disabled",
            ));
        }
        return Ok(None);
    }
    let key = match given.kms_master_key_id.as_deref() {
        None | Some("alias/aws/dynamodb") => managed_key(ctx, db),
        Some(arn) if arn.starts_with("arn:") => arn.to_owned(),
        Some(alias) if alias.starts_with("alias/") => key_arn(ctx, alias),
        Some(id) => key_arn(ctx, &format!("key/{id}")),
    };
    Ok(Some(Encryption { key, passing }))
}

/// The key that AWS makes for DynamoDB in each account and region where it is first needed.
fn managed_key(ctx: &mut Context<'_>, db: &mut DynamoDb) -> String {
    if let Some(key) = &db.managed_key {
        return key.clone();
    }
    let id = ctx.ids().uuid();
    let key = key_arn(ctx, &format!("key/{id}"));
    db.managed_key = Some(key.clone());
    key
}

fn key_arn(ctx: &Context<'_>, resource: &str) -> String {
    ctx.scope().arn("kms", resource).to_string()
}
