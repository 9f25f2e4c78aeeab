//! AttachUserPolicy, DetachUserPolicy, ListAttachedUserPolicies: the managed policies of a user.
//!
//! Limits: 10 policies. Every name of a policy of AWS's own is believed. Errors: NoSuchEntity,
//! LimitExceeded, InvalidInput. Source: API reference of each.

/// AttachUserPolicy: attaches a managed policy to a user.
pub mod attach_user_policy {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::entity::Kind;
    use crate::services::iam::error::IamError;
    use crate::services::iam::holding;
    use crate::services::iam::holding::Holder;
    use crate::services::iam::state::Iam;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub policy_arn: Option<String>,
        pub user_name: Option<String>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        _ctx: &mut Context<'_>,
        iam: &mut Iam,
        request: Request,
    ) -> Result<Response, IamError> {
        let holder = Holder { kind: Kind::User, name: request.user_name };
        holding::attach(iam, holder, request.policy_arn)?;
        Ok(Response {})
    }
}

/// DetachUserPolicy: detaches a managed policy from a user.
pub mod detach_user_policy {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::entity::Kind;
    use crate::services::iam::error::IamError;
    use crate::services::iam::holding;
    use crate::services::iam::holding::Holder;
    use crate::services::iam::state::Iam;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub policy_arn: Option<String>,
        pub user_name: Option<String>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        _ctx: &mut Context<'_>,
        iam: &mut Iam,
        request: Request,
    ) -> Result<Response, IamError> {
        let holder = Holder { kind: Kind::User, name: request.user_name };
        holding::detach(iam, holder, request.policy_arn)?;
        Ok(Response {})
    }
}

/// ListAttachedUserPolicies: the managed policies that a user has.
pub mod list_attached_user_policies {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::entity::Kind;
    use crate::services::iam::error::IamError;
    use crate::services::iam::holding;
    use crate::services::iam::holding::Holder;
    use crate::services::iam::paging::Page;
    use crate::services::iam::shapes::AttachedPolicy;
    use crate::services::iam::state::Iam;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub marker: Option<String>,
        pub max_items: Option<i32>,
        pub path_prefix: Option<String>,
        pub user_name: Option<String>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub attached_policies: Option<Vec<AttachedPolicy>>,
        pub is_truncated: Option<bool>,
        pub marker: Option<String>,
    }

    pub fn run(
        ctx: &mut Context<'_>,
        iam: &mut Iam,
        request: Request,
    ) -> Result<Response, IamError> {
        let holder = Holder { kind: Kind::User, name: request.user_name };
        let page = Page { max_items: request.max_items, marker: request.marker };
        let part = holding::list_attached(ctx, iam, holder, request.path_prefix, page)?;
        Ok(Response {
            attached_policies: Some(part.shown),
            is_truncated: part.is_truncated,
            marker: part.marker,
        })
    }
}
