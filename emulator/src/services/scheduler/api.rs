//! Which operation of which service a target's ARN stands for.
//!
//! Source: user guide of EventBridge Scheduler, "Using templated targets" and "Using universal
//! targets" (its table of read-only operations that are not taken).

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::error::SchedulerError;
use super::shapes;
use crate::kernel::Arn;

/// What a universal target's ARN begins with, before `SERVICE:OPERATION`.
const UNIVERSAL: &str = "aws-sdk:";

/// AWS's names of the SDKs' packages for the services that are called otherwise here.
const SERVICES: [(&str, &str); 4] = [
    ("cloudwatchlogs", "logs"),
    ("eventbridge", "events"),
    ("sfn", "states"),
    ("dynamodbstreams", "dynamodbstreams"),
];

/// Operations that begin so only read, and AWS takes none of them.
const READ_ONLY: [&str; 22] = [
    "get",
    "describe",
    "list",
    "poll",
    "receive",
    "search",
    "scan",
    "query",
    "select",
    "read",
    "discover",
    "validate",
    "batchGet",
    "batchDescribe",
    "batchRead",
    "transactGet",
    "adminGet",
    "adminList",
    "testMigration",
    "retrieve",
    "testConnection",
    "translateDocument",
];

/// An operation to be called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Api {
    /// The service's name in ARNs.
    pub(super) service: String,
    pub(super) operation: String,
    kind: Kind,
}

/// What of a schedule becomes the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Kind {
    Queue,
    Topic,
    Bus,
    Function,
    StateMachine,
    /// The input is the request.
    Universal,
}

impl Api {
    /// What `arn` stands for; none for what is not here.
    ///
    /// # Errors
    /// `ValidationException` for what can't be a target.
    // Unverified: the texts.
    pub(super) fn of(arn: &Arn, target: &shapes::Target) -> Result<Option<Self>, SchedulerError> {
        if &*arn.service == "scheduler" {
            return Self::universal(arn, target).map(Some);
        }
        let (kind, operation) = match &*arn.service {
            "sqs" => (Kind::Queue, "SendMessage"),
            "sns" => (Kind::Topic, "Publish"),
            "events" => (Kind::Bus, "PutEvents"),
            "lambda" => (Kind::Function, "Invoke"),
            "states" => (Kind::StateMachine, "StartExecution"),
            _ => return Ok(None),
        };
        let group = target.sqs_parameters.as_ref().and_then(|it| it.message_group_id.as_ref());
        if kind == Kind::Queue && arn.resource.ends_with(".fifo") != group.is_some() {
            return Err(SchedulerError::validation(
                "MessageGroupId must be given for FIFO queues, and for no others.",
            ));
        }
        if kind == Kind::Bus && target.event_bridge_parameters.is_none() {
            return Err(SchedulerError::validation(
                "EventBridgeParameters must be given for the target.",
            ));
        }
        Ok(Some(Self { service: arn.service.to_string(), operation: operation.to_owned(), kind }))
    }

    fn universal(arn: &Arn, target: &shapes::Target) -> Result<Self, SchedulerError> {
        let called = arn.resource.strip_prefix(UNIVERSAL).and_then(|it| it.split_once(':'));
        let unknown = || SchedulerError::Validation(format!("Provided Arn {arn} is not valid."));
        let (package, operation) = called.ok_or_else(unknown)?;
        let mut letters = operation.chars();
        let first = letters.next().filter(char::is_ascii_lowercase).ok_or_else(unknown)?;
        if !operation.chars().all(|c| c.is_ascii_alphanumeric()) {
            return Err(unknown());
        }
        if READ_ONLY.iter().any(|begin| operation.starts_with(begin)) {
            return Err(SchedulerError::Validation(format!(
                "{arn} is a read-only operation, which cannot be a target."
            )));
        }
        let is_object =
            |text: &String| serde_json::from_str::<Value>(text).is_ok_and(|it| it.is_object());
        if !target.input.as_ref().is_none_or(is_object) {
            return Err(SchedulerError::validation("The target's Input has to be a JSON object."));
        }
        let named = SERVICES.iter().find(|(name, _)| *name == package);
        Ok(Self {
            service: named.map_or(package, |(_, name)| name).to_owned(),
            operation: format!("{}{}", first.to_ascii_uppercase(), letters.as_str()),
            kind: Kind::Universal,
        })
    }

    /// The request's members. `input` is the target's, filled in; `event` what is sent without one.
    pub(super) fn request(
        &self,
        arn: &Arn,
        target: &shapes::Target,
        input: Option<&str>,
        event: &str,
    ) -> Value {
        let text = input.unwrap_or(event);
        match self.kind {
            Kind::Universal => input
                .and_then(|input| serde_json::from_str(input).ok())
                .unwrap_or_else(|| json!({})),
            Kind::Queue => {
                let mut request = json!({ "QueueUrl": url(arn), "MessageBody": text });
                let sqs = target.sqs_parameters.as_ref();
                if let Some(group) = sqs.and_then(|sqs| sqs.message_group_id.as_ref()) {
                    request["MessageGroupId"] = group.as_str().into();
                }
                request
            }
            Kind::Topic => json!({ "TopicArn": arn.as_str(), "Message": text }),
            Kind::Bus => {
                let event = target.event_bridge_parameters.clone().unwrap_or_default();
                json!({ "Entries": [{
                    "EventBusName": arn.as_str(),
                    "DetailType": event.detail_type,
                    "Source": event.source,
                    "Detail": input.unwrap_or("{}"),
                }]})
            }
            Kind::Function => json!({
                "FunctionName": arn.as_str(), "InvocationType": "Event", "Payload": payload(text),
            }),
            Kind::StateMachine => json!({ "stateMachineArn": arn.as_str(), "input": text }),
        }
    }
}

/// A queue's URL.
pub(super) fn url(queue: &Arn) -> String {
    format!("https://sqs.{}.amazonaws.com/{}/{}", queue.region(), queue.account(), queue.resource)
}

/// A function's payload, as blobs are written in JSON.
fn payload(text: &str) -> String {
    crate::wire::Blob(text.as_bytes().to_vec()).to_base64()
}
