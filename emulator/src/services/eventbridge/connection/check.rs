//! What the model does not say of the addresses of servers.

use crate::services::eventbridge::error::EventsError;

/// The scheme of an address. AWS's check comes after those of the model.
// Differs from AWS: the address of an API destination may begin with `http://`, for servers on the
// same machine; AWS takes HTTPS only.
pub(in crate::services::eventbridge) fn scheme(
    member: &str,
    url: Option<&str>,
) -> Result<(), EventsError> {
    let is_good = |url: &str| {
        let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
        rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['/', '?', ':']))
    };
    match url {
        Some(url) if !is_good(url) => Err(EventsError::Validation(format!(
            "Parameter {member} is not valid. Reason: it must be the URL of an HTTPS server."
        ))),
        _ => Ok(()),
    }
}
