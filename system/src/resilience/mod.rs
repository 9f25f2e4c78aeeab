//! What keeps trouble small: pauses that grow, breakers that leave a failing dependency alone, and
//! a pace that slows down when AWS asks for patience. Pure: time and chance are handed in.

mod backoff;
mod breaker;
mod breakers;
mod pace;
mod rate;

pub use backoff::Backoff;
pub use breaker::{Admission, Breaker};
pub use breakers::Breakers;
pub use pace::Pace;
pub use rate::RateLimit;
