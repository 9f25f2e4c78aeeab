//! GetRole, ListRoles, DeleteRole.
//!
//! Errors: NoSuchEntity; DeleteConflict for a role that has policies or is in an instance profile;
//! UnmodifiableEntity. Source: API reference of each.

/// GetRole: all that is known of a role.
pub mod get_role {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::constraint::Check;
    use crate::services::iam::constraint::NAME_64;
    use crate::services::iam::error::IamError;
    use crate::services::iam::shapes::Role;
    use crate::services::iam::state::Iam;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub role_name: Option<String>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub role: Option<Role>,
    }

    pub fn run(
        _ctx: &mut Context<'_>,
        iam: &mut Iam,
        request: Request,
    ) -> Result<Response, IamError> {
        let mut check = Check::default();
        check.name("roleName", request.role_name.as_ref(), NAME_64);
        check.done()?;
        let name = request.role_name.unwrap_or_default();
        Ok(Response { role: Some(iam.role(&name)?.shown()) })
    }
}

/// ListRoles: roles by name, without their tags and boundaries.
pub mod list_roles {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::constraint::Check;
    use crate::services::iam::error::IamError;
    use crate::services::iam::paging::Page;
    use crate::services::iam::shapes::Role;
    use crate::services::iam::state::Iam;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub marker: Option<String>,
        pub max_items: Option<i32>,
        pub path_prefix: Option<String>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub is_truncated: Option<bool>,
        pub marker: Option<String>,
        pub roles: Option<Vec<Role>>,
    }

    pub fn run(
        ctx: &mut Context<'_>,
        iam: &mut Iam,
        request: Request,
    ) -> Result<Response, IamError> {
        let mut check = Check::default();
        check.path_prefix(request.path_prefix.as_deref());
        check.done()?;
        let prefix = request.path_prefix.unwrap_or_default();
        let page = Page { max_items: request.max_items, marker: request.marker };
        let all = iam.roles.iter().map(|(key, role)| (key.as_str(), role));
        let part = page.of(ctx, all.filter(|(_, role)| role.entity.path.starts_with(&prefix)))?;
        Ok(Response {
            roles: Some(part.shown.iter().map(|role| role.listed()).collect()),
            is_truncated: part.is_truncated,
            marker: part.marker,
        })
    }
}

/// DeleteRole: ends a role that has no policies any more.
pub mod delete_role {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::constraint::Check;
    use crate::services::iam::constraint::NAME_64;
    use crate::services::iam::error::IamError;
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
        ctx: &mut Context<'_>,
        iam: &mut Iam,
        request: Request,
    ) -> Result<Response, IamError> {
        let mut check = Check::default();
        check.name("roleName", request.role_name.as_ref(), NAME_64);
        check.done()?;
        let name = request.role_name.unwrap_or_default();
        let role = iam.modifiable_role(&name)?;
        let policies = role.held.check_empty();
        if iam.is_in_profile(&name) {
            let text = "entity, must remove roles from instance profile first";
            return Err(IamError::DeleteConflict(text));
        }
        policies?;
        iam.remove_role(ctx, &name)?;
        Ok(Response {})
    }
}
