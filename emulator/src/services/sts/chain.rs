//! Roles that are assumed with the credentials of another session.

use std::sync::Arc;

use super::error::StsError;
use crate::kernel::{Context, Session};

/// Source: an answer of AWS as users report it.
const CHAINED_SECONDS_MAX: i32 = 3600;

/// Whether a session that is begun with the credentials of another may last so long.
///
/// # Errors
/// `ValidationError`.
pub(super) fn check_seconds(calling: Option<&Session>, seconds: i32) -> Result<(), StsError> {
    if calling.is_some() && seconds > CHAINED_SECONDS_MAX {
        let text = "The requested DurationSeconds exceeds the 1 hour session limit for roles \
                    assumed by role chaining.";
        return Err(StsError::Validation(text.to_owned()));
    }
    Ok(())
}

/// The source identity of a new session: that of the calling session, which stays, or the wanted
/// one.
///
/// # Errors
/// `AccessDenied` where they differ. Source: IAM user guide "Monitor and control actions taken with
/// assumed roles". Unverified: the text.
pub(super) fn source_identity(
    ctx: &Context<'_>,
    wanted: Option<&str>,
    role: &str,
) -> Result<Option<Arc<str>>, StsError> {
    let source = ctx.session().and_then(|session| session.source_identity.clone());
    match (source, wanted) {
        (Some(source), Some(wanted)) if *source != *wanted => Err(StsError::AccessDenied(format!(
            "User: {} is not authorized to perform: sts:SetSourceIdentity on resource: {role}",
            ctx.caller_arn()
        ))),
        (Some(source), _) => Ok(Some(source)),
        (None, wanted) => Ok(wanted.map(Into::into)),
    }
}
