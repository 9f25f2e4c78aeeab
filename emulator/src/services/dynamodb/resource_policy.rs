//! Resource policies of tables and streams: kept and told. They permit and forbid nothing here.
//!
//! Source: API reference "PutResourcePolicy"; texts as AWS answered in October 2026.

use super::error::DynamoDbError;
use super::state::DynamoDb;
use super::store::{ResourcePolicy, Table};
use crate::kernel::Context;
use crate::services::shared::policy::{Decision, Policy, PolicyRequest};

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

/// Refuses a policy that would keep whoever puts it from putting another.
///
/// # Errors
/// `AccessDeniedException`.
pub(super) fn check_lockout(ctx: &Context<'_>, arn: &str, text: &str) -> Result<(), DynamoDbError> {
    let (Ok(policy), Some(caller)) = (Policy::parse(text), ctx.caller()) else { return Ok(()) };
    let principal = caller.principal_name();
    let request = PolicyRequest {
        principal: &principal,
        session: caller.session.as_deref(),
        action: "dynamodb:PutResourcePolicy",
        resource: arn,
        source_arn: None,
        source_account: None,
        source_owner: None,
        own_keys: &[],
        now: ctx.now(),
    };
    match policy.evaluate(&request) {
        Decision::Denied { explicit: true, .. } => Err(DynamoDbError::PolicyLockout),
        _ => Ok(()),
    }
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
    let rest = arn.split_once(":table/").map_or(arn, |(_, rest)| rest);
    let (name, part) = rest.split_once('/').unwrap_or((rest, ""));
    let table = db.resource(ctx, Some(arn)).map_err(|error| match error {
        DynamoDbError::ResourceNotFound(_) => DynamoDbError::TableNotFound(name.to_owned()),
        DynamoDbError::AccessDenied { .. } => DynamoDbError::validation(
            "This action is only supported by accounts that match the resource owner’s account.",
        ),
        DynamoDbError::ForeignRegion(arn) => {
            DynamoDbError::invalid(format!("Invalid resource Arn: {arn}"))
        }
        other => other,
    })?;
    match part.strip_prefix("stream/") {
        None if !part.is_empty() => Err(DynamoDbError::invalid(format!(
            "Provided Arn is not a DynamoDB resource arn: {arn}"
        ))),
        Some(label) if table.latest_stream.as_ref().is_none_or(|(known, _)| known != arn) => {
            Err(DynamoDbError::ResourceNotFound(format!(
                "Requested resource not found: Stream: {label} not found for Table: {name}"
            )))
        }
        _ => Ok(table),
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
