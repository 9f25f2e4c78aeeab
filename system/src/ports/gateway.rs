//! The payment gateway: somebody else's machine that moves money.
//!
//! What moves money is done once under the key that the caller gives, as at real gateways: under
//! another key it moves again. A refusal by the bank is an answer; a `Failure` means that nobody
//! knows.

use std::pin::Pin;

use crate::domain::{CustomerId, Money, OrderId, PaymentMethod};
use crate::failure::Failure;

pub type GatewayFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send + 'a>>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorisationRequest {
    pub order_id: OrderId,
    pub customer_id: CustomerId,
    pub amount: Money,
    pub payment_method: PaymentMethod,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authorisation {
    Approved { reference: String },
    Declined { reason: String },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voiding {
    Voided,
    /// Too late: the amount was captured.
    Captured,
}

pub trait PaymentGateway: Send + Sync {
    /// Sets the amount aside.
    fn authorise<'a>(
        &'a self,
        request: &'a AuthorisationRequest,
    ) -> GatewayFuture<'a, Authorisation>;

    /// Takes the authorised amount, once under `key`. A failure when the authorisation was voided.
    fn capture<'a>(&'a self, order_id: &'a OrderId, key: &'a str) -> GatewayFuture<'a, ()>;

    /// Gives up an authorisation, or prevents one, unless the amount was captured.
    fn void<'a>(&'a self, order_id: &'a OrderId) -> GatewayFuture<'a, Voiding>;

    /// Gives the captured amount back, once under `key`.
    fn refund<'a>(&'a self, order_id: &'a OrderId, key: &'a str) -> GatewayFuture<'a, ()>;
}
