//! TagRole, UntagRole, ListRoleTags: the tags of a role.
//!
//! Limits: 50 tags; keys of 128 characters, which ignore case, values of 256. Errors:
//! NoSuchEntity, InvalidInput, LimitExceeded. Source: API reference of each.

/// TagRole: adds tags or replaces their values.
pub mod tag_role {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::constraint::Check;
    use crate::services::iam::constraint::NAME_64;
    use crate::services::iam::error::IamError;
    use crate::services::iam::shapes::Tag;
    use crate::services::iam::state::Iam;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub role_name: Option<String>,
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
        check.name("roleName", request.role_name.as_ref(), NAME_64);
        check.required("tags", request.tags.as_ref());
        check.tags(request.tags.as_deref());
        check.done()?;
        let name = request.role_name.unwrap_or_default();
        iam.role(&name)?.tags.add(request.tags.unwrap_or_default())?;
        Ok(Response {})
    }
}

/// UntagRole: takes tags out by key; unknown keys are no error.
pub mod untag_role {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::constraint::Check;
    use crate::services::iam::constraint::NAME_64;
    use crate::services::iam::error::IamError;
    use crate::services::iam::state::Iam;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub role_name: Option<String>,
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
        check.name("roleName", request.role_name.as_ref(), NAME_64);
        check.tag_keys(request.tag_keys.as_ref());
        check.done()?;
        let name = request.role_name.unwrap_or_default();
        iam.role(&name)?.tags.remove(&request.tag_keys.unwrap_or_default());
        Ok(Response {})
    }
}

/// ListRoleTags: tags by key.
pub mod list_role_tags {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::constraint::Check;
    use crate::services::iam::constraint::NAME_64;
    use crate::services::iam::error::IamError;
    use crate::services::iam::paging::Page;
    use crate::services::iam::shapes::Tag;
    use crate::services::iam::state::Iam;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub marker: Option<String>,
        pub max_items: Option<i32>,
        pub role_name: Option<String>,
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
        check.name("roleName", request.role_name.as_ref(), NAME_64);
        check.done()?;
        let name = request.role_name.unwrap_or_default();
        let page = Page { max_items: request.max_items, marker: request.marker };
        let part = page.of(ctx, iam.role(&name)?.tags.iter())?;
        Ok(Response {
            tags: Some(part.shown),
            is_truncated: part.is_truncated,
            marker: part.marker,
        })
    }
}
