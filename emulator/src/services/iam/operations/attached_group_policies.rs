//! AttachGroupPolicy, DetachGroupPolicy, ListAttachedGroupPolicies: the managed policies of a
//! group.
//!
//! Limits: 10 policies. Every name of a policy of AWS's own is believed. Errors: NoSuchEntity,
//! LimitExceeded, InvalidInput. Source: API reference of each.

/// AttachGroupPolicy: attaches a managed policy to a group.
pub mod attach_group_policy {
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
        pub group_name: Option<String>,
        pub policy_arn: Option<String>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        _ctx: &mut Context<'_>,
        iam: &mut Iam,
        request: Request,
    ) -> Result<Response, IamError> {
        let holder = Holder { kind: Kind::Group, name: request.group_name };
        holding::attach(iam, holder, request.policy_arn)?;
        Ok(Response {})
    }
}

/// DetachGroupPolicy: detaches a managed policy from a group.
pub mod detach_group_policy {
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
        pub group_name: Option<String>,
        pub policy_arn: Option<String>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        _ctx: &mut Context<'_>,
        iam: &mut Iam,
        request: Request,
    ) -> Result<Response, IamError> {
        let holder = Holder { kind: Kind::Group, name: request.group_name };
        holding::detach(iam, holder, request.policy_arn)?;
        Ok(Response {})
    }
}

/// ListAttachedGroupPolicies: the managed policies that a group has.
pub mod list_attached_group_policies {
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
        pub group_name: Option<String>,
        pub marker: Option<String>,
        pub max_items: Option<i32>,
        pub path_prefix: Option<String>,
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
        let holder = Holder { kind: Kind::Group, name: request.group_name };
        let page = Page { max_items: request.max_items, marker: request.marker };
        let part = holding::list_attached(ctx, iam, holder, request.path_prefix, page)?;
        Ok(Response {
            attached_policies: Some(part.shown),
            is_truncated: part.is_truncated,
            marker: part.marker,
        })
    }
}
