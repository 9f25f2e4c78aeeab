//! What has more than one implementation: the clock, the source of identifiers and the payment
//! gateway. Whoever starts the system chooses them; a simulation chooses reproducible ones.

mod clock;
mod gateway;
mod ids;

pub use clock::Clock;
pub use gateway::{Authorisation, AuthorisationRequest, GatewayFuture, PaymentGateway, Voiding};
pub use ids::{Ids, SeededIds};
