//! What an enrichment or a target gets of an event: all of it, or a template filled in.
//!
//! Source: user guide, "Amazon EventBridge Pipes input transformation".

use super::error::PipesError;
use super::event::Event;
use super::pipe::Pipe;
use crate::kernel::Context;
use crate::services::shared::{json_text, template};

const TEMPLATE_CHARACTERS_MAX: usize = 8192;
/// What the names of variables begin with.
const RESERVED: &str = "aws.pipes.";
const VARIABLES: [&str; 8] = [
    "aws.pipes.pipe-arn",
    "aws.pipes.pipe-name",
    "aws.pipes.source-arn",
    "aws.pipes.enrichment-arn",
    "aws.pipes.target-arn",
    "aws.pipes.event.ingestion-time",
    "aws.pipes.event",
    "aws.pipes.event.json",
];

/// Other texts between angle brackets stand for themselves.
fn is_name(text: &str) -> bool {
    let takes = |c: char| c.is_ascii_alphanumeric() || "$._-/[]*'\"".contains(c);
    (text.starts_with('$') || text.starts_with(RESERVED)) && text.chars().all(takes)
}

/// Checks a template.
///
/// # Errors
/// `ValidationException`. Unverified: the texts.
pub(super) fn check(member: &str, template: Option<&str>) -> Result<(), PipesError> {
    let Some(template) = template else { return Ok(()) };
    if template.chars().count() > TEMPLATE_CHARACTERS_MAX {
        return Err(PipesError::Validation(format!(
            "1 validation error detected: Value at '{member}' failed to satisfy constraint: \
             Member must have length less than or equal to {TEMPLATE_CHARACTERS_MAX}"
        )));
    }
    let is_known = |name: &str| match name.starts_with('$') {
        true => name == "$" || json_text::is_path(name),
        false => VARIABLES.contains(&name),
    };
    match template::placeholders(template, is_name).into_iter().find(|name| !is_known(name)) {
        None => Ok(()),
        Some(name) => Err(PipesError::Validation(format!(
            "InputTemplate contains invalid placeholder {name}."
        ))),
    }
}

/// What of an event goes on.
///
/// # Errors
/// The reason why the template does not fit the event.
pub(super) fn of(
    ctx: &Context<'_>,
    pipe: &Pipe,
    template: Option<&str>,
    event: &Event,
) -> Result<String, String> {
    let Some(template) = template.filter(|template| !template.is_empty()) else {
        return Ok(event.text.to_string());
    };
    let decoded = event.decoded();
    let quoted = |text: &str| Some(serde_json::Value::from(text).to_string());
    template::fill(template, is_name, |name| match name {
        "aws.pipes.pipe-arn" => quoted(pipe.arn.as_str()),
        "aws.pipes.pipe-name" => quoted(&pipe.name),
        "aws.pipes.source-arn" => quoted(&pipe.settings.source),
        "aws.pipes.enrichment-arn" => quoted(pipe.settings.enrichment.as_ref()?.as_str()),
        "aws.pipes.target-arn" => quoted(pipe.settings.target.as_str()),
        "aws.pipes.event.ingestion-time" => quoted(&ctx.now().iso_millis()),
        "aws.pipes.event" => Some(event.text.to_string()),
        "aws.pipes.event.json" => Some(decoded.clone()),
        path => json_text::find(&decoded, path),
    })
    .map_err(str::to_owned)
}
