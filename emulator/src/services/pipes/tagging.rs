//! Tags of pipes.

use std::collections::BTreeMap;

use super::error::PipesError;
use super::pipe::Pipe;
use super::state::Pipes;
use crate::kernel::{Arn, Context};
use crate::services::shared::constraint::Constraints;

/// Most tags of one pipe, by the model.
const TAGS_MAX: usize = 50;
const KEY_CHARACTERS: (usize, usize) = (1, 128);
const VALUE_CHARACTERS: (usize, usize) = (0, 256);

/// Checks tags.
///
/// # Errors
/// `ValidationException`.
pub(super) fn check(tags: &BTreeMap<String, String>) -> Result<(), PipesError> {
    let mut constraints = Constraints::default();
    constraints.count("tags", " '{...}'", tags.len(), (0, TAGS_MAX));
    for (key, value) in tags.iter().take(TAGS_MAX) {
        constraints.length("tags.key", Some(key), KEY_CHARACTERS);
        constraints.length("tags.value", Some(value), VALUE_CHARACTERS);
    }
    Ok(constraints.done()?)
}

impl Pipes {
    /// The pipe that an ARN names.
    ///
    /// # Errors
    /// `NotFoundException`; `ValidationException` for what is no pipe's ARN.
    pub(super) fn tagged(
        &mut self,
        ctx: &Context<'_>,
        text: Option<&str>,
    ) -> Result<&mut Pipe, PipesError> {
        let mut constraints = Constraints::default();
        constraints.required("resourceArn", text.as_ref());
        constraints.done()?;
        let text = text.unwrap_or_default();
        let arn = text.parse::<Arn>().ok().filter(|arn| &*arn.service == "pipes");
        let name = arn.as_ref().and_then(|arn| arn.resource.strip_prefix("pipe/"));
        let (Some(arn), Some(name)) = (&arn, name) else {
            return Err(PipesError::Validation(format!(
                "1 validation error detected: Value '{text}' at 'resourceArn' failed to satisfy \
                 constraint: Member must satisfy regular expression pattern: \
                 arn:aws([a-z]|\\-)*:([a-zA-Z0-9\\-]+):([a-z]|\\d|\\-)*:([0-9]{{12}})?:(.+)"
            )));
        };
        if arn.scope != *ctx.scope() {
            return Err(PipesError::NotFound(name.to_owned()));
        }
        self.pipe(ctx, name)
    }
}
