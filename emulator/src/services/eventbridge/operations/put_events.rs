//! PutEvents: puts events on buses; each is taken or refused by itself.
//!
//! An event for a bus that does not exist gets an id and is gone, as on AWS. With an endpoint of
//! the region called, the events also go to its bus of the other region.
//! Limits: 1 to 10 entries, together less than 1 MB ("the total entry size must be less than 1MB",
//! in the model of botocore 1.44.8; older pages say 256 KB); resources of 2,048 characters, detail
//! types of 128.
//! Errors: `ValidationException`; of an entry `InvalidArgument`, `MalformedDetail`,
//! `NotAuthorizedForSourceException`.
//! Source: API reference "PutEvents"; recordings of 2024-07-11.

use serde::{Deserialize, Serialize};
use serde_with::skip_serializing_none;

use crate::kernel::{Arn, Context, What};
use crate::services::eventbridge::constraint;
use crate::services::eventbridge::endpoint::Endpoint;
use crate::services::eventbridge::entry::{self, Refusal};
use crate::services::eventbridge::error::EventsError;
use crate::services::eventbridge::event::NewEvent;
use crate::services::eventbridge::shapes::PutEventsRequestEntry;
use crate::services::eventbridge::state::{EventBridge, bus_name};

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Request {
    pub entries: Option<Vec<PutEventsRequestEntry>>,
    pub endpoint_id: Option<String>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Response {
    pub failed_entry_count: Option<i32>,
    pub entries: Option<Vec<PutEventsResultEntry>>,
}

#[skip_serializing_none]
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct PutEventsResultEntry {
    pub event_id: Option<String>,
    pub error_code: Option<String>,
    pub error_message: Option<String>,
}

/// Most entries of one call.
const ENTRIES_MAX: usize = 10;
/// Bytes of all entries together stay below this.
const BYTES_MAX: usize = 1024 * 1024;
pub fn run(
    ctx: &mut Context<'_>,
    events: &mut EventBridge,
    request: Request,
) -> Result<Response, EventsError> {
    let entries = constraint::required("entries", request.entries)?;
    constraint::entries("entries", entries.len(), ENTRIES_MAX)?;
    for (number, entry) in (1..).zip(&entries) {
        entry::check_model(number, entry)?;
    }
    let bytes = entries.iter().map(entry::size).sum::<usize>();
    if bytes >= BYTES_MAX {
        return Err(EventsError::validation(
            "Total size of the entries in the request is over the limit.",
        ));
    }
    let endpoint = request.endpoint_id.as_deref();
    let endpoint = match endpoint.map(|id| events.endpoint_of_id(ctx, id)) {
        Some(None) => {
            ctx.not_honoured("EndpointId")?;
            None
        }
        found => found.flatten(),
    };
    let mut failed = 0;
    let mut results = Vec::new();
    for entry in entries {
        let fault = ctx.entry_fault().map(|fault| (fault.query_code, fault.message));
        let outcome = match fault {
            Some(fault) => Err(fault),
            None => put(ctx, events, &entry, endpoint.as_ref())?
                .map_err(|(code, text)| (code.into(), text)),
        };
        results.push(match outcome {
            Ok(id) => PutEventsResultEntry { event_id: Some(id), ..Default::default() },
            Err((code, message)) => {
                failed += 1;
                PutEventsResultEntry {
                    event_id: None,
                    error_code: Some(code.into_owned()),
                    error_message: Some(message),
                }
            }
        });
    }
    let refused = results.iter().filter(|result| result.event_id.is_none()).count();
    events.puts.answered(ctx, (results.len(), refused), bytes);
    Ok(Response { failed_entry_count: Some(failed), entries: Some(results) })
}

fn put(
    ctx: &mut Context<'_>,
    events: &mut EventBridge,
    entry: &PutEventsRequestEntry,
    endpoint: Option<&Endpoint>,
) -> Result<Result<String, Refusal>, EventsError> {
    let parts = match entry::check(entry) {
        Ok(parts) => parts,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let mut event = NewEvent::new(ctx, parts);
    let from_client = || ctx.caller()?.trace_header.clone();
    event.trace_header = entry.trace_header.as_deref().map(Into::into).or_else(from_client);
    let name = bus_name(entry.event_bus_name.as_deref());
    // Of an endpoint either bus may be named; the event goes to the one of this region.
    let here = endpoint.map(|_| name).or(entry.event_bus_name.as_deref());
    if let Some(elsewhere) = bus_elsewhere(ctx, here) {
        // What becomes of it there is told under the event's id.
        // Differs from AWS: PutEvents on another account's bus without permission answers an event
        // id, and the trace says what refused it; AWS refuses the request.
        let bus = ctx.name(&elsewhere.to_string());
        event.cause = ctx.record_note(event.cause, What::Called, &bus, event.id, "PutEvents");
        ctx.deliver(event.to_bus(ctx, elsewhere));
        return Ok(Ok(event.id.to_string()));
    }
    if let Some(copy) = endpoint.and_then(|endpoint| endpoint.copy_of(ctx, name)) {
        ctx.deliver(event.to_bus(ctx, copy));
    }
    match events.bus(ctx, here) {
        Ok(bus) => bus.put(ctx, &event),
        // No error on AWS either.
        Err(EventsError::BusNotFound(bus)) => {
            let reason = "the event bus does not exist";
            tracing::warn!(bus, event = %event.id, "dropped: {reason}");
            let bus = ctx.arn(format!("event-bus/{bus}"));
            let bus = ctx.name(&bus.to_string());
            ctx.record_note(event.cause, What::Dropped, &bus, event.id, reason);
        }
        Err(other) => return Err(other),
    }
    Ok(Ok(event.id.to_string()))
}

/// The bus that an entry names, if it belongs to another account or region.
fn bus_elsewhere(ctx: &Context<'_>, name: Option<&str>) -> Option<Arn> {
    let arn: Arn = name?.parse().ok()?;
    (arn.scope != *ctx.scope()).then_some(arn)
}
