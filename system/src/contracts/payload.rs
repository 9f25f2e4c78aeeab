//! What each integration event says.

use serde::{Deserialize, Serialize};

use crate::domain::order::{Address, CancelReason, Line};
use crate::domain::reservation::Item;
use crate::domain::{CustomerId, Money, ProductId};

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
    #[serde(rename = "Order Confirmed")]
    OrderConfirmed { customer_id: CustomerId, payment_method: String, confirmation_code: String },
    #[serde(rename = "Payment Requested")]
    PaymentRequested { customer_id: CustomerId, amount: Money, payment_method: String },
    #[serde(rename = "Order Processing")]
    OrderProcessing { customer_id: CustomerId },
    #[serde(rename = "Order Shipped")]
    OrderShipped { customer_id: CustomerId },
    #[serde(rename = "Order Delivered")]
    OrderDelivered { customer_id: CustomerId },
    #[serde(rename = "Order Cancelled")]
    OrderCancelled { customer_id: CustomerId, reason: CancelReason, refund_due: bool },
    #[serde(rename = "Inventory Reserved")]
    InventoryReserved { items: Vec<Item> },
    #[serde(rename = "Reservation Failed")]
    ReservationFailed { reason: String },
    #[serde(rename = "Inventory Released")]
    InventoryReleased { items: Vec<Item> },
    #[serde(rename = "Low Stock Alert")]
    LowStockAlert { product_id: ProductId, remaining_stock: u64, threshold: u64 },
    #[serde(rename = "Payment Processed")]
    PaymentProcessed { amount: Money },
    #[serde(rename = "Payment Failed")]
    PaymentFailed { reason: String },
    /// `amount` is missing when the payment was called off before money had moved.
    #[serde(rename = "Payment Refunded")]
    PaymentRefunded {
        #[serde(skip_serializing_if = "Option::is_none")]
        amount: Option<Money>,
    },
}

/// EventBridge `Source` of the order service's events.
pub const SOURCE_ORDERS: &str = "ecommerce.orders";
/// EventBridge `Source` of the inventory service's events.
pub const SOURCE_INVENTORY: &str = "ecommerce.inventory";
/// EventBridge `Source` of the payment service's events.
pub const SOURCE_PAYMENTS: &str = "ecommerce.payments";

impl Payload {
    /// EventBridge `DetailType`, and `event_type` of the event itself.
    pub fn detail_type(&self) -> &'static str {
        match self {
            Self::OrderPlaced { .. } => "Order Placed",
            Self::OrderConfirmed { .. } => "Order Confirmed",
            Self::PaymentRequested { .. } => "Payment Requested",
            Self::OrderProcessing { .. } => "Order Processing",
            Self::OrderShipped { .. } => "Order Shipped",
            Self::OrderDelivered { .. } => "Order Delivered",
            Self::OrderCancelled { .. } => "Order Cancelled",
            Self::InventoryReserved { .. } => "Inventory Reserved",
            Self::ReservationFailed { .. } => "Reservation Failed",
            Self::InventoryReleased { .. } => "Inventory Released",
            Self::LowStockAlert { .. } => "Low Stock Alert",
            Self::PaymentProcessed { .. } => "Payment Processed",
            Self::PaymentFailed { .. } => "Payment Failed",
            Self::PaymentRefunded { .. } => "Payment Refunded",
        }
    }

    /// EventBridge `Source`.
    pub fn source(&self) -> &'static str {
        match self {
            Self::OrderPlaced { .. }
            | Self::OrderConfirmed { .. }
            | Self::PaymentRequested { .. }
            | Self::OrderProcessing { .. }
            | Self::OrderShipped { .. }
            | Self::OrderDelivered { .. }
            | Self::OrderCancelled { .. } => SOURCE_ORDERS,
            Self::InventoryReserved { .. }
            | Self::ReservationFailed { .. }
            | Self::InventoryReleased { .. }
            | Self::LowStockAlert { .. } => SOURCE_INVENTORY,
            Self::PaymentProcessed { .. }
            | Self::PaymentFailed { .. }
            | Self::PaymentRefunded { .. } => SOURCE_PAYMENTS,
        }
    }
}
