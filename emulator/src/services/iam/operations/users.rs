//! CreateUser, GetUser, ListUsers, UpdateUser, DeleteUser.
//!
//! Limits: a name of 64 characters, 5,000 users, 50 tags.
//! Errors: EntityAlreadyExists, NoSuchEntity, LimitExceeded, InvalidInput; DeleteConflict for a user who
//! has policies, access keys or groups. Source: API reference of each.

/// CreateUser: a user without keys.
pub mod create_user {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::constraint::Check;
    use crate::services::iam::constraint::NAME_64;
    use crate::services::iam::entity::Entity;
    use crate::services::iam::entity::USER;
    use crate::services::iam::error::IamError;
    use crate::services::iam::shapes::Tag;
    use crate::services::iam::shapes::User;
    use crate::services::iam::state::Iam;
    use crate::services::iam::tagging::Tags;
    use crate::services::iam::user::User as NewUser;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub path: Option<String>,
        pub permissions_boundary: Option<String>,
        pub tags: Option<Vec<Tag>>,
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
        check.name("userName", request.user_name.as_ref(), NAME_64);
        check.path("path", request.path.as_deref());
        check.arn("permissionsBoundary", request.permissions_boundary.as_deref());
        check.tags(request.tags.as_deref());
        check.done()?;
        let name = request.user_name.unwrap_or_default();
        let tags = Tags::new(request.tags)?;
        iam.check_boundary(request.permissions_boundary.as_deref())?;
        iam.check_free_user(&name)?;
        iam.check_user_quota()?;
        let entity = Entity::new(ctx, USER, request.path.as_deref(), &name);
        let mut user = NewUser::new(entity);
        user.tags = tags;
        user.held.boundary = request.permissions_boundary;
        let shown = user.shown();
        iam.insert_user(user);
        Ok(Response { user: Some(shown) })
    }
}

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

/// UpdateUser: another name or path; the id and the keys stay.
pub mod update_user {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::constraint::Check;
    use crate::services::iam::constraint::NAME_64;
    use crate::services::iam::constraint::NAME_128;
    use crate::services::iam::entity::USER;
    use crate::services::iam::entity::key;
    use crate::services::iam::error::IamError;
    use crate::services::iam::state::Iam;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub new_path: Option<String>,
        pub new_user_name: Option<String>,
        pub user_name: Option<String>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        ctx: &mut Context<'_>,
        iam: &mut Iam,
        request: Request,
    ) -> Result<Response, IamError> {
        let mut check = Check::default();
        check.name("userName", request.user_name.as_ref(), NAME_128);
        check.path("newPath", request.new_path.as_deref());
        check.optional_name("newUserName", request.new_user_name.as_deref(), NAME_64);
        check.done()?;
        let name = request.user_name.unwrap_or_default();
        let entity = &iam.user(&name)?.entity;
        let (path, new) =
            (request.new_path.unwrap_or_else(|| entity.path.clone()), request.new_user_name);
        let new = new.unwrap_or_else(|| entity.name.clone());
        if key(&new) != key(&name) {
            iam.check_free_user(&new)?;
        }
        if let Some(mut user) = iam.users.remove(&*key(&name)) {
            user.entity.rename(ctx, USER, path, new);
            user.make_known(ctx);
            iam.insert_user(user);
        }
        Ok(Response {})
    }
}

/// DeleteUser: ends a user who has nothing any more.
pub mod delete_user {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::constraint::Check;
    use crate::services::iam::constraint::NAME_128;
    use crate::services::iam::entity::key;
    use crate::services::iam::error::IamError;
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
        let mut check = Check::default();
        check.name("userName", request.user_name.as_ref(), NAME_128);
        check.done()?;
        let name = request.user_name.unwrap_or_default();
        let user = iam.user(&name)?;
        if !user.keys.is_empty() {
            return Err(IamError::DeleteConflict("entity, must delete access keys first"));
        }
        if !user.groups.is_empty() {
            return Err(IamError::DeleteConflict("entity, must remove users from group first"));
        }
        user.held.check_empty()?;
        iam.users.remove(&*key(&name));
        Ok(Response {})
    }
}
