//! CreatePlatformEndpoint, DeleteEndpoint, ListEndpointsByPlatformApplication: devices that have an
//! application.
//!
//! Limits: 2,048 bytes a value.
//! Errors: `InvalidParameter`, `NotFound`.
//! Source: API reference of each; recordings of 2025-10-31.

/// CreatePlatformEndpoint: makes a device known, or finds the one with the same token.
pub mod create_platform_endpoint {
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
        pub token: Option<String>,
        pub custom_user_data: Option<String>,
        pub attributes: Option<BTreeMap<String, String>>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub endpoint_arn: Option<String>,
    }

    pub fn run(
        ctx: &mut Context<'_>,
        sns: &mut Sns,
        request: Request,
    ) -> Result<Response, SnsError> {
        let mut attributes = request.attributes.unwrap_or_default();
        // The attribute wins over the member. Recorded on 2025-10-31.
        for (name, value) in
            [("CustomUserData", request.custom_user_data), ("Token", request.token)]
        {
            if let Some(value) = value {
                attributes.entry(name.to_owned()).or_insert(value);
            }
        }
        let arn = request.platform_application_arn;
        let endpoint_arn = sns.platforms.register(ctx, arn.as_deref(), attributes)?;
        Ok(Response { endpoint_arn: Some(endpoint_arn) })
    }
}

/// DeleteEndpoint: forgets a device; one that is not there is no error.
pub mod delete_endpoint {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::sns::error::SnsError;
    use crate::services::sns::state::Sns;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub endpoint_arn: Option<String>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        _ctx: &mut Context<'_>,
        sns: &mut Sns,
        request: Request,
    ) -> Result<Response, SnsError> {
        sns.platforms.forget(request.endpoint_arn.as_deref())?;
        Ok(Response {})
    }
}

/// ListEndpointsByPlatformApplication: an application's devices in pages of 100.
pub mod list_endpoints_by_platform_application {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::sns::error::SnsError;
    use crate::services::sns::paging::page;
    use crate::services::sns::shapes::Endpoint;
    use crate::services::sns::state::Sns;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub platform_application_arn: Option<String>,
        pub next_token: Option<String>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub endpoints: Option<Vec<Endpoint>>,
        pub next_token: Option<String>,
    }

    pub fn run(
        ctx: &mut Context<'_>,
        sns: &mut Sns,
        request: Request,
    ) -> Result<Response, SnsError> {
        let arn = request.platform_application_arn;
        let application = sns.platforms.application(arn.as_deref())?;
        let (page, next_token) = page(ctx, application.devices.iter(), request.next_token)?;
        let shown = page.into_iter().map(|(_, device)| Endpoint {
            endpoint_arn: Some(device.arn.clone()),
            attributes: Some(device.attributes.clone()),
        });
        Ok(Response { endpoints: Some(shown.collect()), next_token })
    }
}
