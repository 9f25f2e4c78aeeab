//! What partner event sources may be called.

use super::constraint;
use super::error::EventsError;
use crate::kernel::Account;

const NAME_CHARACTERS_MAX: usize = 256;
const NAME: &str = "aws\\.partner(/[\\.\\-_A-Za-z0-9]+){2,}";

/// The name of a source that a request must have.
pub(super) fn source_name(member: &str, name: Option<String>) -> Result<String, EventsError> {
    let name = constraint::required(member, name)?;
    constraint::at_most(member, Some(&name), NAME_CHARACTERS_MAX)?;
    let parts = name.strip_prefix("aws.partner/").map(|rest| rest.split('/'));
    let is_good =
        parts.is_some_and(|mut parts| parts.clone().count() >= 2 && parts.all(constraint::is_name));
    if !is_good {
        let constraint = format!("Member must satisfy regular expression pattern: {NAME}");
        return Err(constraint::broken(member, &name, &constraint));
    }
    Ok(name)
}

/// The customer's account that a request must have.
pub(super) fn account(account: Option<String>) -> Result<(), EventsError> {
    let account = constraint::required("account", account)?;
    if !Account::is_number(&account) {
        let constraint = "Member must satisfy regular expression pattern: \\d{12}";
        return Err(constraint::broken("account", &account, constraint));
    }
    Ok(())
}
