//! How events are invoked that nobody waits for: retries, age, and who is told of the end.

use serde::{Deserialize, Serialize};

use super::address::LATEST;
use super::error::LambdaError;
use super::function::Function;
use super::shapes::{DestinationConfig, FunctionEventInvokeConfig, OnFailure, OnSuccess};
use crate::kernel::Context;
use crate::services::shared::constraint::Constraints;
use crate::wire::Timestamp;

/// Source: developer guide "Configuring error handling settings for Lambda asynchronous
/// invocations".
pub(super) const RETRIES: u8 = 2;
pub(super) const AGE_SECONDS: u32 = 6 * 60 * 60;

/// The settings of one qualifier. What was not set has AWS's default.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct EventInvoke {
    /// 0 to 2.
    pub(super) retries: Option<u8>,
    /// 60 to 21,600.
    pub(super) age_seconds: Option<u32>,
    /// ARNs of a queue, a topic, a bus or a function.
    pub(super) on_success: Option<String>,
    pub(super) on_failure: Option<String>,
    pub(super) modified: Timestamp,
}

impl EventInvoke {
    /// How often an event is tried again that failed.
    pub(super) fn retries(&self) -> u8 {
        self.retries.unwrap_or(RETRIES)
    }

    /// How old an event may get.
    pub(super) fn age_seconds(&self) -> u32 {
        self.age_seconds.unwrap_or(AGE_SECONDS)
    }
}

/// Source: the model.
const RETRY_BOUNDS: (i32, i32) = (0, 2);
const AGE_BOUNDS: (i32, i32) = (60, 21_600);
const DESTINATION_CHARACTERS: (usize, usize) = (0, 350);
/// The services of destinations that exist here.
const DESTINATIONS: [&str; 4] = ["sqs", "sns", "events", "lambda"];
/// What the others begin with.
const ABSENT: [&str; 2] = ["arn:aws:s3:", "kafka://"];

/// The members that make and change settings; what is not there stays as it was.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    pub(super) destinations: Option<DestinationConfig>,
    pub(super) age_seconds: Option<i32>,
    pub(super) retries: Option<i32>,
}

impl Wanted {
    /// # Errors
    /// `ValidationException`, `InvalidParameterValueException`.
    pub(super) fn check(&self, function: &Function) -> Result<(), LambdaError> {
        let mut it = Constraints::default();
        it.range("maximumEventAgeInSeconds", self.age_seconds, AGE_BOUNDS);
        it.range("maximumRetryAttempts", self.retries, RETRY_BOUNDS);
        let (success, failure) = self.arns();
        it.length("destinationConfig.onSuccess.destination", success, DESTINATION_CHARACTERS);
        it.length("destinationConfig.onFailure.destination", failure, DESTINATION_CHARACTERS);
        it.done()?;
        if self.destinations.is_none() && self.age_seconds.is_none() && self.retries.is_none() {
            return Err(LambdaError::parameter(
                "You must specify at least one of error handling or destination setting.",
            ));
        }
        for arn in [success, failure].into_iter().flatten().filter(|it| !it.is_empty()) {
            if arn == function.arn.as_str() {
                return Err(LambdaError::parameter(
                    "You can't specify the function as a destination for itself.",
                ));
            }
            // Source: developer guide "Adding a destination". Unverified: the words.
            if arn.ends_with(".fifo") {
                return Err(LambdaError::Parameter(format!(
                    "The destination ARN {arn} is invalid: it must be of a standard queue or topic."
                )));
            }
            if ABSENT.iter().any(|absent| arn.starts_with(absent)) {
                return Err(LambdaError::NotImplemented("A Destination in S3 or Kafka"));
            }
            let service = arn.split(':').nth(2);
            let is_arn = arn.starts_with("arn:") && arn.split(':').count() >= 6;
            if !is_arn || service.is_none_or(|it| !DESTINATIONS.contains(&it)) {
                return Err(LambdaError::Parameter(format!(
                    "The provided destination config DestinationConfig({arn}) is invalid."
                )));
            }
        }
        Ok(())
    }

    fn arns(&self) -> (Option<&str>, Option<&str>) {
        let config = self.destinations.as_ref();
        let success = config.and_then(|it| it.on_success.as_ref()?.destination.as_deref());
        (success, config.and_then(|it| it.on_failure.as_ref()?.destination.as_deref()))
    }

    /// The settings after `before`.
    pub(super) fn applied(&self, ctx: &Context<'_>, before: EventInvoke) -> EventInvoke {
        let (success, failure) = self.arns();
        // An empty text takes a destination away.
        let arn = |new: Option<&str>, was: Option<String>| match new {
            None => was,
            Some(new) => Some(new.to_owned()).filter(|it| !it.is_empty()),
        };
        let retries = self.retries.and_then(|it| u8::try_from(it).ok());
        EventInvoke {
            retries: retries.or(before.retries),
            age_seconds: self.age_seconds.map(i32::unsigned_abs).or(before.age_seconds),
            on_success: arn(success, before.on_success),
            on_failure: arn(failure, before.on_failure),
            modified: ctx.now(),
        }
    }
}

impl EventInvoke {
    /// As everybody sees it.
    pub(super) fn shown(&self, function: &Function, qualifier: &str) -> FunctionEventInvokeConfig {
        let on_success = self.on_success.clone().map(|it| OnSuccess { destination: Some(it) });
        let on_failure = self.on_failure.clone().map(|it| OnFailure { destination: Some(it) });
        let destinations = DestinationConfig {
            on_success: Some(on_success.unwrap_or_default()),
            on_failure: Some(on_failure.unwrap_or_default()),
        };
        FunctionEventInvokeConfig {
            destination_config: Some(destinations),
            function_arn: Some(function.qualified(Some(qualifier)).to_string()),
            last_modified: Some(self.modified),
            maximum_event_age_in_seconds: self.age_seconds.and_then(|it| i32::try_from(it).ok()),
            maximum_retry_attempts: self.retries.map(i32::from),
        }
    }
}

impl Function {
    /// Checks that a version or an alias is there whose settings are asked for.
    ///
    /// # Errors
    /// `ResourceNotFoundException`.
    pub(super) fn check_qualifier(&self, qualifier: Option<&str>) -> Result<String, LambdaError> {
        let qualifier = qualifier.unwrap_or(LATEST);
        match self.has(qualifier) {
            true => Ok(qualifier.to_owned()),
            false => {
                let arn = self.qualified(Some(qualifier));
                Err(LambdaError::FunctionNotFound(arn.to_string()))
            }
        }
    }

    /// # Errors
    /// `ResourceNotFoundException`.
    pub(super) fn event_invoke_at(&self, qualifier: &str) -> Result<&EventInvoke, LambdaError> {
        self.event_invoke.get(qualifier).ok_or_else(|| {
            let arn = self.qualified(Some(qualifier));
            LambdaError::NotFound(format!("The function {arn} doesn't have an EventInvokeConfig"))
        })
    }

    /// The settings for an invocation that names `qualifier`.
    pub(super) fn event_invoke_of(&self, qualifier: Option<&str>) -> EventInvoke {
        self.event_invoke.get(qualifier.unwrap_or(LATEST)).cloned().unwrap_or_default()
    }
}
