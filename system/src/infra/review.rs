//! Large orders go to staff as well: a rule on the event's content, and a target that gets a small
//! flat object made of it instead of the event.

use aws_sdk_eventbridge::types::InputTransformer;
use serde_json::{Value, json};

use super::bus::Buses;
use super::queues::Queues;
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

/// Makes queue and rule, or sets them to what they should be. Answers their names.
pub(super) async fn apply(
    queues: &Queues,
    buses: &Buses,
    config: &Config,
) -> Result<Vec<String>, Failure> {
    let Config { names, large_order, .. } = config;
    if *large_order > LARGE_ORDER_MAX {
        return Err(Failure::GiveUp(format!("a large order begins at {LARGE_ORDER_MAX} at most")));
    }
    let (bus, rule) = (names.bus(), names.large_orders_rule());
    let queue = queues.plain_queue(&names.staff_review_queue()).await?;
    let about = format!("Orders from {large_order} minor units on, for staff");
    let arn = buses.rule(&bus, &rule, &pattern(*large_order), &about).await?;
    queues.let_in(&queue, "events.amazonaws.com", &[arn]).await?;
    buses.target(&bus, &rule, &queue.arn, Some(transformer())).await?;
    Ok(vec![queue.name, rule])
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
fn transformer() -> InputTransformer {
    let fields: Vec<_> = FIELDS.iter().map(|(name, _)| format!("\"{name}\": <{name}>")).collect();
    let template = format!("{{{}}}", fields.join(", "));
    let mut transformer = InputTransformer::builder().input_template(template);
    for (name, path) in FIELDS {
        transformer = transformer.input_paths_map(name, path);
    }
    transformer.build().expect("there is a template")
}
