//! Who is told what: from an integration event to messages for customers and staff. Pure.

use crate::contracts::{IntegrationEvent, Payload};
use crate::domain::CustomerId;
use crate::domain::order::{CancelReason, Details, Line};

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

/// Whether the messages of an event need the customer and what was ordered, and the event itself
/// does not say.
pub fn needs_order(payload: &Payload) -> bool {
    matches!(
        payload,
        Payload::PaymentProcessed { .. }
            | Payload::PaymentFailed { .. }
            | Payload::PaymentRefunded { amount: Some(_) }
    )
}

/// The messages that an event gives rise to, at most one for each audience. `order` is wanted when
/// [`needs_order`] says so; without it only staff is told.
pub fn notifications(event: &IntegrationEvent, order: Option<&Details>) -> Vec<Notification> {
    let subject = event.payload.detail_type();
    let id = event.order_id.as_ref().map_or("", |id| id.as_str());
    let customer =
        for_customer(&event.payload, id, order).map(|(customer_id, message)| Notification {
            audience: Audience::Customer,
            priority: Priority::Normal,
            customer_id: Some(customer_id.clone()),
            subject: subject.to_owned(),
            message,
        });
    let staff = for_staff(&event.payload, id).map(|(priority, message)| Notification {
        audience: Audience::Staff,
        priority,
        customer_id: None,
        subject: subject.to_owned(),
        message,
    });
    customer.into_iter().chain(staff).collect()
}

fn for_customer<'a>(
    payload: &'a Payload,
    id: &str,
    order: Option<&'a Details>,
) -> Option<(&'a CustomerId, String)> {
    let whose = order.map(|order| &order.customer_id);
    Some(match payload {
        Payload::OrderPlaced { customer_id: to, items, total, .. } => {
            (to, format!("We have received order {id} over {total}{}.", listed(items)))
        }
        Payload::OrderConfirmed { customer_id: to, confirmation_code: code, .. } => {
            (to, format!("Order {id} is confirmed: {code}."))
        }
        Payload::OrderProcessing { customer_id: to } => {
            (to, format!("Order {id} is being packed."))
        }
        Payload::OrderShipped { customer_id: to, tracking_number } => {
            let parcel = tracking_number.iter().map(|number| format!(" Parcel: {number}."));
            (to, format!("Order {id} is on its way.{}", parcel.collect::<String>()))
        }
        Payload::OrderDelivered { customer_id: to } => {
            (to, format!("Order {id} has been delivered."))
        }
        Payload::OrderCancelled { customer_id: to, reason, .. } => {
            (to, format!("Order {id} was cancelled: {}.", reason.text()))
        }
        Payload::PaymentProcessed { amount } => {
            (whose?, format!("We have received your payment of {amount} for order {id}."))
        }
        Payload::PaymentFailed { reason } => {
            (whose?, format!("The payment of order {id} failed: {reason}."))
        }
        Payload::PaymentRefunded { amount: Some(amount) } => {
            (whose?, format!("We give you {amount} for order {id} back."))
        }
        _ => return None,
    })
}

/// Of status changes staff hears like customers do; what needs somebody soon has a high priority.
fn for_staff(payload: &Payload, id: &str) -> Option<(Priority, String)> {
    Some(match payload {
        Payload::OrderPlaced { customer_id, items, total, .. } => {
            let items = listed(items);
            (Priority::Normal, format!("{customer_id} placed order {id} over {total}{items}."))
        }
        Payload::OrderConfirmed { customer_id, .. } => {
            (Priority::Normal, format!("{customer_id} confirmed order {id}."))
        }
        Payload::OrderProcessing { .. } => {
            (Priority::Normal, format!("Order {id} is paid and can be packed."))
        }
        Payload::OrderShipped { .. } => (Priority::Normal, format!("Order {id} was shipped.")),
        Payload::OrderDelivered { .. } => (Priority::Normal, format!("Order {id} was delivered.")),
        Payload::OrderCancelled { reason: CancelReason::CustomerRequest(reason), .. } => {
            (Priority::Normal, format!("Order {id} was cancelled by the customer: {reason}."))
        }
        Payload::OrderCancelled { reason, .. } => {
            (Priority::Normal, format!("Order {id} failed: {}.", reason.text()))
        }
        Payload::LowStockAlert { product_id, remaining_stock, threshold } => {
            let left = format!("{remaining_stock} left, alert at {threshold}");
            (Priority::High, format!("Product {product_id} is running low: {left}."))
        }
        Payload::PaymentProcessed { amount } => {
            (Priority::Normal, format!("Order {id}: {amount} paid."))
        }
        Payload::PaymentFailed { reason } => {
            (Priority::High, format!("Payment of order {id} failed: {reason}."))
        }
        Payload::PaymentRefunded { amount: Some(amount) } => {
            (Priority::Normal, format!("Order {id}: {amount} refunded."))
        }
        _ => return None,
    })
}

