//! What a bus writes down of each step of an event, for the log groups that Logs delivers it to.
//!
//! Knows no group: a record goes to CloudWatch Logs, where a delivery source names the bus.
//!
//! Source: user guide "Amazon EventBridge event bus log schema", "Configuring logs for Amazon
//! EventBridge event buses". Unverified: the levels of steps that are neither errors nor in records
//! that users of AWS show (EVENT_INGEST_SUCCESS and NO_STANDARD_RULES_MATCHED are INFO there).

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::activity::rule_of;
use super::bus::Bus;
use super::event::NewEvent;
use super::rule::Rule;
use super::state::EventBridge;
use crate::kernel::{Arn, Context, Delivery, DeliveryError, MessageId, NodeId, Principal};
use crate::services::shared::json_text;

/// Who delivers logs, as policies name it.
const PRINCIPAL: Principal = Principal::of("delivery.logs.amazonaws.com");
/// Longest record; what makes it longer is dropped and named in it.
const RECORD_BYTES_MAX: usize = 1_000_000;
/// Members of `details` that only full detail has, and that are dropped from long records.
const DETAIL: [&str; 2] = ["event_detail", "target_input"];

/// How much a bus logs, and how weighty a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Error,
    Info,
    Trace,
}

/// What happens to an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    EventReceipt,
    EventIngestSuccess,
    RuleMatchStart,
    RuleMatch,
    NoStandardRulesMatched,
    InvocationStart,
    InvocationAttemptStart,
    InvocationAttemptSuccess,
    InvocationAttemptRetryableFailure,
    InvocationAttemptPermanentFailure,
    InvocationSuccess,
    InvocationFailure,
    InvocationDlq,
}

impl Level {
    fn parse(text: &str) -> Option<Self> {
        match text {
            "ERROR" => Some(Self::Error),
            "INFO" => Some(Self::Info),
            "TRACE" => Some(Self::Trace),
            _ => None,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Error => "ERROR",
            Self::Info => "INFO",
            Self::Trace => "TRACE",
        }
    }
}

impl Step {
    fn row(self) -> (&'static str, Level) {
        match self {
            Self::EventReceipt => ("EVENT_RECEIPT", Level::Trace),
            Self::EventIngestSuccess => ("EVENT_INGEST_SUCCESS", Level::Info),
            Self::RuleMatchStart => ("RULE_MATCH_START", Level::Trace),
            Self::RuleMatch => ("RULE_MATCH", Level::Info),
            Self::NoStandardRulesMatched => ("NO_STANDARD_RULES_MATCHED", Level::Info),
            Self::InvocationStart => ("INVOCATION_START", Level::Trace),
            Self::InvocationAttemptStart => ("INVOCATION_ATTEMPT_START", Level::Trace),
            Self::InvocationAttemptSuccess => ("INVOCATION_ATTEMPT_SUCCESS", Level::Trace),
            Self::InvocationAttemptRetryableFailure => {
                ("INVOCATION_ATTEMPT_RETRYABLE_FAILURE", Level::Error)
            }
            Self::InvocationAttemptPermanentFailure => {
                ("INVOCATION_ATTEMPT_PERMANENT_FAILURE", Level::Error)
            }
            Self::InvocationSuccess => ("INVOCATION_SUCCESS", Level::Info),
            Self::InvocationFailure => ("INVOCATION_FAILURE", Level::Error),
            Self::InvocationDlq => ("INVOCATION_DLQ", Level::Error),
        }
    }
}

/// What a record is about, beside its step.
struct About {
    event_id: String,
    invocation_id: Option<MessageId>,
    cause: NodeId,
    hops: u8,
    error: Option<Value>,
}

/// One invocation of a target for an event: a name for it that needs no memory.
fn invocation_id(event_id: &str, rule: &Arn, target: &str) -> MessageId {
    let digest = Sha256::digest(format!("{event_id} {rule} {target}"));
    let bytes = digest.first_chunk().expect("a SHA-256 has 32 bytes");
    MessageId(u128::from_be_bytes(*bytes))
}

/// An event on its way through a bus that logs.
pub(super) struct Logged {
    about: About,
    details: Value,
    /// AWS's own events are logged only where a rule matches.
    is_of_aws: bool,
}

impl Bus {
    fn log_level(&self) -> Option<Level> {
        Level::parse(self.settings.log_config.as_ref()?.level.as_deref()?)
    }

    fn has_full_detail(&self) -> bool {
        let config = self.settings.log_config.as_ref();
        config.and_then(|config| config.include_detail.as_deref()) == Some("FULL")
    }

    /// Begins to log an event, if the bus logs at all.
    pub(super) fn logged(&self, ctx: &Context<'_>, event: &NewEvent) -> Option<Logged> {
        self.log_level()?;
        let value = event.value();
        let details = json!({
            "caller_account_id": value["account"],
            "source_time_ms": event.time.millis(),
            "source": value["source"],
            "detail_type": value["detail-type"],
            "resources": value["resources"],
            "event_detail": json_text::find(&event.envelope, "$.detail"),
        });
        let is_of_aws = value["source"].as_str().is_some_and(|source| source.starts_with("aws."));
        let about = About {
            event_id: event.id.to_string(),
            invocation_id: None,
            cause: ctx.cause(),
            hops: event.hops,
            error: None,
        };
        Some(Logged { about, details, is_of_aws: is_of_aws && event.only.is_none() })
    }

