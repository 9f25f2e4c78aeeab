//! The rules of one entry of PutEvents.

use serde_json::Value;

use super::constraint;
use super::error::EventsError;
use super::event::Parts;
use super::shapes::PutEventsRequestEntry;
use crate::kernel::{Account, Arn};
use crate::services::shared::json_text::levels;

/// What a given time adds to an entry's size.
const TIME_BYTES: usize = 14;
const BUS_CHARACTERS_MAX: usize = 1600;
/// What AWS's model lets an entry call a bus, the ARN's part in two.
const BUS_ARN: &str = "(arn:aws[\\w-]*:events:[a-z]+-[a-z]+-[\\w-]+:[0-9]{12}:event-bus\\/)?";
const TRACE_HEADER_CHARACTERS_MAX: usize = 500;
const RESOURCE_CHARACTERS_MAX: usize = 2048;
const DETAIL_TYPE_CHARACTERS_MAX: usize = 128;

/// Levels of a detail: the event around it is one more, and JSON is read to 127.
// Differs from AWS: a detail nests at most 126 levels; AWS gives no bound.
const DETAIL_LEVELS_MAX: usize = 126;

/// Code and message of an entry that is refused.
pub(super) type Refusal = (&'static str, String);

/// The bytes that an entry counts for.
pub(super) fn size(entry: &PutEventsRequestEntry) -> usize {
    let texts = [&entry.source, &entry.detail_type, &entry.detail];
    let resources = entry.resources.iter().flatten().map(String::len).sum::<usize>();
    let time = entry.time.map_or(0, |_| TIME_BYTES);
    texts.into_iter().flatten().map(String::len).sum::<usize>() + resources + time
}

/// The lengths and names that the model sets; a request with an entry that breaks one is refused
/// whole.
///
/// # Errors
/// `ValidationException`.
pub(super) fn check_model(number: usize, entry: &PutEventsRequestEntry) -> Result<(), EventsError> {
    let check = |member: &str, text: Option<&str>, max: usize| {
        // Most texts are short: then nothing is counted and no path is written.
        match text.filter(|text| text.len() > max) {
            None => Ok(()),
            text => constraint::at_most(&format!("entries.{number}.member.{member}"), text, max),
        }
    };
    check("eventBusName", entry.event_bus_name.as_deref(), BUS_CHARACTERS_MAX)?;
    if let Some(bus) = entry.event_bus_name.as_deref().filter(|bus| !is_bus(bus)) {
        let member = format!("entries.{number}.member.eventBusName");
        let name = constraint::RULE_NAME;
        let pattern = format!("Member must satisfy regular expression pattern: {BUS_ARN}{name}");
        return Err(constraint::broken(&member, bus, &pattern));
    }
    check("traceHeader", entry.trace_header.as_deref(), TRACE_HEADER_CHARACTERS_MAX)?;
    for (number, resource) in (1..).zip(entry.resources.iter().flatten()) {
        if resource.len() > RESOURCE_CHARACTERS_MAX {
            let member = format!("resources.{number}.member");
            check(&member, Some(resource), RESOURCE_CHARACTERS_MAX)?;
        }
    }
    Ok(())
}

/// Whether a text is a bus's name or ARN. An event for anything else would be delivered to it.
fn is_bus(text: &str) -> bool {
    let Some((_, name)) = text.rsplit_once(":event-bus/") else {
        return constraint::is_name(text);
    };
    let of_events = |arn: Arn| {
        let region = arn.region().split('-').count() >= 3;
        &*arn.service == "events" && region && Account::is_number(arn.account())
    };
    constraint::is_name(name) && text.parse().is_ok_and(of_events)
}

/// Checks an entry.
pub(super) fn check(entry: &PutEventsRequestEntry) -> Result<Parts<'_>, Refusal> {
    fn needed<'t>(name: &str, text: Option<&'t str>) -> Result<&'t str, Refusal> {
        let missing =
            || format!("Parameter {name} is not valid. Reason: {name} is a required argument.");
        text.filter(|text| !text.is_empty()).ok_or_else(|| ("InvalidArgument", missing()))
    }
    let source = needed("Source", entry.source.as_deref())?;
    let detail_type = needed("DetailType", entry.detail_type.as_deref())?;
    let detail = needed("Detail", entry.detail.as_deref())?;
    // Unverified: the words.
    if detail_type.chars().count() > DETAIL_TYPE_CHARACTERS_MAX {
        let text = "Parameter DetailType is not valid. Reason: DetailType is longer than 128 \
                    characters.";
        return Err(("InvalidArgument", text.to_owned()));
    }
    if source.starts_with("aws.") {
        let text = "Not authorized for the source.".to_owned();
        return Err(("NotAuthorizedForSourceException", text));
    }
    let detail_value = serde_json::from_str(detail);
    let is_right = |value: &Value| value.is_object() && levels(value) <= DETAIL_LEVELS_MAX;
    let Some(detail_value) = detail_value.ok().filter(is_right) else {
        return Err(("MalformedDetail", "Detail is malformed.".to_owned()));
    };
    let resources = entry.resources.as_deref().unwrap_or_default();
    Ok(Parts { source, detail_type, detail, detail_value, resources, time: entry.time })
}
