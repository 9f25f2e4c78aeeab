//! PutUserPolicy, GetUserPolicy, DeleteUserPolicy: the inline policies of a user.
//!
//! Limits: 2,048 characters in all policies of a user, without white space. Errors: NoSuchEntity,
//! LimitExceeded, MalformedPolicyDocument. Source: API reference of each.

/// PutUserPolicy: puts an inline policy into a user, or replaces it.
pub mod put_user_policy {
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
        holding::put(iam, holder, request.policy_name, request.policy_document)?;
        Ok(Response {})
    }
}

/// GetUserPolicy: an inline policy of a user; the document is URL-encoded.
pub mod get_user_policy {
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
        pub user_name: Option<String>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub policy_document: Option<String>,
        pub policy_name: Option<String>,
        pub user_name: Option<String>,
    }

    pub fn run(
        _ctx: &mut Context<'_>,
        iam: &mut Iam,
        request: Request,
    ) -> Result<Response, IamError> {
        let holder = Holder { kind: Kind::User, name: request.user_name };
        let found = holding::get(iam, holder, request.policy_name)?;
        Ok(Response {
            user_name: Some(found.holder),
            policy_name: Some(found.name),
            policy_document: Some(found.document.encoded()),
        })
    }
}

/// DeleteUserPolicy: takes an inline policy out of a user.
pub mod delete_user_policy {
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
        holding::remove(iam, holder, request.policy_name)?;
        Ok(Response {})
    }
}
