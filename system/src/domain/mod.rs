//! The words and rules of the shop: money, orders, stock, reservations, payments and the saga.
//!
//! Everything here is a pure function of its arguments. It knows no clock, no random source, no
//! storage and no message broker; `now` and identifiers are handed in.

pub mod identity;
pub mod money;
pub mod order;
pub mod payment;
pub mod payment_method;
pub mod reservation;
pub mod saga;
pub mod schema;
pub mod shipping;
pub mod stock;
pub mod text;
pub mod timestamp;

pub use identity::{CustomerId, IdempotencyKey, InvalidIdentifier, OrderId, ProductId};
pub use money::{Currency, Money, MoneyError};
pub use payment_method::PaymentMethod;
pub use text::InvalidText;
pub use timestamp::Timestamp;
