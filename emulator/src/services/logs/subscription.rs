//! Subscription filters: events that match go on, as they come, to a function or a stream.

use std::io::Write as _;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::group::LogGroup;
use super::pattern::{Event, FilterPattern};
use super::position::Position;
use super::putting::Because;
use super::shapes;
use crate::kernel::{Arn, Context, Delivery};

/// A subscription filter of a group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Subscription {
    pub(super) name: String,
    pub(super) pattern: FilterPattern,
    pub(super) destination: Arn,
    pub(super) role_arn: Option<String>,
    pub(super) distribution: String,
    /// In milliseconds since 1970.
    pub(super) created: i64,
    pub(super) apply_on_transformed_logs: bool,
    pub(super) emit_system_fields: Option<Vec<String>>,
    pub(super) field_selection_criteria: Option<String>,
}

impl Subscription {
    pub(super) fn described(&self, group: &str) -> shapes::SubscriptionFilter {
        shapes::SubscriptionFilter {
            apply_on_transformed_logs: Some(self.apply_on_transformed_logs),
            creation_time: Some(self.created),
            destination_arn: Some(self.destination.to_string()),
            distribution: Some(self.distribution.clone()),
            emit_system_fields: self.emit_system_fields.clone(),
            field_selection_criteria: self.field_selection_criteria.clone(),
            filter_name: Some(self.name.clone()),
            filter_pattern: Some(self.pattern.as_str().to_owned()),
            log_group_name: Some(group.to_owned()),
            role_arn: self.role_arn.clone(),
        }
    }

    fn event(&self, position: Position, event: &Event<'_>) -> Value {
        let mut entry = json!({
            "id": position.id(), "timestamp": position.timestamp, "message": event.message,
        });
        if self.pattern.names_fields() {
            let fields = self.pattern.extracted(event).into_iter();
            // Without the `$` of selectors.
            let fields = fields.map(|(name, value)| (name[1..].to_owned(), Value::String(value)));
            entry["extractedFields"] = Value::Object(fields.collect());
        }
        entry
    }
}

/// Shows new events to the subscription filters of their group, and sends on what matches.
pub(super) fn look(
    ctx: &mut Context<'_>,
    group: &mut LogGroup,
    stream: &str,
    events: &[(Position, Event<'_>)],
    because: Because,
) {
    let name = Arc::clone(&group.name);
    for filter in group.subscriptions.values() {
        let matching = events.iter().filter(|(_, event)| filter.pattern.matches(event));
        let sent: Vec<Value> =
            matching.map(|(position, event)| filter.event(*position, event)).collect();
        if sent.is_empty() {
            continue;
        }
        let count = sent.len();
        let payload = json!({
            "messageType": "DATA_MESSAGE",
            "owner": ctx.account(),
            "logGroup": &*name,
            "logStream": stream,
            "subscriptionFilters": [filter.name],
            "logEvents": sent,
        });
        let data = packed(&payload);
        let bytes = data.len();
        let body = match &*filter.destination.service {
            "lambda" => json!({"awslogs": {"data": data}}).to_string(),
            _ => data,
        };
        let from = group.arn.scope.arn("logs", format!("log-group:{name}:*"));
        let to = filter.destination.clone();
        let delivery = Delivery::new((from, super::PRINCIPAL), to, body, because.cause);
        ctx.deliver(Delivery { hops: because.hops + 1, ..delivery });
        group.activity.forwarded(ctx, &name, count, bytes);
    }
}

/// JSON, compressed and in base64.
///
/// Source: user guide "Subscription filters with AWS Lambda".
pub(super) fn packed(payload: &Value) -> String {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(payload.to_string().as_bytes()).expect("a vector takes all that is written");
    STANDARD.encode(gzip.finish().expect("a vector takes all that is written"))
}
