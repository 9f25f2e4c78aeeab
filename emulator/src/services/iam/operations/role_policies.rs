//! PutRolePolicy, GetRolePolicy, DeleteRolePolicy: the inline policies of a role.
//!
//! Limits: 10,240 characters in all policies of a role, without white space. Errors: NoSuchEntity,
//! LimitExceeded, MalformedPolicyDocument, UnmodifiableEntity. Source: API reference of each.

/// PutRolePolicy: puts an inline policy into a role, or replaces it.
pub mod put_role_policy {
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
        pub policy_document: Option<String>,
        pub policy_name: Option<String>,
        pub role_name: Option<String>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        _ctx: &mut Context<'_>,
        iam: &mut Iam,
        request: Request,
    ) -> Result<Response, IamError> {
        let holder = Holder { kind: Kind::Role, name: request.role_name };
        holding::put(iam, holder, request.policy_name, request.policy_document)?;
        Ok(Response {})
    }
}

/// GetRolePolicy: an inline policy of a role; the document is URL-encoded.
pub mod get_role_policy {
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
        pub policy_name: Option<String>,
        pub role_name: Option<String>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub policy_document: Option<String>,
        pub policy_name: Option<String>,
        pub role_name: Option<String>,
    }

    pub fn run(
        _ctx: &mut Context<'_>,
        iam: &mut Iam,
        request: Request,
    ) -> Result<Response, IamError> {
        let holder = Holder { kind: Kind::Role, name: request.role_name };
        let found = holding::get(iam, holder, request.policy_name)?;
        Ok(Response {
            role_name: Some(found.holder),
            policy_name: Some(found.name),
            policy_document: Some(found.document.encoded()),
        })
    }
}

/// DeleteRolePolicy: takes an inline policy out of a role.
pub mod delete_role_policy {
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
        pub policy_name: Option<String>,
        pub role_name: Option<String>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        _ctx: &mut Context<'_>,
        iam: &mut Iam,
        request: Request,
    ) -> Result<Response, IamError> {
        let holder = Holder { kind: Kind::Role, name: request.role_name };
        holding::remove(iam, holder, request.policy_name)?;
        Ok(Response {})
    }
}
