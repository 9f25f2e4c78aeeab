//! The checks that AWS makes of a request's members before the operation sees it.

use super::error::EventsError;
use crate::kernel::Arn;

/// What names may be made of, as AWS writes it.
pub(super) const RULE_NAME: &str = "[\\.\\-_A-Za-z0-9]+";
pub(super) const BUS_NAME: &str = "[/\\.\\-_A-Za-z0-9]+";

/// Longest name of a connection, an API destination or an endpoint.
pub(super) const NAME_CHARACTERS_MAX: usize = 64;

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

/// A name of 1 to `max` characters of `pattern`: [`RULE_NAME`] or [`BUS_NAME`].
pub(super) fn name(
    member: &str,
    value: &str,
    max: usize,
    pattern: &str,
) -> Result<(), EventsError> {
    if value.is_empty() {
        let constraint = "Member must have length greater than or equal to 1";
        return Err(broken(member, value, constraint));
    }
    at_most(member, Some(value), max)?;
    let allowed = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(c, '.' | '-' | '_')
            || (c == '/' && pattern == BUS_NAME)
    };
    if !value.chars().all(allowed) {
        let constraint = format!("Member must satisfy regular expression pattern: {pattern}");
        return Err(broken(member, value, &constraint));
    }
    Ok(())
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

/// One of the words of an enumeration, in the model's order.
pub(super) fn word(member: &str, value: Option<&str>, words: &[&str]) -> Result<(), EventsError> {
    match value {
        Some(value) if !words.contains(&value) => {
            let words = words.join(", ");
            let constraint = format!("Member must satisfy enum value set: [{words}]");
            Err(broken(member, value, &constraint))
        }
        _ => Ok(()),
    }
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

/// A number between two bounds.
pub(super) fn range(
    member: &str,
    value: Option<i32>,
    min: i32,
    max: i32,
) -> Result<(), EventsError> {
    let Some(value) = value else { return Ok(()) };
    let constraint = if value < min {
        format!("Member must have value greater than or equal to {min}")
    } else if value > max {
        format!("Member must have value less than or equal to {max}")
    } else {
        return Ok(());
    };
    Err(broken(member, &value.to_string(), &constraint))
}
