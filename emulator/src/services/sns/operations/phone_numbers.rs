//! ListSMSSandboxPhoneNumbers, GetSMSSandboxAccountStatus, ListOriginationNumbers: which numbers an
//! account knows, and which it may text.
//!
//! Limits: pages of 100 and 30 numbers.
//! Errors: `InvalidParameter`.
//! Source: API reference of each.

/// ListSMSSandboxPhoneNumbers: the numbers of the sandbox.
pub mod list_sms_sandbox_phone_numbers {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::sns::error::SnsError;
    use crate::services::sns::paging::{page_of, page_size};
    use crate::services::sns::shapes::SMSSandboxPhoneNumber;
    use crate::services::sns::state::Sns;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub next_token: Option<String>,
        pub max_results: Option<i32>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub phone_numbers: Option<Vec<SMSSandboxPhoneNumber>>,
        pub next_token: Option<String>,
    }

    pub fn run(
        ctx: &mut Context<'_>,
        sns: &mut Sns,
        request: Request,
    ) -> Result<Response, SnsError> {
        let most = page_size(request.max_results, 100)?;
        let (page, next_token) = page_of(ctx, sns.phones.sandbox.iter(), request.next_token, most)?;
        let numbers = page.into_iter().map(|(number, state)| SMSSandboxPhoneNumber {
            phone_number: Some(number.clone()),
            status: Some(if state.verified { "Verified" } else { "Pending" }.to_owned()),
        });
        Ok(Response { phone_numbers: Some(numbers.collect()), next_token })
    }
}

/// GetSMSSandboxAccountStatus: whether the account may text verified numbers only.
pub mod get_sms_sandbox_account_status {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::sns::error::SnsError;
    use crate::services::sns::state::Sns;

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Request {}

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub is_in_sandbox: Option<bool>,
    }

    pub fn run(
        _ctx: &mut Context<'_>,
        _sns: &mut Sns,
        _request: Request,
    ) -> Result<Response, SnsError> {
        // Differs from AWS: an account begins outside of the SMS sandbox, so that every text
        // arrives.
        Ok(Response { is_in_sandbox: Some(false) })
    }
}

/// ListOriginationNumbers: the account's own numbers, of which there are none here.
pub mod list_origination_numbers {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::sns::error::SnsError;
    use crate::services::sns::paging::page_size;
    use crate::services::sns::shapes::PhoneNumberInformation;
    use crate::services::sns::state::Sns;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub next_token: Option<String>,
        pub max_results: Option<i32>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub phone_numbers: Option<Vec<PhoneNumberInformation>>,
        pub next_token: Option<String>,
    }

    pub fn run(
        _ctx: &mut Context<'_>,
        _sns: &mut Sns,
        request: Request,
    ) -> Result<Response, SnsError> {
        page_size(request.max_results, 30)?;
        Ok(Response { phone_numbers: Some(Vec::new()), next_token: None })
    }
}
