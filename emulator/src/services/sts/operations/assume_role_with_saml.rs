//! AssumeRoleWithSAML: temporary credentials of a role for who has a SAML assertion. Needs no
//! signature.
//!
//! What the assertion says counts; who signed it is not verified. The session ends with the
//! assertion's `SessionNotOnOrAfter`, if that is earlier than `DurationSeconds` says. Its attribute
//! `SessionDuration` is for the console alone.
//! Errors: ValidationError, InvalidIdentityToken, ExpiredTokenException, AccessDenied,
//! MalformedPolicyDocument, PackedPolicyTooLarge. Source: API reference "AssumeRoleWithSAML".

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;
use sha1::{Digest as _, Sha1};

use super::assume_role::{DURATION, DURATION_DEFAULT};
use crate::kernel::{Context, SessionKind};
use crate::services::sts::constraint::{self, Constraints};
use crate::services::sts::error::StsError;
use crate::services::sts::issue::NewSession;
use crate::services::sts::operation_table::Sts;
use crate::services::sts::role::{self, Role};
use crate::services::sts::saml::Assertion;
use crate::services::sts::shapes::{
    AssumedRoleUser, Credentials, PolicyDescriptorType, TrustedIdentityPropagationContext,
};
use crate::services::sts::{session_policy, session_tags};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub role_arn: Option<String>,
    pub principal_arn: Option<String>,
    #[serde(rename = "SAMLAssertion")]
    pub saml_assertion: Option<String>,
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
    pub assumed_role_user: Option<AssumedRoleUser>,
    pub packed_policy_size: Option<i32>,
    pub subject: Option<String>,
    pub subject_type: Option<String>,
    pub issuer: Option<String>,
    pub audience: Option<String>,
    pub name_qualifier: Option<String>,
    pub source_identity: Option<String>,
    pub session_token_utilization: Option<i32>,
    pub session_token_size: Option<i32>,
    pub trusted_identity_propagation_context: Option<TrustedIdentityPropagationContext>,
}

pub fn run(ctx: &mut Context<'_>, _sts: &mut Sts, request: Request) -> Result<Response, StsError> {
    request.check()?;
    let (role_arn, now) = (request.role_arn.unwrap_or_default(), ctx.now());
    let action = "sts:AssumeRoleWithSAML";
    let role = Role::parse(&role_arn, "anonymous", action)?;
    let provider = request.principal_arn.unwrap_or_default();
    let said = Assertion::read(request.saml_assertion.as_deref().unwrap_or_default(), now)?;
    if !said.offers(&role_arn, &provider) {
        let text = format!("Not authorized to perform {action}");
        return Err(StsError::AccessDenied(text));
    }
    let source_identity = said.source_identity.as_deref();
    let tags = session_tags::of_token(&said.tags, &said.transitive_tag_keys, source_identity)?;
    session_policy::take(ctx, request.policy.as_deref(), &request.policy_arns)?;
    let seconds = request.duration_seconds.unwrap_or(DURATION_DEFAULT);
    role.check_seconds(ctx, seconds)?;
    let wanted = Duration::from_secs(seconds.unsigned_abs().into());
    let lasts = said.session_ends.map_or(wanted, |ends| ends.since(now).min(wanted));
    let identity = role.session(ctx, &said.role_session_name);
    let assumed_role_user = Some(role::user(&identity));
    let name_qualifier = name_qualifier(&said.issuer, &role.account.0, &provider);
    let session = NewSession {
        account: role.account,
        identity,
        kind: SessionKind::AssumedRole,
        lasts,
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
        assumed_role_user,
        packed_policy_size: issued.packed_policy_size,
        subject: Some(said.subject),
        subject_type: Some(said.subject_type),
        issuer: Some(said.issuer),
        audience: Some(said.audience),
        name_qualifier: Some(name_qualifier),
        source_identity: said.source_identity,
        session_token_utilization: issued.session_token_utilization,
        session_token_size: issued.session_token_size,
        trusted_identity_propagation_context: None,
    })
}

/// `BASE64(SHA1(issuer + account + "/" + the provider's friendly name))`.
///
/// Source: API reference "AssumeRoleWithSAML", `NameQualifier`.
fn name_qualifier(issuer: &str, account: &str, provider: &str) -> String {
    let name = provider.rsplit('/').next().unwrap_or(provider);
    STANDARD.encode(Sha1::digest(format!("{issuer}{account}/{name}")))
}

impl Request {
    fn check(&self) -> Result<(), StsError> {
        let mut check = Constraints::default();
        check.required_text("roleArn", self.role_arn.as_ref(), &constraint::ARN);
        check.required_text("principalArn", self.principal_arn.as_ref(), &constraint::ARN);
        let assertion = self.saml_assertion.as_ref();
        check.required_text("sAMLAssertion", assertion, &constraint::SAML_ASSERTION);
        check.policies(self.policy.as_deref(), &constraint::SESSION_POLICY, &self.policy_arns);
        check.range("durationSeconds", self.duration_seconds, DURATION);
        check.token_size(self.minimum_session_token_size);
        Ok(check.done()?)
    }
}
