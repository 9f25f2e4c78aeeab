//! GetScopedCredentials: credentials of the calling session with fewer permissions, or that end
//! earlier.
//!
//! Limits: 1 to 129,600 s, and no longer than the session; three policies on top of one another.
//! Errors: ValidationError, AccessDenied (without a session, or a fourth policy),
//! InsufficientSessionLifetime, MalformedPolicyDocument, PackedPolicyTooLarge.
//! Source: API reference "GetScopedCredentials".

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::Context;
use crate::services::sts::constraint::{self, Constraints};
use crate::services::sts::error::StsError;
use crate::services::sts::issue::NewSession;
use crate::services::sts::operation_table::Sts;
use crate::services::sts::session_policy;
use crate::services::sts::shapes::Credentials;

const DURATION: (i32, i32) = (1, 129_600);
const POLICIES_MAX: u32 = 3;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub policy: Option<String>,
    pub duration_seconds: Option<i32>,
    pub minimum_session_token_size: Option<i32>,
    pub scoped_session_description: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub credentials: Option<Credentials>,
    pub session_info: Option<ScopedSession>,
    pub session_token_utilization: Option<i32>,
    pub session_token_size: Option<i32>,
    pub scoped_policies_count: Option<i32>,
    pub source_identity: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct ScopedSession {
    pub scoped_session_id: Option<String>,
    pub arn: Option<String>,
}

// Unverified: the texts of the refusals.
pub fn run(ctx: &mut Context<'_>, _sts: &mut Sts, request: Request) -> Result<Response, StsError> {
    request.check()?;
    let Some(calling) = ctx.session() else {
        let text = "GetScopedCredentials must be called with temporary credentials";
        return Err(StsError::AccessDenied(text.to_owned()));
    };
    let policy = request.policy.as_deref();
    let policies = calling.scope_down_policies + u32::from(policy.is_some());
    if policies > POLICIES_MAX {
        let text = format!("A session can have at most {POLICIES_MAX} scope down policies");
        return Err(StsError::AccessDenied(text));
    }
    let left = calling.expires.since(ctx.now());
    let wanted = request.duration_seconds.map(|it| Duration::from_secs(it.unsigned_abs().into()));
    let lasts = wanted.unwrap_or(left);
    if lasts > left {
        return Err(StsError::InsufficientSessionLifetime);
    }
    session_policy::take(ctx, policy, &[])?;
    let described = request.scoped_session_description.is_some();
    session_policy::report(ctx, &[("ScopedSessionDescription", described)])?;
    let session = NewSession {
        account: calling.account.clone(),
        identity: calling.identity.clone(),
        kind: calling.kind,
        lasts,
        tags: calling.tags.clone(),
        source_identity: calling.source_identity.clone(),
        scope_down_policies: policies,
        policy,
        policy_arns: &[],
        token_bytes_min: request.minimum_session_token_size,
    };
    let issued = session.begin(ctx)?;
    Ok(Response {
        credentials: issued.credentials,
        session_info: Some(ScopedSession {
            scoped_session_id: Some(calling.identity.user_id.to_string()),
            arn: Some(calling.identity.arn.to_string()),
        }),
        session_token_utilization: issued.session_token_utilization,
        session_token_size: issued.session_token_size,
        scoped_policies_count: Some(policies as i32),
        source_identity: calling.source_identity.as_ref().map(|source| source.to_string()),
    })
}

impl Request {
    fn check(&self) -> Result<(), StsError> {
        let mut check = Constraints::default();
        check.policies(self.policy.as_deref(), &constraint::SESSION_POLICY, &[]);
        check.range("durationSeconds", self.duration_seconds, DURATION);
        check.token_size(self.minimum_session_token_size);
        let description = self.scoped_session_description.as_deref();
        check.text("scopedSessionDescription", description, &constraint::DESCRIPTION);
        check.done()?;
        if self.policy.is_none() && self.duration_seconds.is_none() {
            let text = "At least one of Policy and DurationSeconds must be provided";
            return Err(StsError::Validation(text.to_owned()));
        }
        Ok(())
    }
}
