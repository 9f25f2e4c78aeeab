//! A rule's target, checked.

use std::collections::BTreeMap;

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
/// What the names of paths are made of, as AWS writes it.
const PATH_KEY: &str = "[A-Za-z0-9\\_\\-]+";
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
        if let Some(parameters) = missing(&arn, &wire) {
            return Err(EventsError::Validation(format!(
                "Parameter(s) {parameters} must be specified for target: {id}."
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
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        // Names of AWS's own have a dot, and are refused in its words for them below.
        let fits = !name.is_empty() && name.chars().all(allowed);
        if !fits && !name.starts_with("AWS.") {
            let member = "targets.1.member.inputTransformer.inputPathsMap";
            let constraint = format!(
                "Map keys must satisfy constraint: [Member must have length less than or equal to \
                 256, Member must have length greater than or equal to 1, Member must satisfy \
                 regular expression pattern: {PATH_KEY}]"
            );
            let shown = shown(&paths);
            return Err(constraint::broken(member, &shown, &constraint));
        }
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

/// A map as AWS shows it in a refusal.
fn shown(map: &BTreeMap<String, String>) -> String {
    let entries: Vec<String> = map.iter().map(|(key, value)| format!("{key}={value}")).collect();
    format!("{{{}}}", entries.join(", "))
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
