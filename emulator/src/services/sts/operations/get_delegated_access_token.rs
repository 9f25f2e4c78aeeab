//! GetDelegatedAccessToken: credentials for a trade-in token of a delegation.
//!
//! Delegations are made in IAM, which is not here, so every trade-in token counts as expired.
//! Errors: ValidationError, ExpiredTradeInTokenException. Source: API reference
//! "GetDelegatedAccessToken".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::sts::constraint::Constraints;
use crate::services::sts::error::StsError;
use crate::services::sts::operation_table::Sts;
use crate::services::sts::shapes::Credentials;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub trade_in_token: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub credentials: Option<Credentials>,
    pub packed_policy_size: Option<i32>,
    pub assumed_principal: Option<String>,
}

pub fn run(_ctx: &mut Context<'_>, _sts: &mut Sts, request: Request) -> Result<Response, StsError> {
    let mut check = Constraints::default();
    check.required("tradeInToken", request.trade_in_token.as_ref());
    check.done()?;
    Err(StsError::ExpiredTradeInToken)
}
