//! AssumeRoleWithWebIdentity: temporary credentials of a role for the user of an identity provider.
//! Needs no signature.
//!
//! The token's claims and its end count; who signed it is not verified. OAuth 2.0 access tokens
//! (`ProviderId`) say nothing by themselves, so they are refused.
//! Errors: ValidationError, InvalidIdentityToken, ExpiredTokenException, AccessDenied,
//! MalformedPolicyDocument, PackedPolicyTooLarge, NotImplemented.
//! Source: API reference "AssumeRoleWithWebIdentity".

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::assume_role::{DURATION, DURATION_DEFAULT};
use crate::kernel::{Context, SessionKind};
use crate::services::sts::constraint::{self, Constraints};
use crate::services::sts::error::StsError;
use crate::services::sts::issue::NewSession;
use crate::services::sts::operation_table::Sts;
use crate::services::sts::role::{self, Role};
use crate::services::sts::shapes::{
    AssumedRoleUser, Credentials, PolicyDescriptorType, TrustedIdentityPropagationContext,
};
use crate::services::sts::web_identity::WebIdentity;
use crate::services::sts::{session_policy, session_tags};

/// Words of the refusal.
const ACCESS_TOKEN: &str = "an OAuth 2.0 access token ('ProviderId')";

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub role_arn: Option<String>,
    pub role_session_name: Option<String>,
    pub web_identity_token: Option<String>,
    pub provider_id: Option<String>,
    pub policy_arns: Vec<PolicyDescriptorType>,
    pub policy: Option<String>,
    pub duration_seconds: Option<i32>,
    pub minimum_session_token_size: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub credentials: Option<Credentials>,
    pub subject_from_web_identity_token: Option<String>,
    pub assumed_role_user: Option<AssumedRoleUser>,
    pub packed_policy_size: Option<i32>,
    pub provider: Option<String>,
    pub audience: Option<String>,
    pub source_identity: Option<String>,
    pub session_token_utilization: Option<i32>,
    pub session_token_size: Option<i32>,
    pub trusted_identity_propagation_context: Option<TrustedIdentityPropagationContext>,
}

pub fn run(ctx: &mut Context<'_>, _sts: &mut Sts, request: Request) -> Result<Response, StsError> {
    request.check()?;
    let role_arn = request.role_arn.unwrap_or_default();
    let name = request.role_session_name.unwrap_or_default();
    let role = Role::parse(&role_arn, "anonymous", "sts:AssumeRoleWithWebIdentity")?;
    if request.provider_id.is_some() {
        return Err(StsError::NotImplemented(ACCESS_TOKEN));
    }
    let token = request.web_identity_token.as_deref().unwrap_or_default();
    let who = WebIdentity::read(token, ctx.now())?;
    let source_identity = who.source_identity.as_deref();
    let tags = session_tags::of_token(&who.tags, &who.transitive_tag_keys, source_identity)?;
    session_policy::take(ctx, request.policy.as_deref(), &request.policy_arns)?;
    let seconds = request.duration_seconds.unwrap_or(DURATION_DEFAULT);
    role.check_seconds(ctx, seconds)?;
    let identity = role.session(ctx, &name);
    let assumed_role_user = Some(role::user(&identity));
    let session = NewSession {
        account: role.account,
        identity,
        kind: SessionKind::AssumedRole,
        lasts: Duration::from_secs(seconds.unsigned_abs().into()),
        tags,
        source_identity: source_identity.map(Into::into),
        scope_down_policies: 0,
        policy: request.policy.as_deref(),
        policy_arns: &request.policy_arns,
        token_bytes_min: request.minimum_session_token_size,
    };
    let issued = session.begin(ctx)?;
    Ok(Response {
        credentials: issued.credentials,
        subject_from_web_identity_token: Some(who.subject),
        assumed_role_user,
        packed_policy_size: issued.packed_policy_size,
        provider: Some(who.issuer),
        audience: Some(who.audience),
        source_identity: who.source_identity,
        session_token_utilization: issued.session_token_utilization,
        session_token_size: issued.session_token_size,
        trusted_identity_propagation_context: None,
    })
}

impl Request {
    fn check(&self) -> Result<(), StsError> {
        let mut check = Constraints::default();
        check.required_text("roleArn", self.role_arn.as_ref(), &constraint::ARN);
        let name = self.role_session_name.as_ref();
        check.required_text("roleSessionName", name, &constraint::ROLE_SESSION_NAME);
        let token = self.web_identity_token.as_ref();
        check.required_text("webIdentityToken", token, &constraint::CLIENT_TOKEN);
        check.text("providerId", self.provider_id.as_deref(), &constraint::URL);
        check.policies(self.policy.as_deref(), &constraint::SESSION_POLICY, &self.policy_arns);
        check.range("durationSeconds", self.duration_seconds, DURATION);
        check.token_size(self.minimum_session_token_size);
        Ok(check.done()?)
    }
}
