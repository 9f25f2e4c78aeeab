//! What can be asked of an order.

use serde::{Deserialize, Serialize};

use super::event::CancelReason;
use super::state::{Address, Line};
use crate::domain::{CustomerId, OrderId};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlaceOrder {
    pub order_id: OrderId,
    pub customer_id: CustomerId,
    pub items: Vec<Line>,
    pub shipping_address: Option<Address>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Place(PlaceOrder),
    /// The customer agrees to pay. `confirmation_code` is made by the caller.
    Confirm {
        payment_method: String,
        confirmation_code: String,
    },
    /// The stock is held for this order.
    AcceptReservation,
    /// The payment was taken: packing may begin.
    StartProcessing,
    Ship,
    Deliver,
    Cancel(CancelReason),
}

impl Command {
    /// The verb in messages: "a shipped order cannot be {verb}".
    pub fn participle(&self) -> &'static str {
        match self {
            Self::Place(_) => "placed",
            Self::Confirm { .. } => "confirmed",
            Self::AcceptReservation => "given stock",
            Self::StartProcessing => "processed",
            Self::Ship => "shipped",
            Self::Deliver => "delivered",
            Self::Cancel(_) => "cancelled",
        }
    }
}
