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
    let invalid = |what: &str| Err(DynamoDbError::invalid(what));
    match (given.enabled, given.sse_type.as_deref(), given.kms_master_key_id.is_some()) {
        (Some(false), Some(_), _) => {
            return invalid("SSEType can not be specified if Enabled is false");
        }
        (Some(false), _, true) => {
            return invalid("KMSMasterKeyId can not be specified if Enabled is false");
        }
        (_, Some("AES256"), _) => return invalid("SSEType AES256 is not supported"),
        (_, None, true) => {
            return invalid("SSEType KMS is required if KMSMasterKeyId is specified");
        }
        (Some(false), None, false) | (None, None, false) => return Ok(None),
        _ => {}
    }
    let key = match given.kms_master_key_id.as_deref() {
        None | Some("alias/aws/dynamodb") => managed_key(ctx, db),
        Some(arn) if arn.starts_with("arn:") => arn.to_owned(),
        Some(alias) if alias.starts_with("alias/") => key_arn(ctx, alias),
        Some(id) => key_arn(ctx, &format!("key/{id}")),
    };
    Ok(Some(Encryption { key, passing }))
}

/// The same for a table that there is.
///
/// # Errors
/// Validation, also where nothing would change.
pub(super) fn changed(
    ctx: &mut Context<'_>,
    db: &mut DynamoDb,
    name: &str,
    given: &SseSpecification,
    passing: Option<Passing>,
) -> Result<Option<Encryption>, DynamoDbError> {
    let new = read(ctx, db, given, passing)?;
    let old = db.tables.get(name).and_then(|table| table.options.encryption.as_ref());
    match (old, &new) {
        (None, None) => Err(DynamoDbError::invalid("Table is already encrypted by default")),
        // An alias, an id or no key at all are looked up, and the table is encrypted again.
        (Some(old), Some(_)) if given.kms_master_key_id.as_ref() == Some(&old.key) => {
            Err(DynamoDbError::invalid(
                "Table is already encrypted with given KMSMasterKeyId. Use KMSMasterKeyId \
                 parameter if you want to change Master Key",
            ))
        }
        _ => Ok(new),
    }
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
