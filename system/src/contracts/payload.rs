//! What each integration event says.

use serde::{Deserialize, Serialize};

use super::event_type::EventType;
use crate::domain::order::{Address, CancelReason, Line};
use crate::domain::reservation::Item;
use crate::domain::{Currency, CustomerId, Money, PaymentMethod, ProductId};

/// `event_type` and `event_data` of an integration event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event_type", content = "event_data")]
pub enum Payload {
    #[serde(rename = "Order Placed")]
    OrderPlaced {
        customer_id: CustomerId,
        items: Vec<Line>,
        total: Money,
        #[serde(skip_serializing_if = "Option::is_none")]
        shipping_address: Option<Address>,
    },
    /// `payment_method` is hidden: only a request for payment says it.
    #[serde(rename = "Order Confirmed")]
    OrderConfirmed {
        customer_id: CustomerId,
        payment_method: PaymentMethod,
        confirmation_code: String,
    },
    #[serde(rename = "Stock Allocated")]
    StockAllocated { customer_id: CustomerId },
    #[serde(rename = "Payment Requested")]
    PaymentRequested { customer_id: CustomerId, amount: Money, payment_method: PaymentMethod },
    #[serde(rename = "Order Processing")]
    OrderProcessing { customer_id: CustomerId },
    #[serde(rename = "Order Shipped")]
    OrderShipped {
        customer_id: CustomerId,
        /// Missing for orders that were shipped before parcels had one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tracking_number: Option<String>,
    },
    #[serde(rename = "Order Delivered")]
    OrderDelivered { customer_id: CustomerId },
    #[serde(rename = "Order Cancelled")]
    OrderCancelled { customer_id: CustomerId, reason: CancelReason, refund_due: bool },
    #[serde(rename = "Inventory Reserved")]
    InventoryReserved { items: Vec<Item> },
    #[serde(rename = "Reservation Failed")]
    ReservationFailed { reason: String },
    /// `items` is empty when the order was cancelled before anything was held.
    #[serde(rename = "Inventory Released")]
    InventoryReleased { items: Vec<Item> },
    #[serde(rename = "Inventory Shipped")]
    InventoryShipped { items: Vec<Item> },
    /// `quantity` pieces changed, or were counted; the other figures are those after it.
    #[serde(rename = "Stock Updated")]
    StockUpdated {
        product_id: ProductId,
        change: StockChange,
        quantity: u64,
        on_hand: u64,
        reserved: u64,
        available: u64,
    },
    #[serde(rename = "Low Stock Alert")]
    LowStockAlert { product_id: ProductId, remaining_stock: u64, threshold: u64 },
    /// `payment_method` is hidden.
    #[serde(rename = "Payment Authorised")]
    PaymentAuthorised { amount: Money, payment_method: PaymentMethod, reference: String },
    #[serde(rename = "Payment Processed")]
    PaymentProcessed { amount: Money },
    #[serde(rename = "Payment Failed")]
    PaymentFailed { reason: String },
    /// The payment was called off before money had moved.
    #[serde(rename = "Payment Voided")]
    PaymentVoided {},
    /// `amount` was missing in place of "Payment Voided", before there was that.
    #[serde(rename = "Payment Refunded")]
    PaymentRefunded {
        #[serde(skip_serializing_if = "Option::is_none")]
        amount: Option<Money>,
    },
}

/// What happened to a product's stock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum StockChange {
    Counted,
    Received,
    Reserved,
    Released,
    Shipped,
}

