//! Messages that other services deliver into a group.
//!
//! The target is the ARN of a group, or of a stream in it. Who writes with a role of the account's
//! own (SNS, functions) names the stream, and finds what is missing made for it; others need a
//! resource policy and get a stream of their own.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::error::LogsError;
use super::group::LogGroup;
use super::putting::{Because, NewEvent};
use super::state::Logs;
use crate::kernel::{Arn, Context, Delivery, DeliveryError, MessageId};
use crate::services::shared::policy::PolicyRequest;
use crate::wire::Timestamp;

/// Source: API reference "PutLogEvents".
pub(super) const EVENT_BYTES_MAX: usize = 1_048_576;

/// The parameters of a delivery whose body is a list of events, as PutLogEvents has it.
const BATCH: &str = "logEvents";

/// What the target of a service's own logs begins with; their type follows.
const VENDED: &str = "vended:";

/// The stream of what buses log.
const VENDED_STREAM: &str = "EventBridgeEventBusLogs";

/// An event of a batch.
#[derive(Deserialize)]
struct BatchEvent {
    timestamp: i64,
    message: String,
}

impl Logs {
    /// Takes a delivery in.
    ///
    /// # Errors
    /// [`DeliveryError`] with the reason, the missing policy statement included.
    pub(super) fn take_in(
        &mut self,
        ctx: &mut Context<'_>,
        to: &Arn,
        delivery: &Delivery,
    ) -> Result<(), DeliveryError> {
        if let Some(log_type) = to.resource.strip_prefix(VENDED) {
            return self.take_vended(ctx, log_type, delivery);
        }
        let no_resource = || DeliveryError::NoResource(to.to_string());
        let name = to.resource.strip_prefix("log-group:").ok_or_else(no_resource)?;
        let (group, stream) = match name.split_once(":log-stream:") {
            Some((group, stream)) => (group, Some(stream)),
            None => (name.strip_suffix(":*").unwrap_or(name), None),
        };
        let stream = match stream {
            Some(stream) => {
                if !self.groups.contains_key(group) {
                    let made = self.add_group(LogGroup::new(ctx, group));
                    made.map_err(|error| DeliveryError::Invalid(error.to_string()))?;
                }
                stream.to_owned()
            }
            None => {
                self.groups.get(group).ok_or_else(no_resource)?;
                let stream = stream_of(&delivery.from);
                self.check_policy(ctx, (group, &stream), to, delivery)?;
                stream
            }
        };
        match self.add_stream(ctx, group, &stream) {
            Ok(()) | Err(LogsError::StreamExists) => {}
            Err(error) => return Err(DeliveryError::Invalid(error.to_string())),
        }
        let events = match delivery.parameters.as_deref() {
            Some(BATCH) => batch(&delivery.body)?,
            _ => vec![event(ctx, &delivery.body)],
        };
        if events.iter().any(|event| event.bytes() > EVENT_BYTES_MAX) {
            return Err(DeliveryError::Invalid("the log event is too large".to_owned()));
        }
        let because = Because { cause: delivery.cause, hops: delivery.hops.saturating_add(1) };
        let put = self.put(ctx, (group, &stream), events, because);
        put.map(drop).map_err(|error| DeliveryError::Invalid(error.to_string()))
    }

    /// Takes in a record that a service wrote about a resource of its own, for all groups that a
    /// delivery joins with it. Without one nobody wants it.
    ///
    /// No resource policy is needed: AWS adds it where a delivery is made.
    /// Source of the stream's name: what users of AWS show.
    ///
    /// # Errors
    /// `NoResource` for a group that is not there.
    fn take_vended(
        &mut self,
        ctx: &mut Context<'_>,
        log_type: &str,
        delivery: &Delivery,
    ) -> Result<(), DeliveryError> {
        let groups = self.deliveries.groups_of(delivery.from.as_str(), log_type);
        let groups: Vec<String> = groups.into_iter().map(str::to_owned).collect();
        for arn in groups {
            let name = arn.split_once(":log-group:").map_or("", |(_, name)| name);
            let name = name.strip_suffix(":*").unwrap_or(name);
            match self.add_stream(ctx, name, VENDED_STREAM) {
                Ok(()) | Err(LogsError::StreamExists) => {}
                Err(_) => return Err(DeliveryError::NoResource(arn)),
            }
            let message = delivery.body.to_string();
            let event = NewEvent { timestamp: ctx.now().millis(), message };
            let because = Because { cause: delivery.cause, hops: delivery.hops.saturating_add(1) };
            let put = self.put(ctx, (name, VENDED_STREAM), vec![event], because);
            put.map_err(|error| DeliveryError::Invalid(error.to_string()))?;
        }
        Ok(())
    }

    /// Policies name a stream, all of a group's streams with `:*`, or the group itself.
    fn check_policy(
        &self,
        ctx: &mut Context<'_>,
        (group, stream): (&str, &str),
        to: &Arn,
        delivery: &Delivery,
    ) -> Result<(), DeliveryError> {
        let group_arn = to.scope.arn("logs", format!("log-group:{group}"));
        let stream_arn = format!("{group_arn}:log-stream:{stream}");
        let at = ctx.name(group);
        for action in ["logs:CreateLogStream", "logs:PutLogEvents"] {
            let request = |resource| PolicyRequest {
                principal: delivery.principal.as_str(),
                session: None,
                action,
                resource,
                source_arn: Some(delivery.from.as_str()),
                source_account: Some(delivery.from.account()),
                source_owner: None,
                own_keys: &[],
                now: ctx.now(),
            };
            let decide = |resource| self.policies.evaluate(&request(resource), group_arn.as_str());
            let decision = decide(&stream_arn);
            let allowed = decision.is_allowed() || decide(group_arn.as_str()).is_allowed();
            if !allowed {
                return decision.enforce(ctx, delivery, &at);
            }
        }
        Ok(())
    }
}

/// The stream of a rule's events: a name like those that AWS draws, one a rule.
fn stream_of(from: &Arn) -> String {
    let digest = Sha256::digest(from.as_str());
    let bytes = digest.first_chunk().expect("a SHA-256 has 32 bytes");
    MessageId(u128::from_be_bytes(*bytes)).to_string()
}

/// The events of a batch, in the order of their time.
fn batch(body: &str) -> Result<Vec<NewEvent>, DeliveryError> {
    let read: Result<Vec<BatchEvent>, _> = serde_json::from_str(body);
    let read = read.map_err(|error| DeliveryError::Invalid(error.to_string()))?;
    let mut events: Vec<NewEvent> = read
        .into_iter()
        .map(|BatchEvent { timestamp, message }| NewEvent { timestamp, message })
        .collect();
    events.sort_by_key(|event| event.timestamp);
    Ok(events)
}

/// The event that a message is. One that a target's input transformer made says its time itself.
///
/// Source: API reference "PutTargets", on log groups.
fn event(ctx: &Context<'_>, body: &str) -> NewEvent {
    let now = ctx.now().millis();
    let made: Option<BTreeMap<String, Value>> = serde_json::from_str(body).ok();
    let made = made.filter(|made| {
        made.len() == 2 && made.contains_key("timestamp") && made.contains_key("message")
    });
    let Some(made) = made else { return NewEvent { timestamp: now, message: body.to_owned() } };
    let timestamp = match &made["timestamp"] {
        Value::String(text) => {
            let iso = Timestamp::parse_iso(text).map(Timestamp::millis);
            iso.or_else(|| text.parse().ok())
        }
        other => other.as_i64(),
    };
    let message = match &made["message"] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    NewEvent { timestamp: timestamp.unwrap_or(now), message }
}
