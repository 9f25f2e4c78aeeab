//! Tags of functions, event source mappings and code signing configurations.

use std::collections::BTreeMap;

use super::address::Address;
use super::error::LambdaError;
use super::permission::no_resource;
use super::state::Lambda;
use crate::kernel::{Arn, Context};
use crate::services::shared::constraint::Constraints;

/// Source: developer guide "Using tags on Lambda functions".
const TAGS_MAX: usize = 50;
const RESOURCE: &str = "arn:(aws[a-zA-Z-]*):lambda:[a-z0-9-]+:\\d{12}:\
    (function:[a-zA-Z0-9-_]+(:(\\$LATEST|[a-zA-Z0-9-_]+))?|\
    code-signing-config:csc-[a-z0-9]{17}|event-source-mapping:[0-9a-fA-F-]{36})";
const KEY_CHARACTERS: (usize, usize) = (1, 128);
const VALUE_CHARACTERS: (usize, usize) = (0, 256);

/// # Errors
/// `ValidationException`, `InvalidParameterValueException`.
// Unverified: the text.
pub(super) fn check(tags: &BTreeMap<String, String>) -> Result<(), LambdaError> {
    let mut it = Constraints::default();
    for (key, value) in tags.iter().take(TAGS_MAX) {
        it.length("tags.key", Some(key), KEY_CHARACTERS);
        it.length("tags.value", Some(value), VALUE_CHARACTERS);
    }
    it.done()?;
    if tags.keys().any(|key| key.starts_with("aws:")) {
        return Err(LambdaError::parameter(
            "Tag keys that begin with aws: are reserved: they can't be set.",
        ));
    }
    match tags.len() <= TAGS_MAX {
        true => Ok(()),
        false => Err(LambdaError::parameter("Number of tags exceeds resource tag limit.")),
    }
}

impl Lambda {
    /// The tags of what an ARN names.
    ///
    /// # Errors
    /// `ResourceNotFoundException`, `ValidationException`, `InvalidParameterValueException` for a
    /// version or an alias.
    pub(super) fn tagged(
        &mut self,
        ctx: &mut Context<'_>,
        text: Option<&str>,
    ) -> Result<&mut BTreeMap<String, String>, LambdaError> {
        let arn = text.and_then(|it| it.parse::<Arn>().ok());
        let arn = arn.filter(|it| &*it.service == "lambda");
        let Some(arn) = arn else {
            let mut it = Constraints::default();
            it.required("resource", text.as_ref());
            if let Some(text) = text {
                it.not_of_pattern("resource", text, RESOURCE);
            }
            it.done()?;
            return Err(no_resource());
        };
        if let Some(id) = arn.resource.strip_prefix("event-source-mapping:") {
            return Ok(&mut self.mappings.get(ctx, Some(id))?.tags);
        }
        if arn.resource.starts_with("code-signing-config:") {
            return Ok(&mut self.code_signing(text)?.tags);
        }
        if !arn.resource.starts_with("function:") {
            return Err(no_resource());
        }
        let address = Address::read(text, None)?;
        if address.qualifier.is_some() {
            return Err(LambdaError::parameter(
                "Tags on function aliases and versions are not supported. Please specify a \
                 function ARN.",
            ));
        }
        Ok(&mut self.function(ctx, &address)?.tags)
    }
}
