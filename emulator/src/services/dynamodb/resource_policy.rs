//! Resource policies of tables and streams: kept and told. They permit and forbid nothing here.
//!
//! Source: API reference "PutResourcePolicy". Unverified: the texts.

use super::error::DynamoDbError;
use super::store::ResourcePolicy;
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
        return Err(DynamoDbError::LimitExceeded(format!(
            "Resource policy exceeds the size limit of {POLICY_BYTES_MAX} bytes"
        )));
    }
    match serde_json::from_str(text) {
        Ok(serde_json::Value::Object(_)) => Ok(()),
        _ => Err(DynamoDbError::validation("Invalid policy document: not a valid JSON object")),
    }
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
