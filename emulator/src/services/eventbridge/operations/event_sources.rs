//! ActivateEventSource, DeactivateEventSource, DescribeEventSource: what partners offer the
//! account. There are no partners here, so there is none.
//!
//! Errors: `ResourceNotFoundException`, `ValidationException`.
//! Source: API reference of each.

/// ActivateEventSource: lets the events of a partner come.
pub mod activate_event_source {
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

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        _ctx: &mut Context<'_>,
        _events: &mut EventBridge,
        request: Request,
    ) -> Result<Response, EventsError> {
        Err(EventsError::EventSourceNotFound(constraint::required("name", request.name)?))
    }
}

/// DeactivateEventSource: lets the events of a partner come no more.
pub mod deactivate_event_source {
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

    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    pub struct Response {}

    pub fn run(
        _ctx: &mut Context<'_>,
        _events: &mut EventBridge,
        request: Request,
    ) -> Result<Response, EventsError> {
        Err(EventsError::EventSourceNotFound(constraint::required("name", request.name)?))
    }
}

/// DescribeEventSource: one source of a partner.
pub mod describe_event_source {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;
    use crate::services::eventbridge::constraint;
    use crate::services::eventbridge::error::EventsError;
    use crate::services::eventbridge::state::EventBridge;
    use crate::wire::Timestamp;

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
        pub created_by: Option<String>,
        pub creation_time: Option<Timestamp>,
        pub expiration_time: Option<Timestamp>,
        pub name: Option<String>,
        pub state: Option<String>,
    }

    pub fn run(
        _ctx: &mut Context<'_>,
        _events: &mut EventBridge,
        request: Request,
    ) -> Result<Response, EventsError> {
        Err(EventsError::EventSourceNotFound(constraint::required("name", request.name)?))
    }
}
