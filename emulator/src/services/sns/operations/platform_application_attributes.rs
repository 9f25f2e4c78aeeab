//! GetPlatformApplicationAttributes, SetPlatformApplicationAttributes: what an application is like.
//!
//! Limits: 2,048 bytes a value, 16 KiB a credential.
//! Errors: `InvalidParameter`, `NotFound`.
//! Source: API reference of each; recordings of 2025-10-28.

/// GetPlatformApplicationAttributes: what is known of an application, but for its credentials.
pub mod get_platform_application_attributes {
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
        pub platform_application_arn: Option<String>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub attributes: Option<BTreeMap<String, String>>,
    }

    pub fn run(
        _ctx: &mut Context<'_>,
        sns: &mut Sns,
        request: Request,
    ) -> Result<Response, SnsError> {
        let arn = request.platform_application_arn;
        let application = sns.platforms.application(arn.as_deref())?;
        Ok(Response { attributes: Some(application.shown()) })
    }
}

/// SetPlatformApplicationAttributes: sets some attributes of an application.
pub mod set_platform_application_attributes {
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
        pub platform_application_arn: Option<String>,
        pub attributes: Option<BTreeMap<String, String>>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        _ctx: &mut Context<'_>,
        sns: &mut Sns,
        request: Request,
    ) -> Result<Response, SnsError> {
        let arn = request.platform_application_arn;
        let application = sns.platforms.application(arn.as_deref())?;
        application.set(request.attributes.unwrap_or_default())?;
        Ok(Response {})
    }
}
