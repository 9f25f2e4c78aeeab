//! GetUser, ListUsers.
//!
//! Errors: NoSuchEntity. Source: API reference of each.

/// GetUser: a user, or who calls.
pub mod get_user {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::constraint::Check;
    use crate::services::iam::constraint::NAME_128;
    use crate::services::iam::error::IamError;
    use crate::services::iam::shapes::User;
    use crate::services::iam::state::Iam;
    use crate::services::iam::user::named_or_calling;
    use crate::services::iam::user::of_account;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub user_name: Option<String>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub user: Option<User>,
    }

    pub fn run(
        ctx: &mut Context<'_>,
        iam: &mut Iam,
        request: Request,
    ) -> Result<Response, IamError> {
        let mut check = Check::default();
        check.optional_name("userName", request.user_name.as_deref(), NAME_128);
        check.done()?;
        let name = named_or_calling(ctx, request.user_name)?;
        let found = iam.user(&name).map(|user| user.shown());
        let user = found.or_else(|missing| of_account(ctx, &name).ok_or(missing))?;
        Ok(Response { user: Some(user) })
    }
}

/// ListUsers: users by name, without their tags and boundaries.
pub mod list_users {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::constraint::Check;
    use crate::services::iam::error::IamError;
    use crate::services::iam::paging::Page;
    use crate::services::iam::shapes::User;
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
        pub users: Option<Vec<User>>,
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
        let all = iam.users.iter().map(|(key, user)| (key.as_str(), user));
        let part = page.of(ctx, all.filter(|(_, user)| user.entity.path.starts_with(&prefix)))?;
        Ok(Response {
            users: Some(part.shown.iter().map(|user| user.listed()).collect()),
            is_truncated: part.is_truncated,
            marker: part.marker,
        })
    }
}
