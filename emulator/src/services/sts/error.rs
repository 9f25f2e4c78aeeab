//! STS's errors: what can go wrong, in AWS's words, and the row of each on the wire.

use crate::kernel::NotHonoured;
use crate::wire::WireError;

/// Every way in which an STS operation fails.
///
/// Source: API reference "Errors" of each operation; messages from answers recorded on AWS, and
/// from users' reports of AWS's answers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StsError {
    /// Holds AWS's whole sentence.
    #[error("{0}")]
    Validation(String),
    #[error("{0}")]
    InvalidParameterValue(&'static str),
    #[error("{0}")]
    AccessDenied(String),
    #[error("{0}")]
    MalformedPolicyDocument(&'static str),
    /// Holds the size of the token, in bytes. Unverified: the text.
    #[error("Session token size of {0} bytes exceeds the maximum allowed size of {1} bytes.")]
    PackedPolicyTooLarge(usize, usize),
    /// A web identity token; holds now and its end, in seconds since 1970.
    #[error("Token expired: current date/time {0} must be before the expiration date/time {1}")]
    ExpiredToken(i64, i64),
    #[error("{0}")]
    InvalidIdentityToken(&'static str),
    /// No service here issues encoded messages.
    #[error("Message is not valid")]
    InvalidAuthorizationMessage,
    /// No service here issues trade-in tokens. Unverified: the text.
    #[error("The trade-in token provided in the request has expired.")]
    ExpiredTradeInToken,
    /// Unverified: the text.
    #[error("Outbound web identity federation is not enabled for this account.")]
    OutboundWebIdentityFederationDisabled,
    /// Unverified: the text.
    #[error("The requested token duration would extend the session beyond its expiration time.")]
    SessionDurationEscalation,
    /// Unverified: the text.
    #[error("The requested DurationSeconds exceeds the remaining lifetime of the calling session.")]
    InsufficientSessionLifetime,
    /// Holds what is not implemented.
    #[error("{0} is not implemented by this emulator")]
    NotImplemented(&'static str),
    #[error(transparent)]
    NotHonoured(#[from] NotHonoured),
}

/// One row of every kind, for the comparison with AWS's model.
pub fn error_rows() -> Vec<WireError> {
    let text = || "x".to_owned();
    let every = [
        StsError::Validation(text()),
        StsError::InvalidParameterValue("x"),
        StsError::AccessDenied(text()),
        StsError::MalformedPolicyDocument("x"),
        StsError::PackedPolicyTooLarge(0, 0),
        StsError::ExpiredToken(0, 0),
        StsError::InvalidIdentityToken("x"),
        StsError::InvalidAuthorizationMessage,
        StsError::ExpiredTradeInToken,
        StsError::OutboundWebIdentityFederationDisabled,
        StsError::SessionDurationEscalation,
        StsError::InsufficientSessionLifetime,
        StsError::NotImplemented("x"),
        StsError::NotHonoured(NotHonoured(text())),
    ];
    every.map(WireError::from).into()
}

impl From<StsError> for WireError {
    fn from(error: StsError) -> Self {
        let message = error.to_string();
        let row = |shape, code| WireError::sender(shape, message).query_code(code);
        match error {
            StsError::Validation(_) => row("ValidationException", "ValidationError"),
            StsError::InvalidParameterValue(_) => {
                row("InvalidParameterValueException", "InvalidParameterValue")
            }
            StsError::AccessDenied(_) => row("AccessDeniedException", "AccessDenied").status(403),
            StsError::MalformedPolicyDocument(_) => {
                row("MalformedPolicyDocumentException", "MalformedPolicyDocument")
            }
            StsError::PackedPolicyTooLarge(..) => {
                row("PackedPolicyTooLargeException", "PackedPolicyTooLarge")
            }
            StsError::ExpiredToken(..) => row("ExpiredTokenException", "ExpiredTokenException"),
            StsError::InvalidIdentityToken(_) => {
                row("InvalidIdentityTokenException", "InvalidIdentityToken")
            }
            StsError::InvalidAuthorizationMessage => {
                row("InvalidAuthorizationMessageException", "InvalidAuthorizationMessageException")
            }
            StsError::ExpiredTradeInToken => {
                row("ExpiredTradeInTokenException", "ExpiredTradeInTokenException")
            }
            StsError::OutboundWebIdentityFederationDisabled => row(
                "OutboundWebIdentityFederationDisabledException",
                "OutboundWebIdentityFederationDisabledException",
            )
            .status(403),
            StsError::SessionDurationEscalation => {
                row("SessionDurationEscalationException", "SessionDurationEscalationException")
                    .status(403)
            }
            StsError::InsufficientSessionLifetime => {
                row("InsufficientSessionLifetimeException", "InsufficientSessionLifetime")
            }
            StsError::NotImplemented(_) => row("NotImplementedException", "NotImplemented"),
            StsError::NotHonoured(refused) => refused.into(),
        }
    }
}
