//! GetSessionToken: temporary credentials of the caller.
//!
//! Limits: 900 to 129,600 s, 43,200 s by default.
//! Errors: ValidationError, AccessDenied (for sessions). Source: API reference "GetSessionToken".

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::{Account, Context, Identity, SessionKind};
use crate::services::sts::constraint::{self, Constraints};
use crate::services::sts::error::StsError;
use crate::services::sts::issue::NewSession;
use crate::services::sts::operation_table::Sts;
use crate::services::sts::shapes::Credentials;
use crate::services::sts::{caller, session_policy};

pub(in crate::services::sts) const DURATION: (i32, i32) = (900, 129_600);
pub(in crate::services::sts) const SECONDS: i32 = 43_200;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub duration_seconds: Option<i32>,
    pub serial_number: Option<String>,
    pub token_code: Option<String>,
    pub minimum_session_token_size: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub credentials: Option<Credentials>,
    pub session_token_utilization: Option<i32>,
    pub session_token_size: Option<i32>,
}

pub fn run(ctx: &mut Context<'_>, _sts: &mut Sts, request: Request) -> Result<Response, StsError> {
    let mut check = Constraints::default();
    check.range("durationSeconds", request.duration_seconds, DURATION);
    let (serial, code) = (request.serial_number.as_deref(), request.token_code.as_deref());
    check.text("serialNumber", serial, &constraint::SERIAL_NUMBER);
    check.text("tokenCode", code, &constraint::TOKEN_CODE);
    check.token_size(request.minimum_session_token_size);
    check.done()?;
    caller::refuse_sessions(ctx, "GetSessionToken")?;
    let used = [("SerialNumber", serial.is_some()), ("TokenCode", code.is_some())];
    session_policy::report(ctx, &used)?;
    let seconds = request.duration_seconds.unwrap_or(SECONDS);
    let session = NewSession {
        account: Account(ctx.account().into()),
        identity: Identity {
            arn: ctx.caller_arn().into(),
            user_id: ctx.account().into(),
            role: None,
        },
        kind: SessionKind::SessionToken,
        lasts: Duration::from_secs(seconds.unsigned_abs().into()),
        tags: Vec::new(),
        source_identity: None,
        scope_down_policies: 0,
        policy: None,
        policy_arns: &[],
        token_bytes_min: request.minimum_session_token_size,
    };
    let issued = session.begin(ctx)?;
    Ok(Response {
        credentials: issued.credentials,
        session_token_utilization: issued.session_token_utilization,
        session_token_size: issued.session_token_size,
    })
}
