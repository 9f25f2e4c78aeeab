//! Resource policies of tables and streams: kept and told. They permit and forbid nothing here.
//!
//! Source: API reference "PutResourcePolicy"; texts as AWS answered in October 2026. Unverified:
//! that of a policy that is not there.

use super::error::DynamoDbError;
use super::state::DynamoDb;
use super::store::{ResourcePolicy, Table};
use crate::kernel::Context;

/// Bytes of a policy.
const POLICY_BYTES_MAX: usize = 20 * 1024;

/// The name of a new state of a policy: AWS's are numbers of 13 digits.
pub(super) fn revision(ctx: &mut Context<'_>) -> String {
    let drawn = ctx.ids().next_u64() % 10_000;
    format!("{}{drawn:04}", ctx.now().millis())
}

/// # Errors
/// Validation: the text is too long, or no JSON object.
pub(super) fn check(text: &str) -> Result<(), DynamoDbError> {
    if text.len() > POLICY_BYTES_MAX {
        return Err(DynamoDbError::invalid(format!(
            "Maximum policy size of {POLICY_BYTES_MAX} bytes exceeded"
        )));
    }
    let why = match serde_json::from_str(text) {
        Ok(serde_json::Value::Object(_)) => return Ok(()),
        Ok(serde_json::Value::Null) => "This text appears not to be a policy",
        _ => "This policy contains invalid Json",
    };
    Err(DynamoDbError::invalid(format!("Invalid policy document: {why}")))
}

/// The table of a ResourceArn, which these operations tell by its name where it is missing.
///
/// # Errors
/// Validation of the ARN; `ResourceNotFoundException`.
pub(super) fn table<'d>(
    ctx: &Context<'_>,
    db: &'d mut DynamoDb,
    arn: &str,
) -> Result<&'d mut Table, DynamoDbError> {
    db.resource(ctx, Some(arn)).map_err(|error| match error {
        DynamoDbError::ResourceNotFound(_) => {
            let rest = arn.split_once(":table/").map_or(arn, |(_, rest)| rest);
            DynamoDbError::TableNotFound(rest.split('/').next().unwrap_or(rest).to_owned())
        }
        other => other,
    })
}

/// # Errors
/// `PolicyNotFoundException` when the policy is in another state than the one expected.
pub(super) fn check_revision(
    arn: &str,
    current: Option<&ResourcePolicy>,
    expected: Option<&str>,
) -> Result<(), DynamoDbError> {
    let fits = match (expected, current) {
        (None, _) | (Some("NO_POLICY"), None) => true,
        (Some(expected), Some(current)) => expected == current.revision,
        (Some(_), None) => false,
    };
    if fits { Ok(()) } else { Err(DynamoDbError::PolicyNotFound(arn.to_owned())) }
}
