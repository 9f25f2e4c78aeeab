//! CreateGroup, GetGroup, ListGroups, UpdateGroup, DeleteGroup.
//!
//! Limits: a name of 128 characters, 300 groups.
//! Errors: EntityAlreadyExists, NoSuchEntity, LimitExceeded; DeleteConflict for a group that has policies
//! or users. Source: API reference of each.

/// CreateGroup: a group without users.
pub mod create_group {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::constraint::Check;
    use crate::services::iam::constraint::NAME_128;
    use crate::services::iam::entity::Entity;
    use crate::services::iam::entity::GROUP;
    use crate::services::iam::error::IamError;
    use crate::services::iam::group::Group as NewGroup;
    use crate::services::iam::held::Held;
    use crate::services::iam::shapes::Group;
    use crate::services::iam::state::Iam;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub group_name: Option<String>,
        pub path: Option<String>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub group: Option<Group>,
    }

    pub fn run(
        ctx: &mut Context<'_>,
        iam: &mut Iam,
        request: Request,
    ) -> Result<Response, IamError> {
        let mut check = Check::default();
        check.name("groupName", request.group_name.as_ref(), NAME_128);
        check.path("path", request.path.as_deref());
        check.done()?;
        let name = request.group_name.unwrap_or_default();
        iam.check_free_group(&name)?;
        iam.check_group_quota()?;
        let entity = Entity::new(ctx, GROUP, request.path.as_deref(), &name);
        let group = NewGroup { entity, held: Held::default() };
        let shown = group.shown();
        iam.insert_group(group);
        Ok(Response { group: Some(shown) })
    }
}

/// GetGroup: a group and its users.
pub mod get_group {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::constraint::Check;
    use crate::services::iam::constraint::NAME_128;
    use crate::services::iam::entity::key;
    use crate::services::iam::error::IamError;
    use crate::services::iam::paging::Page;
    use crate::services::iam::shapes::Group;
    use crate::services::iam::shapes::User;
    use crate::services::iam::state::Iam;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub group_name: Option<String>,
        pub marker: Option<String>,
        pub max_items: Option<i32>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub group: Option<Group>,
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
        check.name("groupName", request.group_name.as_ref(), NAME_128);
        check.done()?;
        let name = request.group_name.unwrap_or_default();
        let group = iam.group(&name)?.shown();
        let name = key(&name);
        let page = Page { max_items: request.max_items, marker: request.marker };
        let all = iam.users.iter().map(|(key, user)| (key.as_str(), user));
        let part = page.of(ctx, all.filter(|(_, user)| user.groups.contains(&*name)))?;
        Ok(Response {
            group: Some(group),
            users: Some(part.shown.iter().map(|user| user.listed()).collect()),
            is_truncated: part.is_truncated,
            marker: part.marker,
        })
    }
}

/// ListGroups: groups by name.
pub mod list_groups {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::constraint::Check;
    use crate::services::iam::error::IamError;
    use crate::services::iam::paging::Page;
    use crate::services::iam::shapes::Group;
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
        pub groups: Option<Vec<Group>>,
        pub is_truncated: Option<bool>,
        pub marker: Option<String>,
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
        let all = iam.groups.iter().map(|(key, group)| (key.as_str(), group));
        let part = page.of(ctx, all.filter(|(_, group)| group.entity.path.starts_with(&prefix)))?;
        Ok(Response {
            groups: Some(part.shown.iter().map(|group| group.shown()).collect()),
            is_truncated: part.is_truncated,
            marker: part.marker,
        })
    }
}

/// UpdateGroup: another name or path; the id and the users stay.
pub mod update_group {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::constraint::Check;
    use crate::services::iam::constraint::NAME_128;
    use crate::services::iam::entity::GROUP;
    use crate::services::iam::entity::key;
    use crate::services::iam::error::IamError;
    use crate::services::iam::state::Iam;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub group_name: Option<String>,
        pub new_group_name: Option<String>,
        pub new_path: Option<String>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        ctx: &mut Context<'_>,
        iam: &mut Iam,
        request: Request,
    ) -> Result<Response, IamError> {
        let mut check = Check::default();
        check.name("groupName", request.group_name.as_ref(), NAME_128);
        check.path("newPath", request.new_path.as_deref());
        check.optional_name("newGroupName", request.new_group_name.as_deref(), NAME_128);
        check.done()?;
        let name = request.group_name.unwrap_or_default();
        let entity = &iam.group(&name)?.entity;
        let path = request.new_path.unwrap_or_else(|| entity.path.clone());
        let new = request.new_group_name.unwrap_or_else(|| entity.name.clone());
        let (old_key, new_key) = (key(&name).into_owned(), key(&new).into_owned());
        if new_key != old_key {
            iam.check_free_group(&new)?;
        }
        if let Some(mut group) = iam.groups.remove(&old_key) {
            group.entity.rename(ctx, GROUP, path, new);
            iam.insert_group(group);
        }
        for user in iam.users.values_mut() {
            if user.groups.remove(&old_key) {
                user.groups.insert(new_key.clone());
            }
        }
        Ok(Response {})
    }
}

/// DeleteGroup: ends a group that nobody is in.
pub mod delete_group {
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
        pub group_name: Option<String>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        _ctx: &mut Context<'_>,
        iam: &mut Iam,
        request: Request,
    ) -> Result<Response, IamError> {
        let mut check = Check::default();
        check.name("groupName", request.group_name.as_ref(), NAME_128);
        check.done()?;
        let name = request.group_name.unwrap_or_default();
        let policies = iam.group(&name)?.held.check_empty();
        if iam.has_users(&name) {
            return Err(IamError::DeleteConflict("entity, must remove users from group first"));
        }
        policies?;
        iam.groups.remove(&*key(&name));
        Ok(Response {})
    }
}
