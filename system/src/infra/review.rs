//! Large orders go to staff as well: a rule on the event's content, and a target that gets a small
//! flat object made of it instead of the event.

use serde_json::{Map, Value, json};

use super::description::policy;
use super::policy::{Sender, Transport};
use super::resource::{Resource, arn_of};
use super::{bus, queues};
use crate::config::{Config, LARGE_ORDER_MAX};
use crate::contracts::EventType;
use crate::failure::Failure;

/// What staff get to see, and where it is in an "Order Placed" event as EventBridge delivers it.
const FIELDS: [(&str, &str); 5] = [
    ("order", "$.detail.order_id"),
    ("customer", "$.detail.event_data.customer_id"),
    ("total", "$.detail.event_data.total.minor_units"),
    ("currency", "$.detail.event_data.total.currency"),
    ("time", "$.detail.timestamp"),
];

/// The queue and the rule that fills it.
pub(super) fn describe(config: &Config, transport: Transport) -> Result<Vec<Resource>, Failure> {
    let Config { names, large_order, .. } = config;
    if *large_order > LARGE_ORDER_MAX {
        return Err(Failure::GiveUp(format!("a large order begins at {LARGE_ORDER_MAX} at most")));
    }
    let queue = queues::plain(names, names.staff_review_queue());
    let about = format!("Orders from {large_order} minor units on, for staff");
    let target = json!({ "Arn": arn_of(&queue.id), "InputTransformer": transformer() });
    let rule = bus::rule(names, names.large_orders_rule(), &about, pattern(*large_order), target);
    let sender = Sender { service: "events.amazonaws.com", sources: vec![arn_of(&rule.id)] };
    let policy = policy(names, &queue, Some(&sender), transport);
    Ok([queue, rule].into_iter().chain(policy).collect())
}

fn pattern(large_order: u64) -> Value {
    let placed = EventType::OrderPlaced;
    json!({
        "source": [placed.source().on_bus()],
        "detail-type": [placed.name()],
        "detail": {"event_data": {"total": {"minor_units": [{"numeric": [">=", large_order]}]}}},
    })
}

/// Without quotes around a placeholder, its value goes in as the JSON that it is.
fn transformer() -> Value {
    let fields: Vec<_> = FIELDS.iter().map(|(name, _)| format!("\"{name}\": <{name}>")).collect();
    let paths: Map<_, _> =
        FIELDS.iter().map(|(name, path)| ((*name).to_owned(), json!(path))).collect();
    json!({ "InputPathsMap": paths, "InputTemplate": format!("{{{}}}", fields.join(", ")) })
}
