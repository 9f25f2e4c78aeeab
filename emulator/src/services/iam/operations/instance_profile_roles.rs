//! AddRoleToInstanceProfile, RemoveRoleFromInstanceProfile: the one role that an instance profile
//! may have.
//!
//! Errors: NoSuchEntity, LimitExceeded, UnmodifiableEntity. Source: API reference of each.

/// AddRoleToInstanceProfile: puts a role into an instance profile that has none.
pub mod add_role_to_instance_profile {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::constraint::Check;
    use crate::services::iam::constraint::NAME_64;
    use crate::services::iam::constraint::NAME_128;
    use crate::services::iam::entity::key;
    use crate::services::iam::error::IamError;
    use crate::services::iam::state::Iam;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub instance_profile_name: Option<String>,
        pub role_name: Option<String>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        _ctx: &mut Context<'_>,
        iam: &mut Iam,
        request: Request,
    ) -> Result<Response, IamError> {
        let mut check = Check::default();
        check.name("instanceProfileName", request.instance_profile_name.as_ref(), NAME_128);
        check.name("roleName", request.role_name.as_ref(), NAME_64);
        check.done()?;
        let role = request.role_name.unwrap_or_default();
        let profile = request.instance_profile_name.unwrap_or_default();
        iam.profile(&profile)?;
        iam.modifiable_role(&role)?;
        let profile = iam.profile(&profile)?;
        if profile.role.is_some() {
            return Err(IamError::Quota("InstanceSessionsPerInstanceProfile", 1));
        }
        profile.role = Some(key(&role).into_owned());
        Ok(Response {})
    }
}

/// RemoveRoleFromInstanceProfile: takes the role out.
pub mod remove_role_from_instance_profile {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::constraint::Check;
    use crate::services::iam::constraint::NAME_64;
    use crate::services::iam::constraint::NAME_128;
    use crate::services::iam::entity::key;
    use crate::services::iam::error::IamError;
    use crate::services::iam::state::Iam;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub instance_profile_name: Option<String>,
        pub role_name: Option<String>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        _ctx: &mut Context<'_>,
        iam: &mut Iam,
        request: Request,
    ) -> Result<Response, IamError> {
        let mut check = Check::default();
        check.name("instanceProfileName", request.instance_profile_name.as_ref(), NAME_128);
        check.name("roleName", request.role_name.as_ref(), NAME_64);
        check.done()?;
        let role = request.role_name.unwrap_or_default();
        let name = request.instance_profile_name.unwrap_or_default();
        iam.profile(&name)?;
        iam.modifiable_role(&role)?;
        let profile = iam.profile(&name)?;
        if profile.role.as_deref() != Some(&*key(&role)) {
            return Err(IamError::NotInProfile(role, name));
        }
        profile.role = None;
        Ok(Response {})
    }
}
