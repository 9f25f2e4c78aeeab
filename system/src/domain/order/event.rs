//! What happened to an order, as it is stored for ever.

use serde::{Deserialize, Serialize};

use super::state::Details;
use crate::domain::{CustomerId, Money, PaymentMethod};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "data")]
pub enum Event {
    OrderPlaced(Details),
    OrderConfirmed {
        payment_method: PaymentMethod,
        confirmation_code: String,
    },
    StockAllocated,
    /// Stock is held and the customer confirmed, in whichever order: it is time to pay.
    PaymentRequested {
        customer_id: CustomerId,
        amount: Money,
        payment_method: PaymentMethod,
    },
    OrderProcessing,
    /// `tracking_number` is missing in orders that were shipped before parcels had one.
    OrderShipped {
        tracking_number: Option<String>,
    },
    OrderDelivered,
    /// `refund_due`: payment had been requested, so money may have moved and must come back.
    OrderCancelled {
        reason: CancelReason,
        refund_due: bool,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", content = "text")]
pub enum CancelReason {
    CustomerRequest(String),
    ReservationFailed(String),
    PaymentFailed(String),
    TimedOut(String),
}

impl Event {
    pub fn name(&self) -> &'static str {
        match self {
            Self::OrderPlaced(_) => "OrderPlaced",
            Self::OrderConfirmed { .. } => "OrderConfirmed",
            Self::StockAllocated => "StockAllocated",
            Self::PaymentRequested { .. } => "PaymentRequested",
            Self::OrderProcessing => "OrderProcessing",
            Self::OrderShipped { .. } => "OrderShipped",
            Self::OrderDelivered => "OrderDelivered",
            Self::OrderCancelled { .. } => "OrderCancelled",
        }
    }
}

impl CancelReason {
    pub fn text(&self) -> &str {
        match self {
            Self::CustomerRequest(text)
            | Self::ReservationFailed(text)
            | Self::PaymentFailed(text)
            | Self::TimedOut(text) => text,
        }
    }
}
