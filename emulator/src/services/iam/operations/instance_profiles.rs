//! GetInstanceProfile, ListInstanceProfiles, DeleteInstanceProfile.
//!
//! Errors: NoSuchEntity; DeleteConflict while a role is in it. Source: API reference of each.

/// GetInstanceProfile: an instance profile with its role and tags.
pub mod get_instance_profile {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::constraint::Check;
    use crate::services::iam::constraint::NAME_128;
    use crate::services::iam::error::IamError;
    use crate::services::iam::shapes::InstanceProfile;
    use crate::services::iam::state::Iam;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub instance_profile_name: Option<String>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub instance_profile: Option<InstanceProfile>,
    }

    pub fn run(
        _ctx: &mut Context<'_>,
        iam: &mut Iam,
        request: Request,
    ) -> Result<Response, IamError> {
        let mut check = Check::default();
        check.name("instanceProfileName", request.instance_profile_name.as_ref(), NAME_128);
        check.done()?;
        let profile =
            iam.profile(request.instance_profile_name.as_deref().unwrap_or_default())?.clone();
        Ok(Response { instance_profile: Some(iam.shown_profile(&profile)) })
    }
}

/// ListInstanceProfiles: instance profiles by name, without their tags.
pub mod list_instance_profiles {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::constraint::Check;
    use crate::services::iam::error::IamError;
    use crate::services::iam::paging::Page;
    use crate::services::iam::shapes::InstanceProfile;
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
        pub instance_profiles: Option<Vec<InstanceProfile>>,
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
        let all = iam.profiles.iter().map(|(key, profile)| (key.as_str(), profile));
        let part = page.of(ctx, all.filter(|(_, it)| it.entity.path.starts_with(&prefix)))?;
        let shown = part.shown.into_iter().map(|profile| iam.listed_profile(profile));
        Ok(Response {
            instance_profiles: Some(shown.collect()),
            is_truncated: part.is_truncated,
            marker: part.marker,
        })
    }
}

/// DeleteInstanceProfile: ends an instance profile without a role.
pub mod delete_instance_profile {
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
        pub instance_profile_name: Option<String>,
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
        check.done()?;
        let name = request.instance_profile_name.unwrap_or_default();
        if iam.profile(&name)?.role.is_some() {
            let text = "entity, must remove roles from instance profile first";
            return Err(IamError::DeleteConflict(text));
        }
        iam.profiles.remove(&*key(&name));
        Ok(Response {})
    }
}
