//! GetPolicy, ListPolicies: managed policies.
//!
//! Of AWS's own policies only what their ARNs say is known, and only those that are in use are
//! listed. Errors: NoSuchEntity, InvalidInput. Source: API reference of each.

/// GetPolicy: a managed policy, without its document.
pub mod get_policy {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::constraint::Check;
    use crate::services::iam::error::IamError;
    use crate::services::iam::policy::{check_arn, shown_of_aws};
    use crate::services::iam::shapes::Policy;
    use crate::services::iam::state::Iam;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub policy_arn: Option<String>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub policy: Option<Policy>,
    }

    pub fn run(
        _ctx: &mut Context<'_>,
        iam: &mut Iam,
        request: Request,
    ) -> Result<Response, IamError> {
        let mut check = Check::default();
        check.required_arn("policyArn", request.policy_arn.as_ref());
        check.done()?;
        let arn = request.policy_arn.unwrap_or_default();
        check_arn(&arn)?;
        let usage = iam.usage(&arn);
        let own = iam.find_policy(&arn).map(|policy| policy.shown(usage));
        let shown = own.or_else(|| shown_of_aws(&arn, usage));
        match shown {
            Some(policy) => Ok(Response { policy: Some(policy) }),
            None => Err(IamError::PolicyNotFound(arn)),
        }
    }
}

/// ListPolicies: managed policies, without descriptions and tags.
pub mod list_policies {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::constraint::Check;
    use crate::services::iam::error::IamError;
    use crate::services::iam::paging::Page;
    use crate::services::iam::policy_list::Wanted;
    use crate::services::iam::shapes::Policy;
    use crate::services::iam::state::Iam;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub marker: Option<String>,
        pub max_items: Option<i32>,
        pub only_attached: Option<bool>,
        pub path_prefix: Option<String>,
        pub policy_usage_filter: Option<String>,
        pub scope: Option<String>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub is_truncated: Option<bool>,
        pub marker: Option<String>,
        pub policies: Option<Vec<Policy>>,
    }

    pub fn run(
        ctx: &mut Context<'_>,
        iam: &mut Iam,
        request: Request,
    ) -> Result<Response, IamError> {
        let mut check = Check::default();
        check.one_of("scope", request.scope.as_deref(), &["All", "AWS", "Local"]);
        check.path_prefix(request.path_prefix.as_deref());
        let usages = ["PermissionsPolicy", "PermissionsBoundary"];
        check.one_of("policyUsageFilter", request.policy_usage_filter.as_deref(), &usages);
        check.done()?;
        let wanted = Wanted {
            scope: request.scope.unwrap_or_default(),
            prefix: request.path_prefix.unwrap_or_default(),
            usage: request.policy_usage_filter,
            only_attached: request.only_attached == Some(true),
        };
        let all = wanted.of(iam);
        let page = Page { max_items: request.max_items, marker: request.marker };
        let part = page.of(ctx, all.iter().map(|(key, policy)| (key.as_str(), policy.clone())))?;
        Ok(Response {
            policies: Some(part.shown),
            is_truncated: part.is_truncated,
            marker: part.marker,
        })
    }
}
