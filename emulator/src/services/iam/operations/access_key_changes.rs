//! UpdateAccessKey, DeleteAccessKey: an inactive key is unknown to whoever verifies signatures.
//!
//! Errors: NoSuchEntity, InvalidInput. Source: API reference of each.

/// UpdateAccessKey: makes a key active or inactive.
pub mod update_access_key {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::constraint::Check;
    use crate::services::iam::constraint::NAME_128;
    use crate::services::iam::error::IamError;
    use crate::services::iam::state::Iam;
    use crate::services::iam::user::named_or_calling;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub access_key_id: Option<String>,
        pub status: Option<String>,
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
        check.optional_name("userName", request.user_name.as_deref(), NAME_128);
        check.required("accessKeyId", request.access_key_id.as_ref());
        check.length("accessKeyId", request.access_key_id.as_deref(), (16, 128));
        check.required("status", request.status.as_ref());
        check.one_of("status", request.status.as_deref(), &["Active", "Inactive", "Expired"]);
        check.done()?;
        if request.status.as_deref() == Some("Expired") {
            let text = "Status cannot be set to Expired.".to_owned();
            return Err(IamError::InvalidInput(text));
        }
        let name = named_or_calling(ctx, request.user_name)?;
        let is_active = request.status.as_deref() == Some("Active");
        let id = request.access_key_id.unwrap_or_default();
        iam.user(&name)?.set_key_status(ctx, &id, is_active)?;
        Ok(Response {})
    }
}

/// DeleteAccessKey: ends a key.
pub mod delete_access_key {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::constraint::Check;
    use crate::services::iam::constraint::NAME_128;
    use crate::services::iam::error::IamError;
    use crate::services::iam::state::Iam;
    use crate::services::iam::user::named_or_calling;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub access_key_id: Option<String>,
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
        check.optional_name("userName", request.user_name.as_deref(), NAME_128);
        check.required("accessKeyId", request.access_key_id.as_ref());
        check.length("accessKeyId", request.access_key_id.as_deref(), (16, 128));
        check.done()?;
        let name = named_or_calling(ctx, request.user_name)?;
        let id = request.access_key_id.unwrap_or_default();
        iam.user(&name)?.remove_key(ctx, &id)?;
        Ok(Response {})
    }
}
