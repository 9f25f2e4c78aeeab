//! PutRolePermissionsBoundary and the like: the policy that bounds what a role or a user may do.
//! Nothing follows from it here.
//!
//! Errors: NoSuchEntity, InvalidInput, UnmodifiableEntity. Source: API reference of each.

/// PutRolePermissionsBoundary: sets the permissions boundary of a role.
pub mod put_role_permissions_boundary {
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
        pub permissions_boundary: Option<String>,
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
        holding::set_boundary(iam, holder, request.permissions_boundary)?;
        Ok(Response {})
    }
}

/// DeleteRolePermissionsBoundary: takes the permissions boundary of a role away.
pub mod delete_role_permissions_boundary {
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
        holding::clear_boundary(iam, holder)?;
        Ok(Response {})
    }
}

/// PutUserPermissionsBoundary: sets the permissions boundary of a user.
pub mod put_user_permissions_boundary {
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
        pub permissions_boundary: Option<String>,
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
        holding::set_boundary(iam, holder, request.permissions_boundary)?;
        Ok(Response {})
    }
}

/// DeleteUserPermissionsBoundary: takes the permissions boundary of a user away.
pub mod delete_user_permissions_boundary {
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
        holding::clear_boundary(iam, holder)?;
        Ok(Response {})
    }
}
