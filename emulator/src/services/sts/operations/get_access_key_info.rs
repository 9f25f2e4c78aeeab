//! GetAccessKeyInfo: the account that an access key id belongs to, whether or not it still works.
//!
//! It is the account that a request with this key would be from.
//! Errors: ValidationError, AccessDenied (for sessions of users). Source: API reference
//! "GetAccessKeyInfo".

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
    pub access_key_id: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub account: Option<String>,
}

pub fn run(ctx: &mut Context<'_>, _sts: &mut Sts, request: Request) -> Result<Response, StsError> {
    let mut check = Constraints::default();
    check.required_text("accessKeyId", request.access_key_id.as_ref(), &constraint::ACCESS_KEY_ID);
    check.done()?;
    let refused = [SessionKind::FederatedUser, SessionKind::SessionToken];
    caller::session_but(ctx, "GetAccessKeyInfo", &refused)?;
    let account = ctx.account_of(&request.access_key_id.unwrap_or_default());
    Ok(Response { account: Some(account.to_string()) })
}
