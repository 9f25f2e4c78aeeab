//! What an order is right now.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::address::Address;
use super::event::CancelReason;
use crate::domain::{CustomerId, Money, OrderId, PaymentMethod, ProductId};

/// The fold of an order's events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Order {
    #[default]
    Absent,
    Created {
        details: Details,
        stock: Reservation,
    },
    /// With `stock` held, payment has been requested.
    Confirmed {
        details: Details,
        stock: Reservation,
        payment_method: PaymentMethod,
    },
    Processing {
        details: Details,
    },
    Shipped {
        details: Details,
    },
    Delivered {
        details: Details,
    },
    Cancelled {
        details: Details,
        reason: CancelReason,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reservation {
    Awaited,
    Held,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    pub order_id: OrderId,
    pub customer_id: CustomerId,
    pub items: Vec<Line>,
    pub total: Money,
    pub shipping_address: Option<Address>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Line {
    pub product_id: ProductId,
    pub quantity: u64,
    pub unit_price: Money,
}

/// The word for a state that customers and operators see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    Created,
    Confirmed,
    Processing,
    Shipped,
    Delivered,
    Cancelled,
}

impl Order {
    /// `None` while the order does not exist.
    pub fn status(&self) -> Option<Status> {
        match self {
            Self::Absent => None,
            Self::Created { .. } => Some(Status::Created),
            Self::Confirmed { .. } => Some(Status::Confirmed),
            Self::Processing { .. } => Some(Status::Processing),
            Self::Shipped { .. } => Some(Status::Shipped),
            Self::Delivered { .. } => Some(Status::Delivered),
            Self::Cancelled { .. } => Some(Status::Cancelled),
        }
    }

    pub fn details(&self) -> Option<&Details> {
        match self {
            Self::Absent => None,
            Self::Created { details, .. }
            | Self::Confirmed { details, .. }
            | Self::Processing { details }
            | Self::Shipped { details }
            | Self::Delivered { details }
            | Self::Cancelled { details, .. } => Some(details),
        }
    }
}

impl Status {
    pub const ALL: [Self; 6] = [
        Self::Created,
        Self::Confirmed,
        Self::Processing,
        Self::Shipped,
        Self::Delivered,
        Self::Cancelled,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Confirmed => "confirmed",
            Self::Processing => "processing",
            Self::Shipped => "shipped",
            Self::Delivered => "delivered",
            Self::Cancelled => "cancelled",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }

    /// Delivered and cancelled orders never change again.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Delivered | Self::Cancelled)
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
