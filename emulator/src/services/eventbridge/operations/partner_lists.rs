//! ListPartnerEventSources, ListPartnerEventSourceAccounts: what a partner offers, and to whom. No
//! account here is a partner.
//!
//! Errors: `ResourceNotFoundException`, `ValidationException`.
//! Source: API reference of each.

/// ListPartnerEventSources: the sources of this partner.
pub mod list_partner_event_sources {
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
        pub name_prefix: Option<String>,
        pub next_token: Option<String>,
        pub limit: Option<i32>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub partner_event_sources: Option<Vec<PartnerEventSource>>,
        pub next_token: Option<String>,
    }

    /// A source in a list.
    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct PartnerEventSource {
        pub arn: Option<String>,
        pub name: Option<String>,
    }

    pub fn run(
        _ctx: &mut Context<'_>,
        _events: &mut EventBridge,
        request: Request,
    ) -> Result<Response, EventsError> {
        constraint::required("namePrefix", request.name_prefix)?;
        Ok(Response { partner_event_sources: Some(Vec::new()), next_token: None })
    }
}

/// ListPartnerEventSourceAccounts: the customers of a source.
pub mod list_partner_event_source_accounts {
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
        pub event_source_name: Option<String>,
        pub next_token: Option<String>,
        pub limit: Option<i32>,
    }

    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct Response {
        pub partner_event_source_accounts: Option<Vec<PartnerEventSourceAccount>>,
        pub next_token: Option<String>,
    }

    /// A customer in a list.
    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct PartnerEventSourceAccount {
        pub account: Option<String>,
        pub creation_time: Option<Timestamp>,
        pub expiration_time: Option<Timestamp>,
        pub state: Option<String>,
    }

    pub fn run(
        _ctx: &mut Context<'_>,
        _events: &mut EventBridge,
        request: Request,
    ) -> Result<Response, EventsError> {
        let name = constraint::required("eventSourceName", request.event_source_name)?;
        Err(EventsError::EventSourceNotFound(name))
    }
}
