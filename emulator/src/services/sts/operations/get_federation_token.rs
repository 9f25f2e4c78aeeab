//! GetFederationToken: temporary credentials of a federated user.
//!
//! Limits: 900 to 129,600 s, 43,200 s by default. 50 tags, 10 managed policies.
//! Errors: ValidationError, AccessDenied (for sessions), InvalidParameterValue (tags),
//! MalformedPolicyDocument, PackedPolicyTooLarge. Source: API reference "GetFederationToken".

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use super::get_session_token::{DURATION, SECONDS};
use crate::kernel::{Account, Context, Identity, SessionKind};
use crate::services::sts::constraint::{self, Constraints};
use crate::services::sts::error::StsError;
use crate::services::sts::issue::NewSession;
use crate::services::sts::operation_table::Sts;
use crate::services::sts::shapes::{Credentials, PolicyDescriptorType, Tag};
use crate::services::sts::{caller, session_policy, session_tags};

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub name: Option<String>,
    pub policy: Option<String>,
    pub policy_arns: Vec<PolicyDescriptorType>,
    pub duration_seconds: Option<i32>,
    pub tags: Vec<Tag>,
    pub minimum_session_token_size: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub credentials: Option<Credentials>,
    pub federated_user: Option<FederatedUser>,
    pub packed_policy_size: Option<i32>,
    pub session_token_utilization: Option<i32>,
    pub session_token_size: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct FederatedUser {
    pub federated_user_id: Option<String>,
    pub arn: Option<String>,
}

pub fn run(ctx: &mut Context<'_>, _sts: &mut Sts, request: Request) -> Result<Response, StsError> {
    request.check()?;
    caller::refuse_sessions(ctx, "GetFederationToken")?;
    let tags = session_tags::of_session(&request.tags, &[], None)?;
    session_policy::take(ctx, request.policy.as_deref(), &request.policy_arns)?;
    let (name, account) = (request.name.unwrap_or_default(), ctx.account().to_owned());
    let partition = ctx.scope().region.partition();
    let arn = format!("arn:{partition}:sts::{account}:federated-user/{name}");
    let user_id = format!("{account}:{name}");
    let seconds = request.duration_seconds.unwrap_or(SECONDS);
    let session = NewSession {
        account: Account(account.into()),
        identity: Identity {
            arn: arn.as_str().into(),
            user_id: user_id.as_str().into(),
            role: None,
        },
        kind: SessionKind::FederatedUser,
        lasts: Duration::from_secs(seconds.unsigned_abs().into()),
        tags,
        source_identity: None,
        scope_down_policies: 0,
        policy: request.policy.as_deref(),
        policy_arns: &request.policy_arns,
        token_bytes_min: request.minimum_session_token_size,
    };
    let issued = session.begin(ctx)?;
    Ok(Response {
        credentials: issued.credentials,
        federated_user: Some(FederatedUser { federated_user_id: Some(user_id), arn: Some(arn) }),
        packed_policy_size: issued.packed_policy_size,
        session_token_utilization: issued.session_token_utilization,
        session_token_size: issued.session_token_size,
    })
}

impl Request {
    fn check(&self) -> Result<(), StsError> {
        let mut check = Constraints::default();
        check.required_text("name", self.name.as_ref(), &constraint::USER_NAME);
        check.policies(self.policy.as_deref(), &constraint::SESSION_POLICY, &self.policy_arns);
        check.range("durationSeconds", self.duration_seconds, DURATION);
        check.tags(&self.tags);
        check.token_size(self.minimum_session_token_size);
        Ok(check.done()?)
    }
}
