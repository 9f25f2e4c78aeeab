//! The stream on Kafka's brokers, by librdkafka: an idempotent producer, members of the classic
//! group protocol, and librdkafka's mock cluster in this process as the default without brokers.

mod consumer;
#[cfg(feature = "testcontainers")]
mod container;
mod embedded;
mod errors;
mod lag;
mod login;
mod member;
mod producer;
mod settings;
mod stream;
mod topics;

pub use super::endpoint::{Endpoint, InvalidEndpoint, Security};
pub use embedded::Embedded;
pub use settings::KafkaSettings;
pub use stream::KafkaStream;
