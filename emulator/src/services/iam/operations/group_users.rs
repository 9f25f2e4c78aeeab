//! AddUserToGroup, RemoveUserFromGroup, ListGroupsForUser: who is in which group.
//!
//! Limits: 10 groups a user. Errors: NoSuchEntity, LimitExceeded. Source: API reference of each.

/// AddUserToGroup: puts a user into a group; one that is in it already is no error.
pub mod add_user_to_group {
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
        check.name("groupName", request.group_name.as_ref(), NAME_128);
        check.name("userName", request.user_name.as_ref(), NAME_128);
        check.done()?;
        let group = request.group_name.unwrap_or_default();
        iam.group(&group)?;
        let user = iam.user(request.user_name.as_deref().unwrap_or_default())?;
        user.join(key(&group).into_owned())?;
        Ok(Response {})
    }
}

/// RemoveUserFromGroup: takes a user out of a group.
pub mod remove_user_from_group {
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
        check.name("groupName", request.group_name.as_ref(), NAME_128);
        check.name("userName", request.user_name.as_ref(), NAME_128);
        check.done()?;
        let group = request.group_name.unwrap_or_default();
        let name = request.user_name.unwrap_or_default();
        iam.group(&group)?;
        match iam.user(&name)?.groups.remove(&*key(&group)) {
            true => Ok(Response {}),
            false => Err(IamError::NotInGroup(name, group)),
        }
    }
}

/// ListGroupsForUser: the groups that a user is in.
pub mod list_groups_for_user {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::constraint::Check;
    use crate::services::iam::constraint::NAME_128;
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
        pub user_name: Option<String>,
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
        check.name("userName", request.user_name.as_ref(), NAME_128);
        check.done()?;
        let user = iam.user(request.user_name.as_deref().unwrap_or_default())?.clone();
        let page = Page { max_items: request.max_items, marker: request.marker };
        let all = iam.groups.iter().map(|(key, group)| (key.as_str(), group));
        let part = page.of(ctx, all.filter(|(key, _)| user.groups.contains(*key)))?;
        Ok(Response {
            groups: Some(part.shown.iter().map(|group| group.shown()).collect()),
            is_truncated: part.is_truncated,
            marker: part.marker,
        })
    }
}
