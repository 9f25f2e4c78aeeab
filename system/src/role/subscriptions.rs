//! Which events reach which role: the patterns of its EventBridge rules.

use serde_json::{Value, json};

use super::{Role, Saga};
use crate::contracts::{EventType, SOURCE_PREFIX, Source};
use crate::domain::saga::Participant;

/// Which events an EventBridge rule sends to a role's queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Those of these types, all of one source.
    Types(&'static [EventType]),
    /// That an order was cancelled for which money is due back, or none. Money comes back before
    /// stock does: an order that may have been paid goes to payments first.
    Cancelled { refund_due: bool },
    /// All of the known sources.
    OfSources,
    /// All that this system tells, also from sources that are not known here.
    OfSystem,
}

/// One rule that routes to a role's queue.
#[derive(Clone, Debug, PartialEq)]
pub struct Subscription {
    /// The end of the rule's name.
    pub suffix: &'static str,
    pub pattern: Value,
}

/// The rules of a role; none for those that no event concerns.
pub fn subscriptions(role: Role) -> Vec<Subscription> {
    role.row().rules.iter().map(|rule| rule.subscription()).collect()
}

/// What begins an order's saga, and what participants do not do at once when they are asked: a
/// coordinator has to hear of it. All else it hears from them.
const COORDINATED: Rule = Rule::Types(&[
    EventType::OrderPlaced,
    EventType::PaymentRequested,
    EventType::OrderShipped,
    EventType::OrderDelivered,
    EventType::OrderCancelled,
]);

/// The same for either form of the saga: where participants are sent what they have to do, events
/// reach none of them but the orders, who tell the coordinator.
pub fn subscriptions_in(saga: Saga, role: Role) -> Vec<Subscription> {
    match (saga, role.participant()) {
        (Saga::Choreography, _) | (_, None) => subscriptions(role),
        (Saga::StepFunctions, Some(Participant::Orders)) => vec![COORDINATED.subscription()],
        (Saga::StepFunctions, Some(_)) => Vec::new(),
    }
}

impl Rule {
    fn subscription(self) -> Subscription {
        let (suffix, pattern) = match self {
            Self::Types(types) => {
                let source = types[0].source();
                let pattern = json!({"source": [source.on_bus()], "detail-type": types});
                (source.as_str(), pattern)
            }
            Self::Cancelled { refund_due } => {
                let cancelled = EventType::OrderCancelled;
                let pattern = json!({
                    "source": [cancelled.source().on_bus()],
                    "detail-type": [cancelled.name()],
                    "detail": {"event_data": {"refund_due": [refund_due]}},
                });
                ("cancelled", pattern)
            }
            Self::OfSources => ("all", json!({"source": Source::ALL.map(Source::on_bus)})),
            Self::OfSystem => ("all", json!({"source": [{"prefix": SOURCE_PREFIX}]})),
        };
        Subscription { suffix, pattern }
    }
}

/// Whether an event reaches a role, by the few kinds of pattern used above.
#[cfg(test)]
pub(crate) fn reaches(payload: &crate::contracts::Payload, role: Role) -> bool {
    use crate::contracts::Payload;
    let listed = |list: &Value, text: &str| {
        let is_listed = |it: &Value| {
            let prefix = it["prefix"].as_str();
            *it == json!(text) || prefix.is_some_and(|prefix| text.starts_with(prefix))
        };
        list.is_null() || list.as_array().is_some_and(|all| all.iter().any(is_listed))
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::contracts::{happened, samples, status_after};
    use crate::domain::saga::react;

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
                let listens = reaches(&payload, role);
                assert_eq!(listens, reacts, "do rules of {role} select {payload:?}, does it react");
            }
        }
    }

    #[test]
    fn the_projector_is_told_what_it_shows() {
        for payload in samples() {
            let shows = status_after(&payload).is_some();
            let listens = reaches(&payload, Role::Projector);
            assert_eq!(listens, shows, "do rules of projector select {payload:?}, is it shown");
        }
    }

    #[test]
    fn audit_and_bridge_are_told_of_every_event() {
        for payload in samples() {
            for role in [Role::Audit, Role::Bridge] {
                assert!(reaches(&payload, role), "{role}: {payload:?}");
            }
        }
    }

    #[test]
    fn a_rule_is_of_one_source_and_has_a_name_of_its_own() {
        for role in Role::ALL {
            let mut suffixes = BTreeSet::new();
            for rule in role.row().rules {
                assert!(suffixes.insert(rule.subscription().suffix), "{role}: {rule:?}");
                if let Rule::Types(types) = rule {
                    let sources: BTreeSet<_> = types.iter().map(|it| it.source()).collect();
                    assert_eq!(sources.len(), 1, "{role}: {rule:?}");
                }
            }
        }
    }
}
