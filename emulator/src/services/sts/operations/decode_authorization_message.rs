//! DecodeAuthorizationMessage: what an encoded authorization failure says.
//!
//! Services that encode such messages (EC2 and a few more) are not here, so no message can be one
//! that this cloud has written.
//! Errors: ValidationError, InvalidAuthorizationMessageException, AccessDenied (for sessions of
//! users). Source: API reference "DecodeAuthorizationMessage".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::{Context, SessionKind};
use crate::services::sts::caller;
use crate::services::sts::constraint::{self, Constraints};
use crate::services::sts::error::StsError;
use crate::services::sts::operation_table::Sts;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub encoded_message: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub decoded_message: Option<String>,
}

pub fn run(ctx: &mut Context<'_>, _sts: &mut Sts, request: Request) -> Result<Response, StsError> {
    let mut check = Constraints::default();
    let message = request.encoded_message.as_ref();
    check.required_text("encodedMessage", message, &constraint::ENCODED_MESSAGE);
    check.done()?;
    let refused = [SessionKind::FederatedUser, SessionKind::SessionToken];
    caller::session_but(ctx, "DecodeAuthorizationMessage", &refused)?;
    Err(StsError::InvalidAuthorizationMessage)
}
