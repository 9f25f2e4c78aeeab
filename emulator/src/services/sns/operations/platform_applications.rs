//! CreatePlatformApplication, DeletePlatformApplication, ListPlatformApplications: applications of
//! mobile platforms.
//!
//! Nothing is sent to a platform: what is published to an endpoint is kept to be read.
//! Limits: names of 1 to 256 letters, digits, `_`, `-` and `.`.
//! Errors: `InvalidParameter`.
//! Source: API reference of each; recordings of 2025-10-29.
//! Unverified: the words for an unknown platform and for attributes.

/// CreatePlatformApplication: makes an application, or sets the attributes of the same one.
pub mod create_platform_application {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::sns::error::SnsError;
    use crate::services::sns::state::Sns;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub name: Option<String>,
        pub platform: Option<String>,
        pub attributes: Option<BTreeMap<String, String>>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub platform_application_arn: Option<String>,
    }

    pub fn run(
        ctx: &mut Context<'_>,
        sns: &mut Sns,
        request: Request,
    ) -> Result<Response, SnsError> {
        let given = |text: Option<String>, name: &str| {
            text.filter(|text| !text.is_empty()).ok_or_else(|| SnsError::missing(name))
        };
        let (name, platform) = (given(request.name, "Name")?, given(request.platform, "Platform")?);
        let attributes = request.attributes.unwrap_or_default();
        let arn = sns.platforms.create(ctx, (&platform, &name), attributes)?;
        Ok(Response { platform_application_arn: Some(arn) })
    }
}

/// DeletePlatformApplication: forgets an application with its endpoints.
pub mod delete_platform_application {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::sns::error::SnsError;
    use crate::services::sns::state::Sns;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub platform_application_arn: Option<String>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        _ctx: &mut Context<'_>,
        sns: &mut Sns,
        request: Request,
    ) -> Result<Response, SnsError> {
        sns.platforms.delete(request.platform_application_arn.as_deref())?;
        Ok(Response {})
    }
}

/// ListPlatformApplications: applications in pages of 100.
pub mod list_platform_applications {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::sns::error::SnsError;
    use crate::services::sns::paging::page;
    use crate::services::sns::shapes::PlatformApplication;
    use crate::services::sns::state::Sns;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub next_token: Option<String>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub platform_applications: Option<Vec<PlatformApplication>>,
        pub next_token: Option<String>,
    }

    pub fn run(
        ctx: &mut Context<'_>,
        sns: &mut Sns,
        request: Request,
    ) -> Result<Response, SnsError> {
        let all = sns.platforms.applications.iter();
        let (page, next_token) = page(ctx, all, request.next_token)?;
        let shown = page.into_iter().map(|(_, application)| PlatformApplication {
            platform_application_arn: Some(application.arn.clone()),
            attributes: Some(application.shown()),
        });
        Ok(Response { platform_applications: Some(shown.collect()), next_token })
    }
}
