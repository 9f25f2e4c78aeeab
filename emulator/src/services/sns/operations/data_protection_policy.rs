//! GetDataProtectionPolicy, PutDataProtectionPolicy: a topic's rules on personal data.
//!
//! They are kept and have no effect.
//! Limits: 30,720 bytes.
//! Errors: `InvalidParameter`, `NotFound`.
//! Source: API reference of each; recordings of 2025-12-18.

/// GetDataProtectionPolicy: the policy as it was put.
pub mod get_data_protection_policy {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::sns::error::SnsError;
    use crate::services::sns::state::Sns;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub resource_arn: Option<String>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub data_protection_policy: Option<String>,
    }

    pub fn run(
        ctx: &mut Context<'_>,
        sns: &mut Sns,
        request: Request,
    ) -> Result<Response, SnsError> {
        let topic = sns.topic(ctx, "ResourceArn", request.resource_arn.as_deref())?;
        Ok(Response { data_protection_policy: topic.data_protection_policy.clone() })
    }
}

/// PutDataProtectionPolicy: sets the policy, or takes it away with an empty text.
pub mod put_data_protection_policy {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::sns::attributes::data_protection;
    use crate::services::sns::error::SnsError;
    use crate::services::sns::state::Sns;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub resource_arn: Option<String>,
        pub data_protection_policy: Option<String>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        ctx: &mut Context<'_>,
        sns: &mut Sns,
        request: Request,
    ) -> Result<Response, SnsError> {
        let topic = sns.topic(ctx, "ResourceArn", request.resource_arn.as_deref())?;
        let policy = data_protection(ctx, request.data_protection_policy)?;
        topic.data_protection_policy = policy;
        Ok(Response {})
    }
}
