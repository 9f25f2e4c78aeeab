//! From the domain's events to the contract, and from the contract to what the saga reacts to and
//! to what the read side shows.

use super::payload::{Payload, StockChange};
use crate::domain::order::{self, Details, Status};
use crate::domain::reservation::{self, Item};
use crate::domain::saga::{Happened, TakePayment};
use crate::domain::stock::{self, Stock};
use crate::domain::{PaymentMethod, ProductId, payment};

/// What the world is told of an order's event.
pub fn from_order(event: &order::Event, details: &Details) -> Payload {
    let customer_id = details.customer_id.clone();
    match event.clone() {
        order::Event::OrderPlaced(details) => Payload::OrderPlaced {
            customer_id,
            items: details.items,
            total: details.total,
            shipping_address: details.shipping_address,
        },
        order::Event::OrderConfirmed { payment_method: _, confirmation_code } => {
            let payment_method = PaymentMethod::hidden();
            Payload::OrderConfirmed { customer_id, payment_method, confirmation_code }
        }
        order::Event::StockAllocated => Payload::StockAllocated { customer_id },
        order::Event::PaymentRequested { customer_id, amount, payment_method } => {
            Payload::PaymentRequested { customer_id, amount, payment_method }
        }
        order::Event::OrderProcessing => Payload::OrderProcessing { customer_id },
        order::Event::OrderShipped { tracking_number } => {
            Payload::OrderShipped { customer_id, tracking_number }
        }
        order::Event::OrderDelivered => Payload::OrderDelivered { customer_id },
        order::Event::OrderCancelled { reason, refund_due } => {
            Payload::OrderCancelled { customer_id, reason, refund_due }
        }
    }
}

pub fn from_reservation(event: &reservation::Event) -> Payload {
    match event.clone() {
        reservation::Event::ReservationHeld { items } => Payload::InventoryReserved { items },
        reservation::Event::ReservationRefused { reason } => Payload::ReservationFailed { reason },
        reservation::Event::ReservationReleased { items } => Payload::InventoryReleased { items },
        reservation::Event::ReservationShipped { items } => Payload::InventoryShipped { items },
    }
}

/// `after`: the stock once the event has happened.
pub fn from_stock(product_id: &ProductId, event: &stock::Event, after: &Stock) -> Payload {
    let product_id = product_id.clone();
    let (change, quantity) = match *event {
        stock::Event::StockCounted { on_hand } => (StockChange::Counted, on_hand),
        stock::Event::StockReceived { quantity } => (StockChange::Received, quantity),
        stock::Event::StockReserved { quantity } => (StockChange::Reserved, quantity),
        stock::Event::StockReleased { quantity } => (StockChange::Released, quantity),
        stock::Event::StockShipped { quantity } => (StockChange::Shipped, quantity),
        stock::Event::StockRanLow { available, threshold } => {
            return Payload::LowStockAlert { product_id, remaining_stock: available, threshold };
        }
    };
    let (on_hand, reserved) = match *after {
        Stock::Unknown => (0, 0),
        Stock::Known { on_hand, reserved } => (on_hand, reserved),
    };
    let available = after.available();
    Payload::StockUpdated { product_id, change, quantity, on_hand, reserved, available }
}

pub fn from_payment(event: &payment::Event) -> Payload {
    match event.clone() {
        payment::Event::PaymentAuthorised { amount, payment_method: _, reference } => {
            let payment_method = PaymentMethod::hidden();
            Payload::PaymentAuthorised { amount, payment_method, reference }
        }
        payment::Event::PaymentCaptured { amount } => Payload::PaymentProcessed { amount },
        payment::Event::PaymentDeclined { reason } => Payload::PaymentFailed { reason },
        payment::Event::PaymentVoided => Payload::PaymentVoided {},
        payment::Event::PaymentRefunded { amount } => {
            Payload::PaymentRefunded { amount: Some(amount) }
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
        // Nothing is left to give back.
        Payload::PaymentRefunded { .. } | Payload::PaymentVoided {} => Happened::PaymentRefunded,
        Payload::OrderConfirmed { .. }
        | Payload::StockAllocated { .. }
        | Payload::OrderDelivered { .. }
        | Payload::InventoryReleased { .. }
        | Payload::InventoryShipped { .. }
        | Payload::StockUpdated { .. }
        | Payload::LowStockAlert { .. }
        | Payload::PaymentAuthorised { .. } => return None,
    })
}

/// The status that an order's event leaves behind; `None` for those that leave it as it is.
pub fn status_after(payload: &Payload) -> Option<Status> {
    match payload {
        Payload::OrderPlaced { .. } => Some(Status::Created),
        Payload::OrderConfirmed { .. } | Payload::PaymentRequested { .. } => {
            Some(Status::Confirmed)
        }
        Payload::OrderProcessing { .. } => Some(Status::Processing),
        Payload::OrderShipped { .. } => Some(Status::Shipped),
        Payload::OrderDelivered { .. } => Some(Status::Delivered),
        Payload::OrderCancelled { .. } => Some(Status::Cancelled),
        Payload::StockAllocated { .. }
        | Payload::InventoryReserved { .. }
        | Payload::ReservationFailed { .. }
        | Payload::InventoryReleased { .. }
        | Payload::InventoryShipped { .. }
        | Payload::StockUpdated { .. }
        | Payload::LowStockAlert { .. }
        | Payload::PaymentAuthorised { .. }
        | Payload::PaymentProcessed { .. }
        | Payload::PaymentFailed { .. }
        | Payload::PaymentVoided {}
        | Payload::PaymentRefunded { .. } => None,
    }
}
