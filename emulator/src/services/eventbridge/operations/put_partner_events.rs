//! PutPartnerEvents: puts events of a partner; no account here is one, so each entry is refused.
//!
//! Limits: 1 to 20 entries.
//! Errors: `ValidationException`; of an entry `NotAuthorizedForSourceException`.
//! Source: API reference "PutPartnerEvents".
//! Unverified: what AWS answers to an account that is no partner.

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
    pub entries: Option<Vec<PutPartnerEventsRequestEntry>>,
}

/// One event of a partner.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct PutPartnerEventsRequestEntry {
    pub detail: Option<String>,
    pub detail_type: Option<String>,
    pub resources: Option<Vec<String>>,
    pub source: Option<String>,
    pub time: Option<Timestamp>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub failed_entry_count: Option<i32>,
    pub entries: Option<Vec<PutPartnerEventsResultEntry>>,
}

/// What became of one event.
#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct PutPartnerEventsResultEntry {
    pub error_code: Option<String>,
    pub error_message: Option<String>,
    pub event_id: Option<String>,
}

pub fn run(
    _ctx: &mut Context<'_>,
    _events: &mut EventBridge,
    request: Request,
) -> Result<Response, EventsError> {
    let entries = constraint::required("entries", request.entries)?;
    let refused = PutPartnerEventsResultEntry {
        error_code: Some("NotAuthorizedForSourceException".to_owned()),
        error_message: Some("Not authorized for the source.".to_owned()),
        event_id: None,
    };
    let failed_entry_count = i32::try_from(entries.len()).ok();
    Ok(Response { failed_entry_count, entries: Some(vec![refused; entries.len()]) })
}
