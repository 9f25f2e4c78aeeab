//! The rules of one entry of PutEvents.

use serde_json::Value;

use super::event::Parts;
use super::shapes::PutEventsRequestEntry;

/// What a given time adds to an entry's size.
const TIME_BYTES: usize = 14;

/// Code and message of an entry that is refused.
pub(super) type Refusal = (&'static str, String);

/// The bytes that an entry counts for.
pub(super) fn size(entry: &PutEventsRequestEntry) -> usize {
    let texts = [&entry.source, &entry.detail_type, &entry.detail];
    let resources = entry.resources.iter().flatten().map(String::len).sum::<usize>();
    let time = entry.time.map_or(0, |_| TIME_BYTES);
    texts.into_iter().flatten().map(String::len).sum::<usize>() + resources + time
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
    if source.starts_with("aws.") {
        let text = "Not authorized for the source.".to_owned();
        return Err(("NotAuthorizedForSourceException", text));
    }
    let Ok(detail_value @ Value::Object(_)) = serde_json::from_str(detail) else {
        return Err(("MalformedDetail", "Detail is malformed.".to_owned()));
    };
    let resources = entry.resources.as_deref().unwrap_or_default();
    Ok(Parts { source, detail_type, detail, detail_value, resources, time: entry.time })
}
