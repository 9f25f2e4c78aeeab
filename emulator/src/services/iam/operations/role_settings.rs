//! UpdateRole, UpdateRoleDescription, UpdateAssumeRolePolicy: changes of a role.
//!
//! Errors: NoSuchEntity, UnmodifiableEntity, MalformedPolicyDocument, LimitExceeded. Source: API
//! reference of each.

/// UpdateRole: description and session durations.
pub mod update_role {
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
        pub description: Option<String>,
        pub max_session_duration: Option<i32>,
        pub max_signin_session_duration: Option<i32>,
        pub reset_max_signin_session_duration: Option<bool>,
        pub role_name: Option<String>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        ctx: &mut Context<'_>,
        iam: &mut Iam,
        request: Request,
    ) -> Result<Response, IamError> {
        let mut check = Check::default();
        check.name("roleName", request.role_name.as_ref(), NAME_64);
        check.description(request.description.as_deref());
        check.session_seconds(request.max_session_duration);
        check.signin_seconds(request.max_signin_session_duration);
        check.done()?;
        let role = iam.modifiable_role(request.role_name.as_deref().unwrap_or_default())?;
        if request.max_signin_session_duration.is_some() {
            ctx.not_honoured("MaxSigninSessionDuration")?;
        }
        if let Some(description) = request.description {
            role.description = Some(description).filter(|text| !text.is_empty());
        }
        role.session_seconds_max = request.max_session_duration.unwrap_or(role.session_seconds_max);
        if request.reset_max_signin_session_duration == Some(true) {
            role.signin_seconds_max = None;
        }
        role.signin_seconds_max = request.max_signin_session_duration.or(role.signin_seconds_max);
        role.make_known(ctx);
        Ok(Response {})
    }
}

/// UpdateRoleDescription: the description alone.
pub mod update_role_description {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::constraint::Check;
    use crate::services::iam::constraint::NAME_64;
    use crate::services::iam::error::IamError;
    use crate::services::iam::shapes::Role;
    use crate::services::iam::state::Iam;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub description: Option<String>,
        pub role_name: Option<String>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub role: Option<Role>,
    }

    pub fn run(
        _ctx: &mut Context<'_>,
        iam: &mut Iam,
        request: Request,
    ) -> Result<Response, IamError> {
        let mut check = Check::default();
        check.name("roleName", request.role_name.as_ref(), NAME_64);
        check.required("description", request.description.as_ref());
        check.description(request.description.as_deref());
        check.done()?;
        let role = iam.modifiable_role(request.role_name.as_deref().unwrap_or_default())?;
        role.description = request.description.filter(|text| !text.is_empty());
        Ok(Response { role: Some(role.shown()) })
    }
}

/// UpdateAssumeRolePolicy: who may assume a role.
pub mod update_assume_role_policy {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::iam::constraint::Check;
    use crate::services::iam::constraint::NAME_64;
    use crate::services::iam::document::Document;
    use crate::services::iam::error::IamError;
    use crate::services::iam::state::Iam;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub policy_document: Option<String>,
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
        check.name("roleName", request.role_name.as_ref(), NAME_64);
        check.document("policyDocument", request.policy_document.as_ref());
        check.done()?;
        let role = iam.modifiable_role(request.role_name.as_deref().unwrap_or_default())?;
        role.trust = Document::of_trust(request.policy_document.unwrap_or_default())?;
        Ok(Response {})
    }
}
