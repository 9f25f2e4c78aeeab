//! GetGroup, ListGroups.
//!
//! Errors: NoSuchEntity. Source: API reference of each.

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