    /// Logs that an event came, and the rules that it matched.
    pub(super) fn log_matches(&self, ctx: &mut Context<'_>, logged: &Logged, fired: &[Arn]) {
        if fired.is_empty() && logged.is_of_aws {
            return;
        }
        for step in [Step::EventReceipt, Step::EventIngestSuccess, Step::RuleMatchStart] {
            self.log(ctx, step, &logged.about, logged.details.clone());
        }
        if fired.is_empty() {
            self.log(ctx, Step::NoStandardRulesMatched, &logged.about, json!({}));
        }
        let rules = self.rules.values().filter(|rule| fired.contains(&rule.arn));
        rules.for_each(|rule| self.log_rule(ctx, &logged.about, rule));
    }

    fn log_rule(&self, ctx: &mut Context<'_>, about: &About, rule: &Rule) {
        let targets = || rule.targets.values().map(|target| target.arn.as_str());
        let id = |target: &str| invocation_id(&about.event_id, &rule.arn, target);
        let details = json!({
            "rule_arn": rule.arn.as_str(),
            "target_arns": targets().collect::<Vec<_>>(),
            "invocation_ids": targets().map(|it| id(it).to_string()).collect::<Vec<_>>(),
        });
        self.log(ctx, Step::RuleMatch, about, details);
        for target in rule.targets.values() {
            let mut details = json!({
                "rule_arn": rule.arn.as_str(), "target_arn": target.arn.as_str(),
                "attempt_count": 1,
            });
            if let Some(role) = &target.wire.role_arn {
                details["role_arn"] = role.as_str().into();
            }
            let about = About {
                event_id: about.event_id.clone(),
                invocation_id: Some(id(target.arn.as_str())),
                error: None,
                ..*about
            };
            for step in [Step::InvocationStart, Step::InvocationAttemptStart] {
                self.log(ctx, step, &about, details.clone());
            }
        }
    }

    /// Leaves a record, if the bus logs steps of its weight.
    fn log(&self, ctx: &mut Context<'_>, step: Step, about: &About, mut details: Value) {
        let (name, level) = step.row();
        if self.log_level().is_none_or(|wanted| level > wanted) {
            return;
        }
        let drop_detail = |details: &mut Value| -> Vec<String> {
            let members = details.as_object_mut().into_iter().flat_map(|details| {
                DETAIL.into_iter().filter(|member| details.remove(*member).is_some())
            });
            members.map(|member| format!("details.{member}")).collect()
        };
        if !self.has_full_detail() {
            drop_detail(&mut details);
        }
        let mut record = Map::new();
        record.insert("resource_arn".to_owned(), self.arn.as_str().into());
        record.insert("message_timestamp_ms".to_owned(), ctx.now().millis().into());
        record.insert("event_bus_name".to_owned(), self.name.as_str().into());
        if ctx.request_id() != MessageId::default() {
            record.insert("request_id".to_owned(), ctx.request_id().to_string().into());
        }
        record.insert("event_id".to_owned(), about.event_id.as_str().into());
        if let Some(id) = about.invocation_id {
            record.insert("invocation_id".to_owned(), id.to_string().into());
        }
        record.insert("message_type".to_owned(), name.into());
        record.insert("log_level".to_owned(), level.as_str().into());
        if details.to_string().len() > RECORD_BYTES_MAX {
            record.insert("dropped_fields".to_owned(), drop_detail(&mut details).into());
        }
        record.insert("details".to_owned(), details);
        if let Some(error) = &about.error {
            record.insert("error".to_owned(), error.clone());
        }
        let to = ctx.scope().arn("logs", format!("vended:{}_LOGS", level.as_str()));
        let body = Value::from(record).to_string();
        let delivery = Delivery::new((self.arn.clone(), PRINCIPAL), to, body, about.cause);
        ctx.deliver(Delivery { hops: about.hops, ..delivery });
    }
}

impl EventBridge {
    /// Logs what became of a delivery of a rule: `steps`, in their order.
    pub(super) fn log_delivery(
        &mut self,
        ctx: &mut Context<'_>,
        delivery: &Delivery,
        steps: &[Step],
        error: Option<&DeliveryError>,
    ) {
        let Some((bus, _)) = rule_of(&delivery.from) else { return };
        let Some(bus) = self.buses.get(bus).filter(|bus| bus.log_level().is_some()) else { return };
        let event = delivery.dead_letter_body.as_deref().unwrap_or_default();
        let event_id = json_text::find(event, "$.id").unwrap_or_default();
        let event_id = event_id.trim_matches('"').to_owned();
        let target = delivery.to.as_str();
        let attempt = delivery.retry.failed + 1;
        let service = delivery.to.as_str().split(':').nth(2).unwrap_or_default();
        let about = About {
            invocation_id: Some(invocation_id(&event_id, &delivery.from, target)),
            event_id,
            cause: delivery.cause,
            hops: delivery.hops,
            error: error
                .map(|error| json!({"error_message": error.to_string(), "aws_service": service})),
        };
        for step in steps {
            let mut details = json!({"rule_arn": delivery.from.as_str(), "target_arn": target});
            match step {
                Step::InvocationSuccess | Step::InvocationFailure | Step::InvocationDlq => {
                    details["total_attempts"] = attempt.into();
                    let is_success = *step == Step::InvocationSuccess;
                    let status = if is_success { "SUCCESS" } else { "FAILURE" };
                    details["final_invocation_status"] = status.into();
                }
                _ => {
                    let kind = if attempt == 1 { "FIRST" } else { "RETRY" };
                    details["attempt_type"] = kind.into();
                    details["attempt_count"] = attempt.into();
                }
            }
            if *step == Step::InvocationAttemptStart {
                details["target_input"] = (*delivery.body).into();
            }
            bus.log(ctx, *step, &about, details);
        }
    }
}
