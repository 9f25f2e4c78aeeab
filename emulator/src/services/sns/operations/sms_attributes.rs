//! GetSMSAttributes, SetSMSAttributes: the account's settings for text messages.
//!
//! They are kept and have no effect: every text is written down as it is, and none costs anything.
//! Errors: `InvalidParameter`.
//! Source: API reference of each; recordings of 2025-10-13.
//! Unverified: the words for what is no setting.

/// GetSMSAttributes: the settings that are asked for, or all.
pub mod get_sms_attributes {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::sns::error::SnsError;
    use crate::services::sns::state::Sns;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    pub struct Request {
        pub attributes: Option<Vec<String>>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    pub struct Response {
        pub attributes: Option<BTreeMap<String, String>>,
    }

    pub fn run(
        _ctx: &mut Context<'_>,
        sns: &mut Sns,
        request: Request,
    ) -> Result<Response, SnsError> {
        let names = request.attributes.unwrap_or_default();
        Ok(Response { attributes: Some(sns.phones.describe(&names)) })
    }
}

/// SetSMSAttributes: sets some of the settings.
pub mod set_sms_attributes {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::sns::error::SnsError;
    use crate::services::sns::phones::check;
    use crate::services::sns::state::Sns;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    pub struct Request {
        pub attributes: Option<BTreeMap<String, String>>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        ctx: &mut Context<'_>,
        sns: &mut Sns,
        request: Request,
    ) -> Result<Response, SnsError> {
        let attributes = request.attributes.unwrap_or_default();
        check(&attributes)?;
        ctx.not_honoured("attributes")?;
        sns.phones.set(attributes);
        Ok(Response {})
    }
}
