//! CreateAccessKey, ListAccessKeys: the keys of a user, with which its requests are signed.
//!
//! Limits: 2 keys. Errors: NoSuchEntity, LimitExceeded. Source: API reference of each.

/// CreateAccessKey: a key; its secret is told this once.
pub mod create_access_key {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::constraint::Check;
    use crate::services::iam::constraint::NAME_128;
    use crate::services::iam::error::IamError;
    use crate::services::iam::shapes::AccessKey;
    use crate::services::iam::state::Iam;
    use crate::services::iam::user::named_or_calling;

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
        pub access_key: Option<AccessKey>,
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
        let user = iam.user(&name)?;
        let user_name = user.entity.name.clone();
        let key = user.add_key(ctx)?;
        let key = AccessKey {
            user_name: Some(user_name),
            access_key_id: Some(key.id.clone()),
            status: Some(key.status()),
            secret_access_key: Some(key.secret.reveal().to_owned()),
            create_date: Some(key.created),
        };
        Ok(Response { access_key: Some(key) })
    }
}

/// ListAccessKeys: keys without their secrets.
pub mod list_access_keys {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::constraint::Check;
    use crate::services::iam::constraint::NAME_128;
    use crate::services::iam::error::IamError;
    use crate::services::iam::paging::Page;
    use crate::services::iam::shapes::AccessKeyMetadata;
    use crate::services::iam::state::Iam;
    use crate::services::iam::user::named_or_calling;

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
        pub access_key_metadata: Option<Vec<AccessKeyMetadata>>,
        pub is_truncated: Option<bool>,
        pub marker: Option<String>,
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
        let user = iam.user(&name)?;
        let page = Page { max_items: request.max_items, marker: request.marker };
        let mut keys: Vec<_> = user.keys.iter().collect();
        keys.sort_by(|a, b| a.id.cmp(&b.id));
        let part = page.of(ctx, keys.into_iter().map(|key| (key.id.as_str(), key)))?;
        let shown = part.shown.into_iter().map(|key| key.listed(&user.entity.name));
        Ok(Response {
            access_key_metadata: Some(shown.collect()),
            is_truncated: part.is_truncated,
            marker: part.marker,
        })
    }
}
