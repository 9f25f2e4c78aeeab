//! CreatePartnerEventSource, DeletePartnerEventSource, DescribePartnerEventSource: what only
//! partners of AWS's may use. No account here is one.
//!
//! Errors: `OperationDisabledException`, `ResourceNotFoundException`, `ValidationException`.
//! Source: API reference of each.
//! Unverified: what AWS answers to an account that is no partner.

/// CreatePartnerEventSource: offers a source to a customer.
pub mod create_partner_event_source {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::eventbridge::constraint;
    use crate::services::eventbridge::error::EventsError;
    use crate::services::eventbridge::state::EventBridge;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub account: Option<String>,
        pub name: Option<String>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub event_source_arn: Option<String>,
    }

    pub fn run(
        _ctx: &mut Context<'_>,
        _events: &mut EventBridge,
        request: Request,
    ) -> Result<Response, EventsError> {
        constraint::required("name", request.name)?;
        Err(EventsError::NoPartner)
    }
}

/// DeletePartnerEventSource: takes a source back; one that is not there is no error.
pub mod delete_partner_event_source {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::eventbridge::constraint;
    use crate::services::eventbridge::error::EventsError;
    use crate::services::eventbridge::state::EventBridge;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub account: Option<String>,
        pub name: Option<String>,
    }

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        _ctx: &mut Context<'_>,
        _events: &mut EventBridge,
        request: Request,
    ) -> Result<Response, EventsError> {
        constraint::required("name", request.name)?;
        Ok(Response {})
    }
}

/// DescribePartnerEventSource: one source of this partner.
pub mod describe_partner_event_source {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::eventbridge::constraint;
    use crate::services::eventbridge::error::EventsError;
    use crate::services::eventbridge::state::EventBridge;

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Request {
        pub name: Option<String>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub arn: Option<String>,
        pub name: Option<String>,
    }

    pub fn run(
        _ctx: &mut Context<'_>,
        _events: &mut EventBridge,
        request: Request,
    ) -> Result<Response, EventsError> {
        Err(EventsError::EventSourceNotFound(constraint::required("name", request.name)?))
    }
}
