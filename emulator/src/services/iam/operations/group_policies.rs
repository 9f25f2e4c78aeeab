//! PutGroupPolicy, GetGroupPolicy, DeleteGroupPolicy: the inline policies of a group.
//!
//! Limits: 5,120 characters in all policies of a group, without white space. Errors: NoSuchEntity,
//! LimitExceeded, MalformedPolicyDocument. Source: API reference of each.

/// PutGroupPolicy: puts an inline policy into a group, or replaces it.
pub mod put_group_policy {
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
        pub policy_document: Option<String>,
        pub policy_name: Option<String>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        _ctx: &mut Context<'_>,
        iam: &mut Iam,
        request: Request,
    ) -> Result<Response, IamError> {
        let holder = Holder { kind: Kind::Group, name: request.group_name };
        holding::put(iam, holder, request.policy_name, request.policy_document)?;
        Ok(Response {})
    }
}

/// GetGroupPolicy: an inline policy of a group; the document is URL-encoded.
pub mod get_group_policy {
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
        pub policy_name: Option<String>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub group_name: Option<String>,
        pub policy_document: Option<String>,
        pub policy_name: Option<String>,
    }

    pub fn run(
        _ctx: &mut Context<'_>,
        iam: &mut Iam,
        request: Request,
    ) -> Result<Response, IamError> {
        let holder = Holder { kind: Kind::Group, name: request.group_name };
        let found = holding::get(iam, holder, request.policy_name)?;
        Ok(Response {
            group_name: Some(found.holder),
            policy_name: Some(found.name),
            policy_document: Some(found.document.encoded()),
        })
    }
}

/// DeleteGroupPolicy: takes an inline policy out of a group.
pub mod delete_group_policy {
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
        pub policy_name: Option<String>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        _ctx: &mut Context<'_>,
        iam: &mut Iam,
        request: Request,
    ) -> Result<Response, IamError> {
        let holder = Holder { kind: Kind::Group, name: request.group_name };
        holding::remove(iam, holder, request.policy_name)?;
        Ok(Response {})
    }
}
