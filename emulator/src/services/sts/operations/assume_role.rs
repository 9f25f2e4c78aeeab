//! AssumeRole: temporary credentials of a role.
//!
//! Limits: 900 to 43,200 s, 3,600 s for roles that are assumed with temporary credentials; 50 tags;
//! 10 managed policies; a token of 4,096 bytes; the longest duration of a role that IAM has made.
//! Any role may be assumed by anybody, also one that IAM has not made.
//! Errors: ValidationError, InvalidParameterValue (tags), AccessDenied, MalformedPolicyDocument,
//! PackedPolicyTooLarge. Source: API reference "AssumeRole"; answers recorded on AWS.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::{Context, SessionKind};
use crate::services::sts::constraint::{self, Constraints};
use crate::services::sts::error::StsError;
use crate::services::sts::issue::NewSession;
use crate::services::sts::operation_table::Sts;
use crate::services::sts::role::{self, Role};
use crate::services::sts::shapes::{
    AssumedRoleUser, Credentials, PolicyDescriptorType, ProvidedContext, Tag,
};
use crate::services::sts::{caller, chain, session_policy, session_tags};

pub(in crate::services::sts) const DURATION: (i32, i32) = (900, 43_200);
pub(in crate::services::sts) const DURATION_DEFAULT: i32 = 3600;

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub role_arn: Option<String>,
    pub role_session_name: Option<String>,
    pub policy_arns: Vec<PolicyDescriptorType>,
    pub policy: Option<String>,
    pub duration_seconds: Option<i32>,
    pub tags: Vec<Tag>,
    pub transitive_tag_keys: Vec<String>,
    pub external_id: Option<String>,
    pub serial_number: Option<String>,
    pub token_code: Option<String>,
    pub source_identity: Option<String>,
    pub provided_contexts: Option<Vec<ProvidedContext>>,
    pub minimum_session_token_size: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub credentials: Option<Credentials>,
    pub assumed_role_user: Option<AssumedRoleUser>,
    pub packed_policy_size: Option<i32>,
    pub source_identity: Option<String>,
    pub session_token_utilization: Option<i32>,
    pub session_token_size: Option<i32>,
}

pub fn run(ctx: &mut Context<'_>, _sts: &mut Sts, request: Request) -> Result<Response, StsError> {
    request.check()?;
    let role_arn = request.role_arn.unwrap_or_default();
    let name = request.role_session_name.unwrap_or_default();
    let role = Role::parse(&role_arn, &ctx.caller_arn(), "sts:AssumeRole")?;
    let calling = caller::session_but(ctx, "AssumeRole", &[SessionKind::FederatedUser])?;
    let seconds = request.duration_seconds.unwrap_or(DURATION_DEFAULT);
    chain::check_seconds(calling, seconds)?;
    role.check_seconds(ctx, seconds)?;
    let tags = session_tags::of_session(&request.tags, &request.transitive_tag_keys, calling)?;
    let wanted = request.source_identity.as_deref();
    let source_identity = chain::source_identity(ctx, wanted, &role_arn)?;
    session_policy::take(ctx, request.policy.as_deref(), &request.policy_arns)?;
    let used = [
        ("ExternalId", request.external_id.is_some()),
        ("SerialNumber", request.serial_number.is_some()),
        ("TokenCode", request.token_code.is_some()),
        ("ProvidedContexts", request.provided_contexts.is_some()),
    ];
    session_policy::report(ctx, &used)?;
    let identity = role.session(ctx, &name);
    let assumed_role_user = Some(role::user(&identity));
    let session = NewSession {
        account: role.account,
        identity,
        kind: SessionKind::AssumedRole,
        lasts: Duration::from_secs(seconds.unsigned_abs().into()),
        tags,
        source_identity: source_identity.clone(),
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
        source_identity: source_identity.map(|source| source.to_string()),
        session_token_utilization: issued.session_token_utilization,
        session_token_size: issued.session_token_size,
    })
}

impl Request {
    fn check(&self) -> Result<(), StsError> {
        let mut check = Constraints::default();
        check.required_text("roleArn", self.role_arn.as_ref(), &constraint::ARN);
        let name = self.role_session_name.as_ref();
        check.required_text("roleSessionName", name, &constraint::ROLE_SESSION_NAME);
        let policy = self.policy.as_deref();
        check.policies(policy, &constraint::UNRESTRICTED_POLICY, &self.policy_arns);
        check.range("durationSeconds", self.duration_seconds, DURATION);
        check.tags(&self.tags);
        check.transitive_tag_keys(&self.transitive_tag_keys);
        for (member, value, wanted) in [
            ("externalId", &self.external_id, &constraint::EXTERNAL_ID),
            ("serialNumber", &self.serial_number, &constraint::SERIAL_NUMBER),
            ("tokenCode", &self.token_code, &constraint::TOKEN_CODE),
            ("sourceIdentity", &self.source_identity, &constraint::SOURCE_IDENTITY),
        ] {
            check.text(member, value.as_deref(), wanted);
        }
        check.contexts(self.provided_contexts.as_deref());
        check.token_size(self.minimum_session_token_size);
        Ok(check.done()?)
    }
}
