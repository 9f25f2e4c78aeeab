//! A rule's target, checked.

use serde::{Deserialize, Serialize};

use super::constraint;
use super::error::EventsError;
use super::input;
use super::target_kind::{TargetKind, needs_role};
use super::target_parameters as wire;
use crate::kernel::{Arn, Context, RetrySchedule};
use crate::services::shared::json_text;

/// A target as it was put, with its ARNs read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Target {
    pub(super) arn: Arn,
    pub(super) dead_letter: Option<Arn>,
    pub(super) wire: wire::Target,
}

impl Target {
    /// Checks a target.
    ///
    /// # Errors
    /// `ValidationException`.
    pub(super) fn validate(ctx: &mut Context<'_>, wire: wire::Target) -> Result<Self, EventsError> {
        let id = constraint::required("targets.1.member.id", wire.id.clone())?;
        let text = constraint::required("targets.1.member.arn", wire.arn.clone())?;
        let malformed = || {
            EventsError::Validation(format!(
                "Parameter {text} is not valid. Reason: Provided Arn is not in correct format."
            ))
        };
        let arn: Arn = text.parse().map_err(|_| malformed())?;
        let kind = TargetKind::of(&arn).ok_or_else(malformed)?;
        if needs_role(&arn) && wire.role_arn.as_ref().is_none_or(String::is_empty) {
            let text = format!("RoleArn is required for target {arn}.");
            return Err(EventsError::Validation(text));
        }
        check_input(&id, &wire)?;
        if let Some(parameters) = missing(&arn, &wire) {
            return Err(EventsError::Validation(format!(
                "Parameter(s) {parameters} must be specified for target: {id}."
            )));
        }
        for member in kind.without_effect(&wire) {
            ctx.not_honoured(&format!("Targets.{member}"))?;
        }
        if kind == TargetKind::Elsewhere {
            ctx.not_honoured("Targets.Arn")?;
        }
        let dead_letter = match wire.dead_letter_config.as_ref().and_then(|c| c.arn.as_ref()) {
            None => None,
            Some(text) => Some(dead_letter_arn(ctx, text)?),
        };
        Ok(Self { arn, dead_letter, wire })
    }
}

/// The parameters that such a target cannot do without, if they are not there.
///
/// Unverified: those of ECS and Systems Manager.
fn missing(arn: &Arn, wire: &wire::Target) -> Option<&'static str> {
    let needs = |is_there: bool, name| (!is_there).then_some(name);
    match &*arn.service {
        "sqs" if arn.resource.ends_with(".fifo") => match &wire.sqs_parameters {
            None => Some("SqsParameters"),
            Some(sqs) => needs(sqs.message_group_id.is_some(), "MessageGroupId"),
        },
        "batch" => needs(wire.batch_parameters.is_some(), "BatchParameters"),
        "ecs" => needs(wire.ecs_parameters.is_some(), "EcsParameters"),
        "ssm" if arn.resource.starts_with("document/") => {
            needs(wire.run_command_parameters.is_some(), "RunCommandParameters")
        }
        _ => None,
    }
}

/// The standard queue of this region that a text names.
///
/// Source: user guide, "Using dead-letter queues to process undelivered events in EventBridge".
/// Unverified: the words for queues that are FIFO or of another region.
pub(super) fn dead_letter_arn(ctx: &Context<'_>, text: &str) -> Result<Arn, EventsError> {
    let invalid = |reason: &str| {
        EventsError::Validation(format!("Parameter {text} is not valid. Reason: {reason}"))
    };
    let arn = text.parse().ok().filter(|arn: &Arn| &*arn.service == "sqs");
    let arn = arn.ok_or_else(|| invalid("Provided Arn is not in correct format."))?;
    if arn.resource.ends_with(".fifo") {
        return Err(invalid("Dead-letter queues must be standard queues."));
    }
    if arn.scope.region != ctx.scope().region {
        return Err(invalid("Dead-letter queues must be in the Region of the rule."));
    }
    Ok(arn)
}

fn check_input(id: &str, target: &wire::Target) -> Result<(), EventsError> {
    let given =
        [target.input.is_some(), target.input_path.is_some(), target.input_transformer.is_some()];
    if given.iter().filter(|given| **given).count() > 1 {
        return Err(EventsError::Validation(format!(
            "Only one of Input, InputPath, or InputTransformer must be provided for target {id}."
        )));
    }
    let (input, path) = (target.input.as_deref(), target.input_path.as_deref());
    if input.is_some_and(|text| serde_json::from_str::<serde_json::Value>(text).is_err()) {
        return Err(EventsError::Validation(format!(
            "JSON syntax error in input for target {id}."
        )));
    }
    if path.is_some_and(|path| !json_text::is_path(path)) {
        return Err(EventsError::Validation(format!("InputPath for target {id} is invalid.")));
    }
    match &target.input_transformer {
        Some(transformer) => check_transformer(id, transformer),
        None => Ok(()),
    }
}

fn check_transformer(id: &str, transformer: &wire::InputTransformer) -> Result<(), EventsError> {
    let member = "targets.1.member.inputTransformer.inputTemplate";
    let template = constraint::required(member, transformer.input_template.as_deref())?;
    let paths = transformer.input_paths_map.clone().unwrap_or_default();
    for (name, path) in &paths {
        if name.starts_with("AWS.") || !json_text::is_path(path) {
            return Err(EventsError::Validation(format!(
                "InputPathsMap for target {id} contains an invalid key or path: {name}."
            )));
        }
    }
    let unknown = |name: &&str| !paths.contains_key(*name) && !input::RESERVED.contains(name);
    match input::placeholders(template).into_iter().find(unknown) {
        None => Ok(()),
        Some(name) => Err(EventsError::Validation(format!(
            "InputTemplate for target {id} contains invalid placeholder {name}."
        ))),
    }
}

impl Target {
    /// The retry policy as deliveries take it.
    pub(super) fn retries(&self) -> RetrySchedule {
        let policy = self.wire.retry_policy.as_ref();
        let number = |value: Option<i32>| value.and_then(|value| u32::try_from(value).ok());
        let usual = RetrySchedule::EVENTS;
        let attempts = number(policy.and_then(|policy| policy.maximum_retry_attempts));
        let age = number(policy.and_then(|policy| policy.maximum_event_age_in_seconds));
        RetrySchedule {
            attempts_max: attempts.unwrap_or(usual.attempts_max),
            age_max: age.or(usual.age_max),
            ..usual
        }
    }
}
