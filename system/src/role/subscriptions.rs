//! Which events reach which role: the patterns of its EventBridge rules.

use serde_json::{Value, json};

use super::Role;
use crate::contracts::{EventType, SOURCE_PREFIX, Source};

/// One rule that routes to a role's queue.
#[derive(Clone, Debug, PartialEq)]
pub struct Subscription {
    /// The end of the rule's name.
    pub suffix: &'static str,
    pub pattern: Value,
}

/// The rules of a role; none for those that no event concerns.
pub fn subscriptions(role: Role) -> Vec<Subscription> {
    match role {
        Role::Api | Role::Carrier | Role::Analytics => vec![],
        Role::Orders => vec![
            rule(&[
                EventType::OrderPlaced,
                EventType::PaymentRequested,
                EventType::OrderProcessing,
            ]),
            rule(&[EventType::InventoryReserved, EventType::ReservationFailed]),
            rule(&[EventType::PaymentProcessed, EventType::PaymentFailed]),
        ],
        Role::Inventory => vec![
            rule(&[EventType::OrderPlaced, EventType::OrderShipped]),
            cancelled(false),
            rule(&[EventType::PaymentRefunded, EventType::PaymentVoided]),
        ],
        Role::Payments => {
            vec![rule(&[EventType::PaymentRequested]), cancelled(true)]
        }
        Role::Fulfilment => {
            vec![rule(&[EventType::OrderProcessing, EventType::OrderShipped])]
        }
        Role::Notifications => vec![
            rule(&[
                EventType::OrderPlaced,
                EventType::OrderConfirmed,
                EventType::OrderShipped,
                EventType::OrderDelivered,
                EventType::OrderCancelled,
            ]),
            rule(&[EventType::LowStockAlert]),
            rule(&[EventType::PaymentFailed, EventType::PaymentRefunded]),
        ],
        Role::Projector => {
            let shown = [
                EventType::OrderPlaced,
                EventType::OrderConfirmed,
                EventType::PaymentRequested,
                EventType::OrderProcessing,
                EventType::OrderShipped,
                EventType::OrderDelivered,
                EventType::OrderCancelled,
            ];
            vec![rule(&shown)]
        }
        Role::Bridge => {
            let pattern = json!({"source": Source::ALL.map(Source::on_bus)});
            vec![Subscription { suffix: "all", pattern }]
        }
        Role::Audit => {
            let pattern = json!({"source": [{"prefix": SOURCE_PREFIX}]});
            vec![Subscription { suffix: "all", pattern }]
        }
    }
}

/// All of one source, after which the rule is named.
fn rule(event_types: &[EventType]) -> Subscription {
    let source = event_types[0].source();
    let pattern = json!({"source": [source.on_bus()], "detail-type": event_types});
    Subscription { suffix: source.as_str(), pattern }
}

/// Money comes back before stock does: an order that may have been paid goes to payments first.
fn cancelled(refund_due: bool) -> Subscription {
    let pattern = json!({
        "source": [Source::Orders.on_bus()],
        "detail-type": [EventType::OrderCancelled.name()],
        "detail": {"event_data": {"refund_due": [refund_due]}},
    });
    Subscription { suffix: "cancelled", pattern }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contracts::{Payload, happened, samples, status_after};
    use crate::domain::saga::react;

    /// The few kinds of pattern used above.
    fn routed(role: Role, payload: &Payload) -> bool {
        let listed = |list: &Value, text: &str| {
            list.is_null() || list.as_array().is_some_and(|all| all.contains(&json!(text)))
        };
        subscriptions(role).iter().any(|Subscription { pattern, .. }| {
            let refund = &pattern["detail"]["event_data"]["refund_due"][0];
            let refund_fits = match payload {
                Payload::OrderCancelled { refund_due, .. } => {
                    refund.is_null() || *refund == json!(refund_due)
                }
                _ => refund.is_null(),
            };
            listed(&pattern["source"], payload.event_type().source().on_bus())
                && listed(&pattern["detail-type"], payload.detail_type())
                && refund_fits
        })
    }

    #[test]
    fn every_reaction_of_the_saga_is_reached_by_a_rule_and_no_other_event_is() {
        for payload in samples() {
            let reactions = happened(&payload).map(|happened| react(&happened));
            let reactions = reactions.unwrap_or_default();
            for role in Role::ALL {
                let Some(participant) = role.participant() else {
                    continue;
                };
                let reacts = reactions.iter().any(|(who, _)| *who == participant);
                assert_eq!(routed(role, &payload), reacts, "{role} {payload:?}");
            }
        }
    }

    #[test]
    fn the_projector_is_told_what_it_shows() {
        for payload in samples() {
            let shows = status_after(&payload).is_some();
            assert_eq!(routed(Role::Projector, &payload), shows, "{payload:?}");
        }
    }
}
