//! Who is told what: from an integration event to messages for customers and staff. Pure.

use crate::contracts::{IntegrationEvent, Payload};
use crate::domain::CustomerId;
use crate::domain::order::CancelReason;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Audience {
    Customer,
    Staff,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Priority {
    Normal,
    High,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    pub audience: Audience,
    pub priority: Priority,
    /// Missing when the message is for staff.
    pub customer_id: Option<CustomerId>,
    /// ASCII, at most a hundred characters.
    pub subject: String,
    pub message: String,
}

impl Audience {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Staff => "staff",
        }
    }
}

impl Priority {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::High => "high",
        }
    }
}

/// The messages that an event gives rise to, at most one for each audience.
pub fn notifications(event: &IntegrationEvent) -> Vec<Notification> {
    let subject = event.payload.detail_type();
    let order = event.order_id.as_ref().map_or("", |id| id.as_str());
    let customer = for_customer(&event.payload, order).map(|(customer_id, message)| Notification {
        audience: Audience::Customer,
        priority: Priority::Normal,
        customer_id: Some(customer_id.clone()),
        subject: subject.to_owned(),
        message,
    });
    let staff = for_staff(&event.payload, order).map(|(priority, message)| Notification {
        audience: Audience::Staff,
        priority,
        customer_id: None,
        subject: subject.to_owned(),
        message,
    });
    customer.into_iter().chain(staff).collect()
}

fn for_customer<'a>(payload: &'a Payload, order: &str) -> Option<(&'a CustomerId, String)> {
    Some(match payload {
        Payload::OrderPlaced { customer_id: to, total, .. } => {
            (to, format!("We have received order {order} over {total}."))
        }
        Payload::OrderConfirmed { customer_id: to, confirmation_code: code, .. } => {
            (to, format!("Order {order} is confirmed: {code}."))
        }
        Payload::OrderShipped { customer_id: to, tracking_number } => {
            let parcel = tracking_number.iter().map(|number| format!(" Parcel: {number}."));
            (to, format!("Order {order} is on its way.{}", parcel.collect::<String>()))
        }
        Payload::OrderDelivered { customer_id: to } => {
            (to, format!("Order {order} has been delivered."))
        }
        Payload::OrderCancelled { customer_id: to, reason, .. } => {
            (to, format!("Order {order} was cancelled: {}.", reason.text()))
        }
        _ => return None,
    })
}

fn for_staff(payload: &Payload, order: &str) -> Option<(Priority, String)> {
    Some(match payload {
        Payload::OrderCancelled { reason: CancelReason::CustomerRequest(_), .. } => return None,
        Payload::OrderCancelled { reason, .. } => {
            (Priority::Normal, format!("Order {order} failed: {}.", reason.text()))
        }
        Payload::LowStockAlert { product_id, remaining_stock, threshold } => {
            let left = format!("{remaining_stock} left, alert at {threshold}");
            (Priority::High, format!("Product {product_id} is running low: {left}."))
        }
        Payload::PaymentFailed { reason } => {
            (Priority::High, format!("Payment of order {order} failed: {reason}."))
        }
        Payload::PaymentRefunded { amount: Some(amount) } => {
            (Priority::Normal, format!("Order {order}: {amount} refunded."))
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{OrderId, ProductId, Timestamp};

    fn check(payload: Payload, expected: &[(&str, &str)]) {
        let event = IntegrationEvent {
            event_id: "e-1".into(),
            order_id: OrderId::parse("o-1").ok(),
            payload,
            timestamp: Timestamp::from_millis(0),
            correlation_id: "cor".into(),
            causation_id: "cau".into(),
            stream: "order#o-1".into(),
            sequence: 1,
        };
        let found: Vec<_> = notifications(&event)
            .iter()
            .map(|one| (one.audience.as_str(), one.priority.as_str()))
            .collect();
        assert_eq!(found, expected, "{event:?}");
    }

    #[test]
    fn events_reach_their_audiences() {
        let customer_id = CustomerId::parse("c-1").expect("a customer id");
        let product_id = ProductId::parse("p-1").expect("a product id");
        let cancelled = |reason| Payload::OrderCancelled {
            customer_id: customer_id.clone(),
            reason,
            refund_due: false,
        };
        let customer_only: &[_] = &[("customer", "normal")];
        check(
            Payload::OrderShipped { customer_id: customer_id.clone(), tracking_number: None },
            customer_only,
        );
        check(cancelled(CancelReason::CustomerRequest("no".into())), customer_only);
        let failed = cancelled(CancelReason::PaymentFailed("declined".into()));
        check(failed, &[("customer", "normal"), ("staff", "normal")]);
        let low = Payload::LowStockAlert { product_id, remaining_stock: 3, threshold: 10 };
        check(low, &[("staff", "high")]);
        check(Payload::PaymentVoided {}, &[]);
    }
}
