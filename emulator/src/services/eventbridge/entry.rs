//! The rules of one entry of PutEvents.

use serde_json::Value;

use super::constraint;
use super::error::EventsError;
use super::event::Parts;
use super::shapes::PutEventsRequestEntry;
use crate::services::shared::json_text::levels;

/// What a given time adds to an entry's size.
const TIME_BYTES: usize = 14;
const BUS_CHARACTERS_MAX: usize = 1600;
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

/// The lengths that the model sets; a request with an entry that breaks one is refused whole.
///
/// # Errors
/// `ValidationException`.
pub(super) fn check_lengths(
    number: usize,
    entry: &PutEventsRequestEntry,
) -> Result<(), EventsError> {
    let check = |member: &str, text: Option<&str>, max: usize| {
        // Most texts are short: then nothing is counted and no path is written.
        match text.filter(|text| text.len() > max) {
            None => Ok(()),
            text => constraint::at_most(&format!("entries.{number}.member.{member}"), text, max),
        }
    };
    check("eventBusName", entry.event_bus_name.as_deref(), BUS_CHARACTERS_MAX)?;
    check("traceHeader", entry.trace_header.as_deref(), TRACE_HEADER_CHARACTERS_MAX)?;
    for (number, resource) in (1..).zip(entry.resources.iter().flatten()) {
        if resource.len() > RESOURCE_CHARACTERS_MAX {
            let member = format!("resources.{number}.member");
            check(&member, Some(resource), RESOURCE_CHARACTERS_MAX)?;
        }
    }
    Ok(())
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