impl Payload {
    pub fn event_type(&self) -> EventType {
        match self {
            Self::OrderPlaced { .. } => EventType::OrderPlaced,
            Self::OrderConfirmed { .. } => EventType::OrderConfirmed,
            Self::StockAllocated { .. } => EventType::StockAllocated,
            Self::PaymentRequested { .. } => EventType::PaymentRequested,
            Self::OrderProcessing { .. } => EventType::OrderProcessing,
            Self::OrderShipped { .. } => EventType::OrderShipped,
            Self::OrderDelivered { .. } => EventType::OrderDelivered,
            Self::OrderCancelled { .. } => EventType::OrderCancelled,
            Self::InventoryReserved { .. } => EventType::InventoryReserved,
            Self::ReservationFailed { .. } => EventType::ReservationFailed,
            Self::InventoryReleased { .. } => EventType::InventoryReleased,
            Self::InventoryShipped { .. } => EventType::InventoryShipped,
            Self::StockUpdated { .. } => EventType::StockUpdated,
            Self::LowStockAlert { .. } => EventType::LowStockAlert,
            Self::PaymentAuthorised { .. } => EventType::PaymentAuthorised,
            Self::PaymentProcessed { .. } => EventType::PaymentProcessed,
            Self::PaymentFailed { .. } => EventType::PaymentFailed,
            Self::PaymentVoided {} => EventType::PaymentVoided,
            Self::PaymentRefunded { .. } => EventType::PaymentRefunded,
        }
    }

    /// EventBridge `DetailType`, and `event_type` of the event itself.
    pub fn detail_type(&self) -> &'static str {
        self.event_type().name()
    }
}

/// One of each kind, with every member: what the documentation and tests show.
pub fn samples() -> Vec<Payload> {
    let customer_id = CustomerId::parse("ann").expect("a customer id");
    let product_id = ProductId::parse("lamp").expect("a product id");
    let currency = Currency::parse("EUR").expect("a currency");
    let (unit_price, amount) =
        (Money { minor_units: 500, currency }, Money { minor_units: 1000, currency });
    let lines = vec![Line { product_id: product_id.clone(), quantity: 2, unit_price }];
    let items = vec![Item { product_id: product_id.clone(), quantity: 2 }];
    let text = |text: &str| text.to_owned();
    let reason = CancelReason::CustomerRequest(text("too dear"));
    let mut all = vec![
        Payload::OrderPlaced {
            customer_id: customer_id.clone(),
            items: lines,
            total: amount,
            shipping_address: Some(address()),
        },
        Payload::OrderConfirmed {
            customer_id: customer_id.clone(),
            payment_method: PaymentMethod::hidden(),
            confirmation_code: text("c0de"),
        },
        Payload::StockAllocated { customer_id: customer_id.clone() },
        Payload::PaymentRequested {
            customer_id: customer_id.clone(),
            amount,
            payment_method: PaymentMethod::parse("card").expect("a payment method"),
        },
        Payload::OrderProcessing { customer_id: customer_id.clone() },
        Payload::OrderShipped {
            customer_id: customer_id.clone(),
            tracking_number: Some(text("t-1")),
        },
        Payload::OrderDelivered { customer_id: customer_id.clone() },
    ];
    all.extend([true, false].map(|refund_due| Payload::OrderCancelled {
        customer_id: customer_id.clone(),
        reason: reason.clone(),
        refund_due,
    }));
    all.extend([
        Payload::InventoryReserved { items: items.clone() },
        Payload::ReservationFailed { reason: text("product lamp is unknown") },
        Payload::InventoryReleased { items: items.clone() },
        Payload::InventoryShipped { items },
        Payload::StockUpdated {
            product_id: product_id.clone(),
            change: StockChange::Reserved,
            quantity: 2,
            on_hand: 12,
            reserved: 2,
            available: 10,
        },
        Payload::LowStockAlert { product_id, remaining_stock: 10, threshold: 10 },
        Payload::PaymentAuthorised {
            amount,
            payment_method: PaymentMethod::hidden(),
            reference: text("auth-1"),
        },
        Payload::PaymentProcessed { amount },
        Payload::PaymentFailed { reason: text("the bank declined") },
        Payload::PaymentVoided {},
        Payload::PaymentRefunded { amount: Some(amount) },
    ]);
    all
}

fn address() -> Address {
    let text = |text: &str| text.to_owned();
    Address {
        street: text("456 Test Ave"),
        city: text("Portland"),
        state: text("OR"),
        zip_code: text("97201"),
        country: text("US"),
    }
}
