//! Attributes that are JSON: how they are read, and what is said of those that cannot be.

use serde::de::DeserializeOwned;

use super::error::SnsError;
use crate::services::shared::pattern::check_json;

/// Reads the attribute `name`, an object. Types refuse members that they do not know.
///
/// # Errors
/// `InvalidParameter`. What is no JSON is refused in AWS's words, recorded for `RedrivePolicy`.
/// Unverified: what AWS says of wrong and missing members.
pub(super) fn read<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, SnsError> {
    let wrong = |reason: &str| SnsError::parameter(format!("{name}: {reason}"));
    check_json(text).map_err(|reason| wrong(&reason))?;
    // serde would take a list of an object's members too.
    if !text.trim_start().starts_with('{') {
        return Err(wrong("it must be a JSON object"));
    }
    serde_json::from_str(text).map_err(|error| wrong(&told(&error.to_string())))
}

/// What a reader says, without its place in the text and what only programmers know.
fn told(error: &str) -> String {
    let reason = error.rsplit_once(" at line ").map_or(error, |(reason, _)| reason);
    let named = |before: &str| reason.strip_prefix(before)?.split('`').next();
    if let Some(member) = named("unknown field `") {
        return format!("Unexpected JSON member: {member}");
    }
    if let Some(member) = named("missing field `") {
        return format!("{member} must be specified");
    }
    if reason.starts_with("invalid ") || reason.starts_with("unknown variant") {
        return "a member has a wrong value".to_owned();
    }
    reason.to_owned()
}
