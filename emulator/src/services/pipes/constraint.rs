//! What the members of requests must be, by the model.

use super::error::PipesError;
use crate::services::shared::constraint::Constraints;
use crate::services::shared::model::Model;

/// What requests must be.
pub(super) static MODEL: Model =
    Model::new(include_str!("model.json"), |_, broken| PipesError::from(broken).into());

/// The pattern of names, as the model writes it.
const NAME: &str = "[\\.\\-_A-Za-z0-9]+";
const NAME_CHARACTERS: (usize, usize) = (1, 64);

/// The member of a request that has to be a pipe's name.
///
/// # Errors
/// `ValidationException`.
pub(super) fn name(value: Option<String>) -> Result<String, PipesError> {
    let mut constraints = Constraints::default();
    constraints.required("name", value.as_ref());
    constraints.length("name", value.as_deref(), NAME_CHARACTERS);
    let takes = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if let Some(text) = value.as_deref().filter(|text| !text.chars().all(takes)) {
        let constraint = format!("Member must satisfy regular expression pattern: {NAME}");
        constraints.broken("name", format_args!(" '{text}'"), constraint);
    }
    constraints.done()?;
    Ok(value.unwrap_or_default())
}

/// The state that a pipe is to have, if it is there.
///
/// # Errors
/// `ValidationException`.
pub(super) fn desired(value: Option<&str>) -> Result<(), PipesError> {
    let mut constraints = Constraints::default();
    constraints.one_of("desiredState", value, &["RUNNING", "STOPPED"]);
    Ok(constraints.done()?)
}

/// The role, which has to be there.
///
/// # Errors
/// `ValidationException`.
pub(super) fn role(value: Option<&str>) -> Result<(), PipesError> {
    let mut constraints = Constraints::default();
    constraints.required("roleArn", value.as_ref());
    Ok(constraints.done()?)
}
