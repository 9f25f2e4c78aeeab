//! A schedule's target, checked.

use serde::{Deserialize, Serialize};

use super::api::Api;
use super::error::SchedulerError;
use super::shapes;
use crate::kernel::{Arn, Context, RetrySchedule};
use crate::services::shared::constraint::Constraints;

const ARN_CHARACTERS: (usize, usize) = (1, 1600);
const GROUP_CHARACTERS: (usize, usize) = (1, 128);
const DETAIL_TYPE_CHARACTERS: (usize, usize) = (1, 128);
const SOURCE_CHARACTERS: (usize, usize) = (1, 256);
const AGE_SECONDS: (i32, i32) = (60, 86_400);
const ATTEMPTS: (i32, i32) = (0, 185);
/// Longest input, in bytes.
///
/// Source: "Quotas for Amazon EventBridge Scheduler", invocation payload.
const INPUT_BYTES_MAX: usize = 256 * 1024;
const ROLE: &str = "^arn:aws[a-z-]*:iam::\\d{12}:role\\/[\\w+=,.@\\/-]+$";

/// A target as it was given, with what it calls.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Target {
    pub(super) wire: shapes::Target,
    pub(super) arn: Arn,
    /// Unset for what is not here: each invocation is given up, with the reason.
    pub(super) api: Option<Api>,
    pub(super) dead_letter: Option<Arn>,
}

impl Constraints {
    /// What the model says of a target.
    pub(in crate::services::scheduler) fn target(&mut self, target: &shapes::Target) {
        self.required("target.arn", target.arn.as_ref());
        self.length("target.arn", target.arn.as_deref(), ARN_CHARACTERS);
        self.required("target.roleArn", target.role_arn.as_ref());
        if let Some(role) = target.role_arn.as_deref().filter(|role| !is_role(role)) {
            let constraint = format!("Member must satisfy regular expression pattern: {ROLE}");
            self.broken("target.roleArn", format_args!(" '{role}'"), constraint);
        }
        if let Some(retries) = &target.retry_policy {
            let age = retries.maximum_event_age_in_seconds;
            self.range("target.retryPolicy.maximumEventAgeInSeconds", age, AGE_SECONDS);
            let attempts = retries.maximum_retry_attempts;
            self.range("target.retryPolicy.maximumRetryAttempts", attempts, ATTEMPTS);
        }
        if let Some(sqs) = &target.sqs_parameters {
            let group = sqs.message_group_id.as_deref();
            self.length("target.sqsParameters.messageGroupId", group, GROUP_CHARACTERS);
        }
        if let Some(event) = &target.event_bridge_parameters {
            let member = "target.eventBridgeParameters.detailType";
            self.required(member, event.detail_type.as_ref());
            self.length(member, event.detail_type.as_deref(), DETAIL_TYPE_CHARACTERS);
            let member = "target.eventBridgeParameters.source";
            self.required(member, event.source.as_ref());
            self.length(member, event.source.as_deref(), SOURCE_CHARACTERS);
        }
    }
}

impl Target {
    /// Checks what the model does not say of a target.
    ///
    /// # Errors
    /// `ValidationException`, or what strict mode refuses.
    pub(super) fn read(
        ctx: &mut Context<'_>,
        wire: shapes::Target,
    ) -> Result<Self, SchedulerError> {
        let text = wire.arn.clone().unwrap_or_default();
        // Unverified: the text.
        let invalid = || SchedulerError::Validation(format!("Provided Arn {text} is not valid."));
        let arn: Arn = text.parse().map_err(|_| invalid())?;
        let api = Api::of(&arn, &wire)?;
        if wire.input.as_ref().is_some_and(|input| input.len() > INPUT_BYTES_MAX) {
            return Err(SchedulerError::validation("The target's Input is too long."));
        }
        for (member, given) in [
            ("Target.Arn", api.is_none()),
            ("Target.EcsParameters", wire.ecs_parameters.is_some()),
            (
                "Target.EventBridgePutEventsV2Parameters",
                wire.event_bridge_put_events_v2_parameters.is_some(),
            ),
            (
                "Target.EventBridgePutRawEventsParameters",
                wire.event_bridge_put_raw_events_parameters.is_some(),
            ),
            ("Target.KinesisParameters", wire.kinesis_parameters.is_some()),
            ("Target.SageMakerPipelineParameters", wire.sage_maker_pipeline_parameters.is_some()),
        ] {
            if given {
                ctx.not_honoured(member)?;
            }
        }
        let dead_letter = wire.dead_letter_config.as_ref().and_then(|it| it.arn.as_deref());
        let dead_letter = dead_letter.map(queue).transpose()?;
        Ok(Self { wire, arn, api, dead_letter })
    }

    /// As it is read back: with the retries that count.
    pub(super) fn told(&self) -> shapes::Target {
        let retries = self.retries();
        let whole = |number: u32| i32::try_from(number).ok();
        let retry_policy = shapes::RetryPolicy {
            maximum_event_age_in_seconds: retries.age_max.and_then(whole),
            maximum_retry_attempts: whole(retries.attempts_max),
        };
        shapes::Target { retry_policy: Some(retry_policy), ..self.wire.clone() }
    }

    /// When a call that failed is made again.
    pub(super) fn retries(&self) -> RetrySchedule {
        let policy = self.wire.retry_policy.clone().unwrap_or_default();
        let bound = |given: Option<i32>| given.and_then(|given| u32::try_from(given).ok());
        RetrySchedule {
            attempts_max: bound(policy.maximum_retry_attempts)
                .unwrap_or(RetrySchedule::EVENTS.attempts_max),
            age_max: bound(policy.maximum_event_age_in_seconds).or(RetrySchedule::EVENTS.age_max),
            ..RetrySchedule::EVENTS
        }
    }
}

fn queue(text: &str) -> Result<Arn, SchedulerError> {
    let arn = text.parse().ok().filter(|arn: &Arn| &*arn.service == "sqs");
    arn.ok_or_else(|| {
        SchedulerError::Validation(format!(
            "1 validation error detected: Value '{text}' at 'target.deadLetterConfig.arn' failed \
             to satisfy constraint: Member must satisfy regular expression pattern: \
             ^arn:aws[a-z-]*:sqs:[a-z0-9\\-]+:\\d{{12}}:[a-zA-Z0-9\\-_]+$"
        ))
    })
}

/// Whether a text is the ARN of a role.
fn is_role(text: &str) -> bool {
    let Ok(arn) = text.parse::<Arn>() else { return false };
    let name = arn.resource.strip_prefix("role/").unwrap_or_default();
    let takes = |c: char| c.is_ascii_alphanumeric() || "_+=,.@/-".contains(c);
    let of_account = arn.account().len() == 12 && arn.account().bytes().all(|b| b.is_ascii_digit());
    &*arn.service == "iam" && of_account && !name.is_empty() && name.chars().all(takes)
}
