//! DeletePolicyVersion, SetDefaultPolicyVersion.
//!
//! Errors: NoSuchEntity, InvalidInput; DeleteConflict for the default version; AccessDenied for a
//! policy of AWS's. Source: API reference of each.

/// DeletePolicyVersion: ends a version that is not the default one.
pub mod delete_policy_version {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::constraint::Check;
    use crate::services::iam::error::IamError;
    use crate::services::iam::state::Iam;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub policy_arn: Option<String>,
        pub version_id: Option<String>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        ctx: &mut Context<'_>,
        iam: &mut Iam,
        request: Request,
    ) -> Result<Response, IamError> {
        let mut check = Check::default();
        check.required_arn("policyArn", request.policy_arn.as_ref());
        check.required("versionId", request.version_id.as_ref());
        check.done()?;
        let policy = iam.policy(ctx, request.policy_arn.as_deref().unwrap_or_default())?;
        let number = policy.number(request.version_id.as_deref().unwrap_or_default())?;
        if number == policy.default {
            return Err(IamError::DeleteConflict("the default version of a policy"));
        }
        policy.versions.remove(&number);
        Ok(Response {})
    }
}

/// SetDefaultPolicyVersion: which version goes.
pub mod set_default_policy_version {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::constraint::Check;
    use crate::services::iam::error::IamError;
    use crate::services::iam::state::Iam;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub policy_arn: Option<String>,
        pub version_id: Option<String>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        ctx: &mut Context<'_>,
        iam: &mut Iam,
        request: Request,
    ) -> Result<Response, IamError> {
        let mut check = Check::default();
        check.required_arn("policyArn", request.policy_arn.as_ref());
        check.required("versionId", request.version_id.as_ref());
        check.done()?;
        let now = ctx.now();
        let policy = iam.policy(ctx, request.policy_arn.as_deref().unwrap_or_default())?;
        let number = policy.number(request.version_id.as_deref().unwrap_or_default())?;
        policy.set_default(now, number);
        Ok(Response {})
    }
}
