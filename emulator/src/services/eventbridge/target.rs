//! A rule's target, checked.

use serde::{Deserialize, Serialize};

use super::constraint::{self, RULE_NAME};
use super::error::EventsError;
use super::input;
use super::target_kind::{TargetKind, needs_role};
use super::target_parameters::{self as wire, RetryPolicy};
use crate::kernel::{Arn, Context, RetrySchedule};
use crate::services::shared::json_text;

/// Longest target id, in characters.
const ID_CHARACTERS_MAX: usize = 64;
const INPUT_CHARACTERS_MAX: usize = 8192;
const PATH_CHARACTERS_MAX: usize = 256;
/// Most paths of an input transformer.
const PATHS_MAX: usize = 100;

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
        constraint::name("targets.1.member.id", &id, ID_CHARACTERS_MAX, RULE_NAME)?;
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
        let group = wire.sqs_parameters.as_ref().and_then(|sqs| sqs.message_group_id.as_ref());
        if &*arn.service == "sqs" && arn.resource.ends_with(".fifo") && group.is_none() {
            return Err(EventsError::Validation(format!(
                "Parameter(s) MessageGroupId must be specified for target: {id}."
            )));
        }
        check_retry_policy(wire.retry_policy.as_ref())?;
        for member in kind.without_effect(&wire) {
            ctx.not_honoured(&format!("Targets.{member}"))?;
        }
        if kind == TargetKind::Elsewhere {
            ctx.not_honoured("Targets.Arn")?;
        }
        let dead_letter = match wire.dead_letter_config.as_ref().and_then(|c| c.arn.as_ref()) {
            None => None,
            Some(text) => Some(dead_letter_arn(text)?),
        };
        Ok(Self { arn, dead_letter, wire })
    }
}

fn dead_letter_arn(text: &str) -> Result<Arn, EventsError> {
    let arn = text.parse().ok().filter(|arn: &Arn| &*arn.service == "sqs");
    arn.ok_or_else(|| {
        EventsError::Validation(format!(
            "Parameter {text} is not valid. Reason: Provided Arn is not in correct format."
        ))
    })
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
    constraint::at_most("targets.1.member.input", input, INPUT_CHARACTERS_MAX)?;
    constraint::at_most("targets.1.member.inputPath", path, PATH_CHARACTERS_MAX)?;
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
    constraint::at_most(member, Some(template), INPUT_CHARACTERS_MAX)?;
    let paths = transformer.input_paths_map.clone().unwrap_or_default();
    if paths.len() > PATHS_MAX {
        let member = "targets.1.member.inputTransformer.inputPathsMap";
        return constraint::entries(member, paths.len(), PATHS_MAX);
    }
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

fn check_retry_policy(policy: Option<&RetryPolicy>) -> Result<(), EventsError> {
    let Some(policy) = policy else { return Ok(()) };
    let path = "targets.1.member.retryPolicy";
    let attempts = format!("{path}.maximumRetryAttempts");
    constraint::range(&attempts, policy.maximum_retry_attempts, 0, 185)?;
    let age = format!("{path}.maximumEventAgeInSeconds");
    constraint::range(&age, policy.maximum_event_age_in_seconds, 60, 86_400)
}
