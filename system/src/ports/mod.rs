//! What has more than one implementation: the clock, the source of identifiers, the payment gateway
//! and the stream. Whoever starts the system chooses them; a simulation chooses reproducible ones.

mod clock;
mod gateway;
mod ids;
mod stream;

pub use clock::Clock;
pub use gateway::{Authorisation, AuthorisationRequest, GatewayFuture, PaymentGateway, Voiding};
pub use ids::{Ids, SeededIds};
pub use stream::{
    AppendFuture, Headers, Member, NewRecord, NewTopic, News, Position, Record, Stream,
    StreamError, StreamFuture, TopicPartition,
};
