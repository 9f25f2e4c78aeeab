//! What a target gets of an event: all of it, a part, a constant, or a template filled in.
//!
//! What a template gives must be JSON, or several JSON values one after the other (texts on lines
//! of their own); anything else is taken when the target is put, and fails it at each event.
//!
//! Source: user guide "Amazon EventBridge input transformation"; recordings of 2024-05-14 and
//! 2024-06-11.

use std::sync::Arc;

use serde::de::IgnoredAny;

use super::rule::Rule;
use super::target_parameters::{InputTransformer, Target};
use crate::services::shared::{json_text, template};
use crate::wire::Timestamp;

/// Names that a template may use without defining them.
pub(super) const RESERVED: [&str; 5] = [
    "aws.events.rule-arn",
    "aws.events.rule-name",
    "aws.events.event.ingestion-time",
    "aws.events.event",
    "aws.events.event.json",
];

/// The body of a delivery.
///
/// # Errors
/// The reason why the target can't get this event.
pub(super) fn body(
    now: Timestamp,
    rule: &Rule,
    target: &Target,
    envelope: &Arc<str>,
) -> Result<Arc<str>, &'static str> {
    Ok(match (&target.input, &target.input_path, &target.input_transformer) {
        (Some(input), _, _) => input.as_str().into(),
        // Unverified: what AWS sends when the path leads nowhere.
        (_, Some(path), _) => {
            json_text::find(envelope, path).map_or_else(|| "null".into(), Into::into)
        }
        (_, _, Some(transformer)) => {
            let value = |name: &str| value(now, rule, transformer, envelope, name);
            fill(transformer.input_template.as_deref().unwrap_or_default(), value)?.into()
        }
        (None, None, None) => Arc::clone(envelope),
    })
}

/// The names between `<` and `>` in a template.
pub(super) fn placeholders(template: &str) -> Vec<&str> {
    template::placeholders(template, is_name)
}

fn is_name(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
}

/// A placeholder's value as JSON; `None` where the event has none.
fn value(
    now: Timestamp,
    rule: &Rule,
    transformer: &InputTransformer,
    envelope: &str,
    name: &str,
) -> Option<String> {
    let quoted = |text: &str| Some(format!("\"{text}\""));
    match name {
        "aws.events.rule-arn" => quoted(&rule.arn.to_string()),
        "aws.events.rule-name" => quoted(&rule.name),
        "aws.events.event.ingestion-time" => quoted(&now.iso_seconds()),
        "aws.events.event.json" => Some(envelope.to_owned()),
        "aws.events.event" => Some(without_detail(now, envelope)),
        _ => {
            let path = transformer.input_paths_map.as_ref()?.get(name)?;
            json_text::find(envelope, path)
        }
    }
}

/// `aws.events.event`: no detail, the time of ingestion, and one name spelt differently.
fn without_detail(now: Timestamp, envelope: &str) -> String {
    let part = |name: &str| json_text::find(envelope, &format!("$.{name}")).unwrap_or_default();
    format!(
        "{{\"version\":{},\"id\":{},\"detailType\":{},\"source\":{},\"account\":{},\
         \"time\":\"{}\",\"region\":{},\"resources\":{}}}",
        part("version"),
        part("id"),
        part("detail-type"),
        part("source"),
        part("account"),
        now.iso_seconds(),
        part("region"),
        part("resources"),
    )
}

/// # Errors
/// The reason why the target can't get this event.
fn fill(template: &str, value: impl Fn(&str) -> Option<String>) -> Result<String, &'static str> {
    let out = template::fill(template, is_name, value)?;
    let values = serde_json::Deserializer::from_str(&out).into_iter::<IgnoredAny>();
    let is_json = values.map(|value| value.is_ok()).reduce(|all, each| all && each);
    match is_json {
        Some(true) => Ok(out),
        _ => Err("the input template does not give JSON"),
    }
}
