//! GetCallerIdentity: who the access key id stands for. Needs no permission.
//!
//! Whoever has neither temporary credentials of this cloud nor an access key of one of its IAM
//! users is the account's user `skyrig`, whose `UserId` is the account's number. Temporary
//! credentials that come from elsewhere (`ASIA…`) have an identity of their own on AWS, of which
//! only the access key id is known here, so that is their `UserId`.
//! Source: API reference "GetCallerIdentity".

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::sts::error::StsError;
use crate::services::sts::issue::TEMPORARY;
use crate::services::sts::operation_table::Sts;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub user_id: Option<String>,
    pub account: Option<String>,
    pub arn: Option<String>,
}

pub fn run(ctx: &mut Context<'_>, _sts: &mut Sts, _request: Request) -> Result<Response, StsError> {
    let account = ctx.account();
    let key = ctx
        .caller()
        .and_then(|caller| caller.access_key_id.as_deref())
        .filter(|key| key.starts_with(TEMPORARY));
    let user_id = match ctx.identity() {
        Some(identity) => &identity.user_id,
        None => key.unwrap_or(account),
    };
    Ok(Response {
        user_id: Some(user_id.to_owned()),
        account: Some(account.to_owned()),
        arn: Some(ctx.caller_arn()),
    })
}
