//! What can be asked of an order.

use serde::{Deserialize, Serialize};

use super::address::Address;
use super::event::CancelReason;
use super::state::Line;
use crate::domain::{CustomerId, OrderId, PaymentMethod};

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
        payment_method: PaymentMethod,
        confirmation_code: String,
    },
    /// The stock is held for this order.
    AcceptReservation,
    /// The payment was taken: packing may begin.
    StartProcessing,
    /// `tracking_number` is made by the caller.
    Ship {
        tracking_number: String,
    },
    Deliver,
    Cancel(CancelReason),
    /// Something was not done in time; done after all, it changes nothing.
    Expire(Deadline),
}

/// What must have happened in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deadline {
    /// The customer confirms, and there is word about the stock.
    Confirmation,
    /// The payment is taken, or refused.
    Payment,
    /// The parcel is under way.
    Shipping,
}

impl Deadline {
    pub const ALL: [Self; 3] = [Self::Confirmation, Self::Payment, Self::Shipping];
}

impl Command {
    /// The verb in messages: "a shipped order cannot be {verb}".
    pub fn participle(&self) -> &'static str {
        match self {
            Self::Place(_) => "placed",
            Self::Confirm { .. } => "confirmed",
            Self::AcceptReservation => "given stock",
            Self::StartProcessing => "processed",
            Self::Ship { .. } => "shipped",
            Self::Deliver => "delivered",
            Self::Cancel(_) => "cancelled",
            Self::Expire(_) => "timed out",
        }
    }
}
