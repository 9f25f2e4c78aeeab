//! Which parameters may come together, and AttributesToGet.

use super::super::error::DynamoDbError;
use super::super::expression::{DocumentPath, Projection};

/// The parameters of a request, each with whether it was given.
pub(in super::super) struct Mixing<'m> {
    pub(in super::super) legacy: &'m [(&'m str, bool)],
    pub(in super::super) expressions: &'m [(&'m str, bool)],
}

impl Mixing<'_> {
    /// # Errors
    /// Validation: there are some of both kinds.
    pub(in super::super) fn check(&self) -> Result<(), DynamoDbError> {
        let given = |list: &[(&str, bool)]| {
            let names: Vec<&str> =
                list.iter().filter(|(_, given)| *given).map(|(name, _)| *name).collect();
            names.join(", ")
        };
        let (legacy, expressions) = (given(self.legacy), given(self.expressions));
        if legacy.is_empty() || expressions.is_empty() {
            return Ok(());
        }
        Err(DynamoDbError::validation(format!(
            "Can not use both expression and non-expression parameters in the same request: \
             Non-expression parameters: {{{legacy}}} Expression parameters: {{{expressions}}}"
        )))
    }
}

/// Reads AttributesToGet.
///
/// # Errors
/// Validation: it is empty, or names an attribute twice.
pub(in super::super) fn attributes_to_get(
    given: Option<Vec<String>>,
) -> Result<Option<Projection>, DynamoDbError> {
    let Some(names) = given else { return Ok(None) };
    if names.is_empty() {
        return Err(DynamoDbError::constraint(
            Some("[]"),
            "attributesToGet",
            "Member must have length greater than or equal to 1",
        ));
    }
    let repeated = names.iter().enumerate().find(|(at, name)| names[..*at].contains(name));
    if let Some((_, name)) = repeated {
        return Err(DynamoDbError::invalid(format!("Duplicate value in attribute name: {name}")));
    }
    Ok(Some(Projection::of(names.into_iter().map(DocumentPath::of).collect())))
}
