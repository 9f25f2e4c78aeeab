//! Refusals that the customer can be told.

use super::decide::{LINES_MAX, QUANTITY_MAX};
use super::state::Status;
use crate::domain::money::MINOR_UNITS_MAX;
use crate::domain::{InvalidText, MoneyError, ProductId};

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OrderError {
    #[error("there is no such order")]
    NotFound,
    #[error("an order with this id exists already")]
    AlreadyExists,
    #[error("the order is {from} and cannot be {participle}")]
    IllegalTransition { from: Status, participle: &'static str },
    #[error("an order needs at least one item")]
    NoItems,
    #[error("an order has at most {LINES_MAX} items")]
    TooManyItems,
    #[error("the quantity of {0} must be 1 to {QUANTITY_MAX}")]
    InvalidQuantity(ProductId),
    #[error("product {0} appears twice; order it once with the sum of the quantities")]
    DuplicateProduct(ProductId),
    #[error("there is nothing to pay for: the total is zero")]
    NothingToPay,
    #[error("the price of {0} must be a whole number of minor units from 0 to {MINOR_UNITS_MAX}")]
    InvalidPrice(ProductId),
    #[error(transparent)]
    Text(#[from] InvalidText),
    #[error(transparent)]
    Money(#[from] MoneyError),
}
