//! CreateSMSSandboxPhoneNumber, VerifySMSSandboxPhoneNumber, DeleteSMSSandboxPhoneNumber: numbers
//! that are verified by a code.
//!
//! The code is in the text to the number, which can be read in the outbox.
//! Limits: 10 numbers.
//! Errors: `InvalidParameter`, `OptedOut`, `UserError`, `ResourceNotFound`,
//! `VerificationException`.
//! Source: API reference of each; developer guide "SMS sandbox".

/// CreateSMSSandboxPhoneNumber: sends a number its code.
pub mod create_sms_sandbox_phone_number {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::sns::error::SnsError;
    use crate::services::sns::phones;
    use crate::services::sns::state::Sns;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub phone_number: Option<String>,
        pub language_code: Option<String>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        ctx: &mut Context<'_>,
        sns: &mut Sns,
        request: Request,
    ) -> Result<Response, SnsError> {
        let number = phones::checked(request.phone_number.as_deref())?;
        if request.language_code.is_some_and(|code| code != "en-US") {
            ctx.not_honoured("LanguageCode")?;
        }
        sns.phones.add(ctx, &number)?;
        Ok(Response {})
    }
}

/// VerifySMSSandboxPhoneNumber: takes the code that a number was sent.
pub mod verify_sms_sandbox_phone_number {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::sns::error::SnsError;
    use crate::services::sns::phones;
    use crate::services::sns::state::Sns;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub phone_number: Option<String>,
        pub one_time_password: Option<String>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        _ctx: &mut Context<'_>,
        sns: &mut Sns,
        request: Request,
    ) -> Result<Response, SnsError> {
        let number = phones::checked(request.phone_number.as_deref())?;
        let known = sns.phones.sandbox.get_mut(&number);
        let known = known.ok_or_else(|| SnsError::SandboxNumberNotFound(number.clone()))?;
        if request.one_time_password.as_deref() != Some(known.code.as_str()) {
            return Err(SnsError::Verification);
        }
        known.verified = true;
        Ok(Response {})
    }
}

/// DeleteSMSSandboxPhoneNumber: takes a number out of the sandbox.
pub mod delete_sms_sandbox_phone_number {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::sns::error::SnsError;
    use crate::services::sns::phones;
    use crate::services::sns::state::Sns;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
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
        let known = sns.phones.sandbox.remove(&number);
        known.map(|_| Response {}).ok_or(SnsError::SandboxNumberNotFound(number))
    }
}
