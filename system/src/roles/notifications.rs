//! Tells customers and staff, once for each event and audience.
//!
//! The inbox is written after SNS took the message: a crash in between repeats a notification, it
//! never loses one.

use futures_util::future::join_all;

use crate::adapters::sns::Notifier;
use crate::app::feed::{Step, StepKind};
use crate::app::notifications::{Notification, needs_order, notifications};
use crate::app::{App, orders};
use crate::contracts::IntegrationEvent;
use crate::domain::order::Order;
use crate::failure::Failure;
use crate::metrics::Counter;
use crate::role::Role;

pub(super) async fn notify(
    app: &App,
    notifier: &Notifier,
    event: &IntegrationEvent,
) -> Result<(), Failure> {
    let order = match &event.order_id {
        Some(order_id) if needs_order(&event.payload) => {
            Some(orders::known(app, order_id, |order| order.details().is_some()).await?)
        }
        _ => None,
    };
    let all = notifications(event, order.as_ref().and_then(Order::details));
    let told = all.iter().map(|notification| tell(app, notifier, event, notification));
    join_all(told).await.into_iter().collect()
}

/// Tells one audience, unless it was told.
async fn tell(
    app: &App,
    notifier: &Notifier,
    event: &IntegrationEvent,
    notification: &Notification,
) -> Result<(), Failure> {
    let key = inbox_key(&event.event_id, notification.audience.as_str());
    if app.inbox.contains(&key).await? {
        tracing::info!(audience = notification.audience.as_str(), "notified before");
        return Ok(());
    }
    publish(notifier, event, notification).await?;
    app.feed.tell(|| Step {
        at: app.clock.now(),
        service: Role::Notifications.as_str(),
        kind: StepKind::Mail,
        what: notification.subject.clone(),
        order_id: event.order_id.clone(),
        to: Some(notification.audience.as_str()),
        text: Some(notification.message.clone()),
    });
    app.inbox.record(&key, app.clock.now()).await?;
    app.metrics.add(Counter::NotificationsSent, 1);
    Ok(())
}

/// By which the inbox knows that an audience was told of an event.
pub fn inbox_key(event_id: &str, audience: &str) -> String {
    format!("notifications#{event_id}#{audience}")
}

async fn publish(
    notifier: &Notifier,
    event: &IntegrationEvent,
    notification: &Notification,
) -> Result<(), Failure> {
    let mut attributes = vec![
        ("audience", notification.audience.as_str()),
        ("priority", notification.priority.as_str()),
        ("event_type", event.payload.detail_type()),
        ("event_id", event.event_id.as_str()),
        ("correlation_id", event.correlation_id.as_str()),
    ];
    if let Some(order_id) = &event.order_id {
        attributes.push(("order_id", order_id.as_str()));
    }
    if let Some(customer_id) = &notification.customer_id {
        attributes.push(("customer_id", customer_id.as_str()));
    }
    notifier.publish(&notification.subject, &notification.message, &attributes).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contracts::samples;
    use crate::domain::Timestamp;
    use crate::role::reaches;

    #[test]
    fn the_role_is_told_of_what_it_tells_and_of_no_other_event() {
        for payload in samples() {
            let event = IntegrationEvent {
                event_id: "e-1".into(),
                order_id: None,
                payload,
                timestamp: Timestamp::from_millis(0),
                correlation_id: "cor".into(),
                causation_id: "cau".into(),
                stream: "order#o-1".into(),
                sequence: 1,
            };
            let tells = !notifications(&event, None).is_empty();
            let listens = reaches(&event.payload, Role::Notifications);
            assert_eq!(listens, tells, "do rules of notifications select {event:?}, is it told");
        }
    }
}
