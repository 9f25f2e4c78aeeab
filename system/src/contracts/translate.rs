//! From the domain's events to the contract, and from the contract to what the saga reacts to.

use super::payload::Payload;
use crate::domain::order::{self, Order};
use crate::domain::reservation::{self, Item};
use crate::domain::saga::{Happened, TakePayment};
use crate::domain::{ProductId, payment, stock};

/// What the world is told of an order's event; `order` is the order after it.
pub fn from_order(event: &order::Event, order: &Order) -> Option<Payload> {
    let customer_id = order.details()?.customer_id.clone();
    Some(match event.clone() {
        order::Event::OrderPlaced(details) => Payload::OrderPlaced {
            customer_id,
            items: details.items,
            total: details.total,
            shipping_address: details.shipping_address,
        },
        order::Event::OrderConfirmed { payment_method, confirmation_code } => {
            Payload::OrderConfirmed { customer_id, payment_method, confirmation_code }
        }
        order::Event::StockAllocated => return None,
        order::Event::PaymentRequested { customer_id, amount, payment_method } => {
            Payload::PaymentRequested { customer_id, amount, payment_method }
        }
        order::Event::OrderProcessing => Payload::OrderProcessing { customer_id },
        order::Event::OrderShipped => Payload::OrderShipped { customer_id },
        order::Event::OrderDelivered => Payload::OrderDelivered { customer_id },
        order::Event::OrderCancelled { reason, refund_due } => {
            Payload::OrderCancelled { customer_id, reason, refund_due }
        }
    })
}

pub fn from_reservation(event: &reservation::Event) -> Option<Payload> {
    match event.clone() {
        reservation::Event::ReservationHeld { items } => Some(Payload::InventoryReserved { items }),
        reservation::Event::ReservationRefused { reason } => {
            Some(Payload::ReservationFailed { reason })
        }
        reservation::Event::ReservationReleased { items } => {
            (!items.is_empty()).then_some(Payload::InventoryReleased { items })
        }
        reservation::Event::ReservationShipped { .. } => None,
    }
}

pub fn from_stock(product_id: &ProductId, event: &stock::Event) -> Option<Payload> {
    match event {
        stock::Event::StockRanLow { available, threshold } => Some(Payload::LowStockAlert {
            product_id: product_id.clone(),
            remaining_stock: *available,
            threshold: *threshold,
        }),
        _ => None,
    }
}

pub fn from_payment(event: &payment::Event) -> Option<Payload> {
    match event.clone() {
        payment::Event::PaymentAuthorised { .. } => None,
        payment::Event::PaymentCaptured { amount } => Some(Payload::PaymentProcessed { amount }),
        payment::Event::PaymentDeclined { reason } => Some(Payload::PaymentFailed { reason }),
        payment::Event::PaymentVoided => Some(Payload::PaymentRefunded { amount: None }),
        payment::Event::PaymentRefunded { amount } => {
            Some(Payload::PaymentRefunded { amount: Some(amount) })
        }
    }
}

/// What the saga sees in an event; `None` when it has no part in it.
pub fn happened(payload: &Payload) -> Option<Happened> {
    Some(match payload.clone() {
        Payload::OrderPlaced { items, .. } => {
            let item =
                |line: order::Line| Item { product_id: line.product_id, quantity: line.quantity };
            Happened::OrderPlaced { items: items.into_iter().map(item).collect() }
        }
        Payload::InventoryReserved { .. } => Happened::InventoryReserved,
        Payload::ReservationFailed { reason } => Happened::ReservationFailed { reason },
        Payload::PaymentRequested { customer_id, amount, payment_method } => {
            let payment = TakePayment { customer_id, amount, payment_method };
            Happened::PaymentRequested { payment }
        }
        Payload::PaymentProcessed { .. } => Happened::PaymentProcessed,
        Payload::PaymentFailed { reason } => Happened::PaymentFailed { reason },
        Payload::OrderProcessing { .. } => Happened::OrderProcessing,
        Payload::OrderShipped { .. } => Happened::OrderShipped,
        Payload::OrderCancelled { refund_due, .. } => Happened::OrderCancelled { refund_due },
        Payload::PaymentRefunded { .. } => Happened::PaymentRefunded,
        Payload::OrderConfirmed { .. }
        | Payload::OrderDelivered { .. }
        | Payload::InventoryReleased { .. }
        | Payload::LowStockAlert { .. } => return None,
    })
}