/// What was ordered, as the end of a sentence.
fn listed(items: &[Line]) -> String {
    let each = items.iter().map(|line| format!("{} x {}", line.quantity, line.product_id));
    match each.collect::<Vec<_>>() {
        none if none.is_empty() => String::new(),
        some => format!(": {}", some.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contracts::samples;
    use crate::domain::{Currency, Money, OrderId, PaymentMethod, ProductId, Timestamp};

    fn customer() -> CustomerId {
        CustomerId::parse("c-1").expect("a customer id")
    }

    fn eur(minor_units: u64) -> Money {
        Money { minor_units, currency: Currency::parse("EUR").expect("a currency") }
    }

    fn lamps() -> Vec<Line> {
        let product_id = ProductId::parse("lamp").expect("a product id");
        vec![Line { product_id, quantity: 2, unit_price: eur(500) }]
    }

    fn told(payload: Payload) -> Vec<Notification> {
        let order_id = OrderId::parse("o-1").expect("an order id");
        let event = IntegrationEvent {
            event_id: "e-1".into(),
            order_id: Some(order_id.clone()),
            payload,
            timestamp: Timestamp::from_millis(0),
            correlation_id: "cor".into(),
            causation_id: "cau".into(),
            stream: "order#o-1".into(),
            sequence: 1,
        };
        let (customer_id, items, total) = (customer(), lamps(), eur(1000));
        let order = Details { order_id, customer_id, items, total, shipping_address: None };
        let order = needs_order(&event.payload).then_some(&order);
        notifications(&event, order)
    }

    /// `expected`: audience, priority and text of each.
    fn check(payload: Payload, expected: &[(&str, &str, &str)]) {
        let about = format!("{payload:?}");
        let found = told(payload);
        let found: Vec<_> = found
            .iter()
            .map(|one| (one.audience.as_str(), one.priority.as_str(), one.message.as_str()))
            .collect();
        assert_eq!(found, expected, "{about}");
    }

    #[test]
    fn every_change_of_status_is_told_to_customer_and_staff() {
        let customer_id = customer;
        let placed = Payload::OrderPlaced {
            customer_id: customer_id(),
            items: lamps(),
            total: eur(1000),
            shipping_address: None,
        };
        check(
            placed,
            &[
                ("customer", "normal", "We have received order o-1 over 10.00 EUR: 2 x lamp."),
                ("staff", "normal", "c-1 placed order o-1 over 10.00 EUR: 2 x lamp."),
            ],
        );
        let confirmed = Payload::OrderConfirmed {
            customer_id: customer_id(),
            payment_method: PaymentMethod::parse("card").expect("a payment method"),
            confirmation_code: "X".into(),
        };
        check(
            confirmed,
            &[
                ("customer", "normal", "Order o-1 is confirmed: X."),
                ("staff", "normal", "c-1 confirmed order o-1."),
            ],
        );
        check(
            Payload::OrderProcessing { customer_id: customer_id() },
            &[
                ("customer", "normal", "Order o-1 is being packed."),
                ("staff", "normal", "Order o-1 is paid and can be packed."),
            ],
        );
        let tracking_number = Some("T".to_owned());
        check(
            Payload::OrderShipped { customer_id: customer_id(), tracking_number },
            &[
                ("customer", "normal", "Order o-1 is on its way. Parcel: T."),
                ("staff", "normal", "Order o-1 was shipped."),
            ],
        );
        check(
            Payload::OrderDelivered { customer_id: customer_id() },
            &[
                ("customer", "normal", "Order o-1 has been delivered."),
                ("staff", "normal", "Order o-1 was delivered."),
            ],
        );
        let cancelled =
            |reason| Payload::OrderCancelled { customer_id: customer(), reason, refund_due: false };
        check(
            cancelled(CancelReason::CustomerRequest("too dear".into())),
            &[
                ("customer", "normal", "Order o-1 was cancelled: too dear."),
                ("staff", "normal", "Order o-1 was cancelled by the customer: too dear."),
            ],
        );
        check(
            cancelled(CancelReason::PaymentFailed("declined".into())),
            &[
                ("customer", "normal", "Order o-1 was cancelled: declined."),
                ("staff", "normal", "Order o-1 failed: declined."),
            ],
        );
    }

    #[test]
    fn events_reach_their_audiences() {
        check(
            Payload::PaymentProcessed { amount: eur(1000) },
            &[
                ("customer", "normal", "We have received your payment of 10.00 EUR for order o-1."),
                ("staff", "normal", "Order o-1: 10.00 EUR paid."),
            ],
        );
        check(
            Payload::PaymentFailed { reason: "declined".into() },
            &[
                ("customer", "normal", "The payment of order o-1 failed: declined."),
                ("staff", "high", "Payment of order o-1 failed: declined."),
            ],
        );
        check(
            Payload::PaymentRefunded { amount: Some(eur(1000)) },
            &[
                ("customer", "normal", "We give you 10.00 EUR for order o-1 back."),
                ("staff", "normal", "Order o-1: 10.00 EUR refunded."),
            ],
        );
        let product_id = ProductId::parse("lamp").expect("a product id");
        let low = Payload::LowStockAlert { product_id, remaining_stock: 3, threshold: 10 };
        let text = "Product lamp is running low: 3 left, alert at 10.";
        check(low, &[("staff", "high", text)]);
        check(Payload::PaymentVoided {}, &[]);
    }

    #[test]
    fn a_message_to_a_customer_names_the_order_and_a_subject_fits() {
        for one in samples().into_iter().flat_map(told) {
            let fits = one.subject.is_ascii() && one.subject.len() <= 100;
            assert!(fits && !one.subject.is_empty(), "{one:?}");
            assert!(one.customer_id.is_none() || one.message.contains("o-1"), "{one:?}");
        }
    }
}
