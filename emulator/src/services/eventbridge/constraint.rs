//! The checks that AWS makes of a request's members before the operation sees it.

use super::error::EventsError;
use crate::kernel::Arn;
use crate::services::shared::model::Model;

/// What requests must be.
pub(super) static MODEL: Model =
    Model::new(include_str!("model.json"), |_, broken| EventsError::from(broken).into());

/// What names may be made of, as AWS writes it.
pub(super) const RULE_NAME: &str = "[\\.\\-_A-Za-z0-9]+";

/// Whether a text is made of what [`RULE_NAME`] says.
pub(super) fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c))
}

/// `1 validation error detected: Value '<value>' at '<member>' failed to satisfy constraint: …`
pub(super) fn broken(member: &str, value: &str, constraint: &str) -> EventsError {
    EventsError::Validation(format!(
        "1 validation error detected: Value '{value}' at '{member}' failed to satisfy constraint: \
         {constraint}"
    ))
}

/// A member that must be there.
pub(super) fn required<T>(member: &str, value: Option<T>) -> Result<T, EventsError> {
    value.ok_or_else(|| {
        EventsError::Validation(format!(
            "1 validation error detected: Value null at '{member}' failed to satisfy constraint: \
             Member must not be null"
        ))
    })
}

/// A text of at most `max` characters.
pub(super) fn at_most(member: &str, value: Option<&str>, max: usize) -> Result<(), EventsError> {
    match value {
        Some(text) if text.chars().count() > max => {
            let constraint = format!("Member must have length less than or equal to {max}");
            Err(broken(member, text, &constraint))
        }
        _ => Ok(()),
    }
}

/// A list of one to `max` entries.
pub(super) fn entries(member: &str, count: usize, max: usize) -> Result<(), EventsError> {
    let constraint = if count == 0 {
        "Member must have length greater than or equal to 1".to_owned()
    } else if count > max {
        format!("Member must have length less than or equal to {max}")
    } else {
        return Ok(());
    };
    Err(broken(member, "[...]", &constraint))
}

/// An ARN of EventBridge's, of something with a name.
pub(super) fn arn(member: &str, value: &str) -> Result<Arn, EventsError> {
    let pattern = "^arn:aws([a-z]|\\-)*:events:([a-z]|\\d|\\-)*:([0-9]{12})?:.+\\/.+$";
    let arn: Option<Arn> = value.parse().ok();
    arn.filter(|arn| &*arn.service == "events" && arn.resource.contains('/')).ok_or_else(|| {
        let constraint = format!("Member must satisfy regular expression pattern: {pattern}");
        broken(member, value, &constraint)
    })
}

/// Of the filters of a list, at most one may be given.
pub(super) fn one_filter(operation: &str, filters: &[&Option<String>]) -> Result<(), EventsError> {
    if filters.iter().filter(|filter| filter.is_some()).count() > 1 {
        return Err(EventsError::Validation(format!(
            "At most one filter is allowed for {operation}. Use either : State, EventSourceArn, \
             or NamePrefix."
        )));
    }
    Ok(())
}
