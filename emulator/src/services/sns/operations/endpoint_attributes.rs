//! GetEndpointAttributes, SetEndpointAttributes: what a device is like.
//!
//! Limits: 2,048 bytes a value.
//! Errors: `InvalidParameter`, `NotFound`.
//! Source: API reference of each; recordings of 2025-10-31.

/// GetEndpointAttributes: what is known of a device.
pub mod get_endpoint_attributes {
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
        pub endpoint_arn: Option<String>,
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
        let device = sns.platforms.device(request.endpoint_arn.as_deref())?;
        Ok(Response { attributes: Some(device.attributes.clone()) })
    }
}

/// SetEndpointAttributes: sets some attributes of a device.
pub mod set_endpoint_attributes {
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
        pub endpoint_arn: Option<String>,
        pub attributes: Option<BTreeMap<String, String>>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        _ctx: &mut Context<'_>,
        sns: &mut Sns,
        request: Request,
    ) -> Result<Response, SnsError> {
        let attributes = request.attributes.unwrap_or_default();
        sns.platforms.change(request.endpoint_arn.as_deref(), attributes)?;
        Ok(Response {})
    }
}
