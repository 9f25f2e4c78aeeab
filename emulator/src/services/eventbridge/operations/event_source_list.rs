//! ListEventSources: what partners offer the account. There are no partners here.
//!
//! Errors: `ValidationException`.
//! Source: API reference "ListEventSources".

/// ListEventSources: the sources that partners offer the account.
pub mod list_event_sources {
    use serde::{Deserialize, Serialize};
    use serde_with::skip_serializing_none;

    use crate::kernel::Context;

    use crate::services::eventbridge::error::EventsError;
    use crate::services::eventbridge::state::EventBridge;
    use crate::wire::Timestamp;

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
        pub event_sources: Option<Vec<EventSource>>,
        pub next_token: Option<String>,
    }

    /// A source of a partner.
    #[skip_serializing_none]
    #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    pub struct EventSource {
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
        _request: Request,
    ) -> Result<Response, EventsError> {
        Ok(Response { event_sources: Some(Vec::new()), next_token: None })
    }
}
