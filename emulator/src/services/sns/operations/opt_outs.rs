//! CheckIfPhoneNumberIsOptedOut, ListPhoneNumbersOptedOut, OptInPhoneNumber: phones that want no
//! texts.
//!
//! A phone opts out by answering a text with `STOP`, which is done here through the admin API or in
//! process.
//! Errors: `InvalidParameter`.
//! Source: API reference of each; recordings of 2026-01-13.

/// CheckIfPhoneNumberIsOptedOut: whether a phone wants no texts.
pub mod check_if_phone_number_is_opted_out {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::sns::error::SnsError;
    use crate::services::sns::phones;
    use crate::services::sns::state::Sns;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    pub struct Request {
        pub phone_number: Option<String>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    pub struct Response {
        pub is_opted_out: Option<bool>,
    }

    pub fn run(
        _ctx: &mut Context<'_>,
        sns: &mut Sns,
        request: Request,
    ) -> Result<Response, SnsError> {
        let number = phones::checked(request.phone_number.as_deref())?;
        Ok(Response { is_opted_out: Some(sns.phones.opted_out.contains(&number)) })
    }
}

/// ListPhoneNumbersOptedOut: the phones that want no texts, in pages of 100.
pub mod list_phone_numbers_opted_out {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::sns::error::SnsError;
    use crate::services::sns::paging::page;
    use crate::services::sns::state::Sns;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    pub struct Request {
        pub next_token: Option<String>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    pub struct Response {
        pub phone_numbers: Option<Vec<String>>,
        pub next_token: Option<String>,
    }

    pub fn run(
        ctx: &mut Context<'_>,
        sns: &mut Sns,
        request: Request,
    ) -> Result<Response, SnsError> {
        let all = sns.phones.opted_out.iter().map(|number| (number, ()));
        let (page, next_token) = page(ctx, all, request.next_token)?;
        let numbers = page.into_iter().map(|(number, ())| number.clone());
        Ok(Response { phone_numbers: Some(numbers.collect()), next_token })
    }
}

/// OptInPhoneNumber: lets a phone have texts again.
pub mod opt_in_phone_number {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::sns::error::SnsError;
    use crate::services::sns::phones;
    use crate::services::sns::state::Sns;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "camelCase", default)]
    pub struct Request {
        pub phone_number: Option<String>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        _ctx: &mut Context<'_>,
        sns: &mut Sns,
        request: Request,
    ) -> Result<Response, SnsError> {
        let number = phones::checked(request.phone_number.as_deref())?;
        sns.phones.opted_out.remove(&number);
        Ok(Response {})
    }
}
