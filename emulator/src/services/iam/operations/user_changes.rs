//! UpdateUser, DeleteUser.
//!
//! Errors: NoSuchEntity, EntityAlreadyExists; DeleteConflict for a user who has policies, access
//! keys or groups. Source: API reference of each.

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
