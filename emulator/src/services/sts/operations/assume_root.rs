//! AssumeRoot: short credentials of a member account's root user, for one privileged task.
//!
//! Limits: 0 to 900 s. Organizations is not here, so any account may ask for any other.
//! Errors: ValidationError, AccessDenied. Source: API reference "AssumeRoot"; IAM user guide
//! "Perform a privileged task on an AWS Organizations member account".

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::{Account, Context, Identity, SessionKind};
use crate::services::sts::caller;
use crate::services::sts::constraint::{self, Constraints};
use crate::services::sts::error::StsError;
use crate::services::sts::issue::NewSession;
use crate::services::sts::operation_table::Sts;
use crate::services::sts::shapes::{Credentials, PolicyDescriptorType};

const DURATION: (i32, i32) = (0, 900);
/// What the ARNs of the task policies begin with, partition left out, and what they end with.
const TASKS_PATH: &str = ":iam::aws:policy/root-task/";
const TASKS: [&str; 5] = [
    "IAMAuditRootUserCredentials",
    "IAMCreateRootUserPassword",
    "IAMDeleteRootUserCredentials",
    "S3UnlockBucketPolicy",
    "SQSUnlockQueuePolicy",
];

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub target_principal: Option<String>,
    pub task_policy_arn: Option<PolicyDescriptorType>,
    pub duration_seconds: Option<i32>,
    pub minimum_session_token_size: Option<i32>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub credentials: Option<Credentials>,
    pub source_identity: Option<String>,
    pub session_token_utilization: Option<i32>,
    pub session_token_size: Option<i32>,
}

pub fn run(ctx: &mut Context<'_>, _sts: &mut Sts, request: Request) -> Result<Response, StsError> {
    request.check()?;
    let refused = [SessionKind::FederatedUser, SessionKind::SessionToken];
    let calling = caller::session_but(ctx, "AssumeRoot", &refused)?;
    let source_identity = calling.and_then(|session| session.source_identity.clone());
    let target = request.target_principal.unwrap_or_default();
    let account = account(&target).ok_or_else(|| {
        StsError::AccessDenied(format!(
            "User: {} is not authorized to perform: sts:AssumeRoot on resource: {target}",
            ctx.caller_arn()
        ))
    })?;
    let policy_arns: Vec<_> = request.task_policy_arn.into_iter().collect();
    let task = policy_arns.first().and_then(|it| it.arn.as_deref()).unwrap_or_default();
    let partition = ctx.scope().region.partition();
    let name = task.strip_prefix(&format!("arn:{partition}{TASKS_PATH}"));
    if !name.is_some_and(|name| TASKS.contains(&name)) {
        // Unverified: the text.
        return Err(StsError::Validation(format!("{task} is not a valid task policy")));
    }
    ctx.not_honoured("TaskPolicyArn")?;
    let seconds = request.duration_seconds.unwrap_or(DURATION.1);
    let arn = ctx.scope().region.root_arn(account);
    let session = NewSession {
        account: Account(account.into()),
        identity: Identity { arn: arn.into(), user_id: account.into(), role: None },
        kind: SessionKind::AssumedRoot,
        lasts: Duration::from_secs(seconds.unsigned_abs().into()),
        tags: Vec::new(),
        source_identity: source_identity.clone(),
        scope_down_policies: 0,
        policy: None,
        policy_arns: &policy_arns,
        token_bytes_min: request.minimum_session_token_size,
    };
    let issued = session.begin(ctx)?;
    Ok(Response {
        credentials: issued.credentials,
        source_identity: source_identity.map(|source| source.to_string()),
        session_token_utilization: issued.session_token_utilization,
        session_token_size: issued.session_token_size,
    })
}

/// The account of `123456789012` or of an ARN of its root user.
fn account(target: &str) -> Option<&str> {
    let of_arn = || {
        let arn = target.strip_prefix("arn:")?.split_once(":iam::")?.1;
        arn.strip_suffix(":root")
    };
    let account = if target.starts_with("arn:") { of_arn()? } else { target };
    Some(account).filter(|account| Account::is_number(account))
}

impl Request {
    fn check(&self) -> Result<(), StsError> {
        let mut check = Constraints::default();
        let target = self.target_principal.as_ref();
        check.required_text("targetPrincipal", target, &constraint::TARGET_PRINCIPAL);
        check.required("taskPolicyArn", self.task_policy_arn.as_ref());
        let arn = self.task_policy_arn.as_ref().and_then(|it| it.arn.as_deref());
        check.text("taskPolicyArn.arn", arn, &constraint::ARN);
        check.range("durationSeconds", self.duration_seconds, DURATION);
        check.token_size(self.minimum_session_token_size);
        Ok(check.done()?)
    }
}
