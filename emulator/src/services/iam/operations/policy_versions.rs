//! CreatePolicyVersion, GetPolicyVersion, ListPolicyVersions: the versions of a managed policy.
//!
//! Limits: 5 versions; their numbers are never used again. Errors: NoSuchEntity, InvalidInput,
//! LimitExceeded, MalformedPolicyDocument; AccessDenied for a policy of AWS's. Source: API
//! reference of each.

/// CreatePolicyVersion: a further version of a policy.
pub mod create_policy_version {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::constraint::Check;
    use crate::services::iam::document::Document;
    use crate::services::iam::error::IamError;
    use crate::services::iam::shapes::PolicyVersion;
    use crate::services::iam::state::Iam;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub policy_arn: Option<String>,
        pub policy_document: Option<String>,
        pub set_as_default: Option<bool>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub policy_version: Option<PolicyVersion>,
    }

    pub fn run(
        ctx: &mut Context<'_>,
        iam: &mut Iam,
        request: Request,
    ) -> Result<Response, IamError> {
        let mut check = Check::default();
        check.required_arn("policyArn", request.policy_arn.as_ref());
        check.document("policyDocument", request.policy_document.as_ref());
        check.done()?;
        let now = ctx.now();
        let policy = iam.policy(ctx, request.policy_arn.as_deref().unwrap_or_default())?;
        let document = Document::managed(request.policy_document.unwrap_or_default())?;
        let number = policy.add(now, document, request.set_as_default == Some(true))?;
        Ok(Response { policy_version: Some(policy.version(number, false)) })
    }
}

/// GetPolicyVersion: a version with its document, URL-encoded.
pub mod get_policy_version {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::constraint::Check;
    use crate::services::iam::error::IamError;
    use crate::services::iam::shapes::PolicyVersion;
    use crate::services::iam::state::Iam;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub policy_arn: Option<String>,
        pub version_id: Option<String>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub policy_version: Option<PolicyVersion>,
    }

    pub fn run(
        _ctx: &mut Context<'_>,
        iam: &mut Iam,
        request: Request,
    ) -> Result<Response, IamError> {
        let mut check = Check::default();
        check.required_arn("policyArn", request.policy_arn.as_ref());
        check.required("versionId", request.version_id.as_ref());
        check.done()?;
        let policy = iam.with_versions(request.policy_arn.as_deref().unwrap_or_default())?;
        let number = policy.number(request.version_id.as_deref().unwrap_or_default())?;
        Ok(Response { policy_version: Some(policy.version(number, true)) })
    }
}

/// ListPolicyVersions: versions without their documents, the newest first.
pub mod list_policy_versions {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::constraint::Check;
    use crate::services::iam::error::IamError;
    use crate::services::iam::paging::Page;
    use crate::services::iam::shapes::PolicyVersion;
    use crate::services::iam::state::Iam;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub marker: Option<String>,
        pub max_items: Option<i32>,
        pub policy_arn: Option<String>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub is_truncated: Option<bool>,
        pub marker: Option<String>,
        pub versions: Option<Vec<PolicyVersion>>,
    }

    pub fn run(
        ctx: &mut Context<'_>,
        iam: &mut Iam,
        request: Request,
    ) -> Result<Response, IamError> {
        let mut check = Check::default();
        check.required_arn("policyArn", request.policy_arn.as_ref());
        check.done()?;
        let policy = iam.with_versions(request.policy_arn.as_deref().unwrap_or_default())?;
        let page = Page { max_items: request.max_items, marker: request.marker };
        // A marker is a text, and numbers grow: what is left of the largest one falls.
        let order = |number: &u32| format!("{:010}", u32::MAX - number);
        let keyed: Vec<_> = policy.versions.keys().rev().map(|it| (order(it), *it)).collect();
        let part = page.of(ctx, keyed.iter().map(|(order, number)| (order.as_str(), *number)))?;
        let versions = part.shown.into_iter().map(|number| policy.version(number, false));
        Ok(Response {
            versions: Some(versions.collect()),
            is_truncated: part.is_truncated,
            marker: part.marker,
        })
    }
}
