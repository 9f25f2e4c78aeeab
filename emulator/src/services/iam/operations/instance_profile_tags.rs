//! TagInstanceProfile, UntagInstanceProfile, ListInstanceProfileTags: the tags of an instance
//! profile.
//!
//! Limits: 50 tags; keys of 128 characters, which ignore case, values of 256. Errors:
//! NoSuchEntity, InvalidInput, LimitExceeded. Source: API reference of each.

/// TagInstanceProfile: adds tags or replaces their values.
pub mod tag_instance_profile {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::constraint::Check;
    use crate::services::iam::constraint::NAME_128;
    use crate::services::iam::error::IamError;
    use crate::services::iam::shapes::Tag;
    use crate::services::iam::state::Iam;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub instance_profile_name: Option<String>,
        pub tags: Option<Vec<Tag>>,
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
        check.required("tags", request.tags.as_ref());
        check.tags(request.tags.as_deref());
        check.done()?;
        let name = request.instance_profile_name.unwrap_or_default();
        iam.profile(&name)?.tags.add(request.tags.unwrap_or_default())?;
        Ok(Response {})
    }
}

/// UntagInstanceProfile: takes tags out by key; unknown keys are no error.
pub mod untag_instance_profile {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::constraint::Check;
    use crate::services::iam::constraint::NAME_128;
    use crate::services::iam::error::IamError;
    use crate::services::iam::state::Iam;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub instance_profile_name: Option<String>,
        pub tag_keys: Option<Vec<String>>,
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
        check.tag_keys(request.tag_keys.as_ref());
        check.done()?;
        let name = request.instance_profile_name.unwrap_or_default();
        iam.profile(&name)?.tags.remove(&request.tag_keys.unwrap_or_default());
        Ok(Response {})
    }
}

/// ListInstanceProfileTags: tags by key.
pub mod list_instance_profile_tags {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::constraint::Check;
    use crate::services::iam::constraint::NAME_128;
    use crate::services::iam::error::IamError;
    use crate::services::iam::paging::Page;
    use crate::services::iam::shapes::Tag;
    use crate::services::iam::state::Iam;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub instance_profile_name: Option<String>,
        pub marker: Option<String>,
        pub max_items: Option<i32>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub is_truncated: Option<bool>,
        pub marker: Option<String>,
        pub tags: Option<Vec<Tag>>,
    }

    pub fn run(
        ctx: &mut Context<'_>,
        iam: &mut Iam,
        request: Request,
    ) -> Result<Response, IamError> {
        let mut check = Check::default();
        check.name("instanceProfileName", request.instance_profile_name.as_ref(), NAME_128);
        check.done()?;
        let name = request.instance_profile_name.unwrap_or_default();
        let page = Page { max_items: request.max_items, marker: request.marker };
        let part = page.of(ctx, iam.profile(&name)?.tags.iter())?;
        Ok(Response {
            tags: Some(part.shown),
            is_truncated: part.is_truncated,
            marker: part.marker,
        })
    }
}
