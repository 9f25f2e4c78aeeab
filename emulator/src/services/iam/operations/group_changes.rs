//! UpdateGroup, DeleteGroup.
//!
//! Errors: NoSuchEntity, EntityAlreadyExists; DeleteConflict for a group that has policies or
//! users. Source: API reference of each.

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
