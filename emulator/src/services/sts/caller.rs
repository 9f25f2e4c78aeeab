//! What somebody may ask of STS, by the credentials that they call with.

use super::error::StsError;
use crate::kernel::{Context, Session, SessionKind};

/// Refuses a caller whose credentials are temporary.
///
/// # Errors
/// `AccessDenied`. Source: answers of GetSessionToken and GetFederationToken as users report them.
pub(super) fn refuse_sessions(ctx: &Context<'_>, operation: &str) -> Result<(), StsError> {
    match ctx.session() {
        Some(_) => Err(denied(operation)),
        None => Ok(()),
    }
}

/// Refuses a caller whose session is of one of these kinds, and hands out the session of others.
///
/// # Errors
/// `AccessDenied`. Source: API references "GetFederationToken" and "GetSessionToken", Permissions:
/// which operations of STS their credentials may call. Unverified: the text.
pub(super) fn session_but<'a>(
    ctx: &Context<'a>,
    operation: &str,
    refused: &[SessionKind],
) -> Result<Option<&'a Session>, StsError> {
    match ctx.session() {
        Some(session) if refused.contains(&session.kind) => Err(denied(operation)),
        session => Ok(session),
    }
}

fn denied(operation: &str) -> StsError {
    StsError::AccessDenied(format!("Cannot call {operation} with session credentials"))
}
