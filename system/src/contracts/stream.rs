//! The stream: which topics there are, and what a record's headers say.

/// A topic of the stream. All have as many partitions, so that what is keyed alike stands under the
/// same number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// Order events, by order.
    Orders,
    /// Stock events, by order; those without an order by their history.
    Inventory,
    /// Payment events, by order.
    Payments,
    /// Order events again, by customer.
    Customers,
    /// Records that could not be read or counted, with the reason.
    Refused,
}

/// Says why a record was refused.
pub const HEADER_REASON: &str = "reason";
/// Says where a refused record stood, as TOPIC/PARTITION/OFFSET.
pub const HEADER_CAME_FROM: &str = "came_from";
/// Says how many bytes the value of a refused record had, of which only the beginning is left.
pub const HEADER_CUT_FROM: &str = "cut_from";
pub const HEADER_EVENT_ID: &str = "event_id";
pub const HEADER_EVENT_TYPE: &str = "event_type";
pub const HEADER_CORRELATION_ID: &str = "correlation_id";

impl Topic {
    pub const ALL: [Self; 5] =
        [Self::Orders, Self::Inventory, Self::Payments, Self::Customers, Self::Refused];

    /// Those that are counted: all but what was put aside.
    pub fn counted() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|topic| *topic != Self::Refused)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Inventory => "inventory",
            Self::Payments => "payments",
            Self::Customers => "customers",
            Self::Refused => "refused",
        }
    }
}
