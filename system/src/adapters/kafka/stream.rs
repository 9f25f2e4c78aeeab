//! The port's face of Kafka's brokers: one handle, whose clones share its clients.

use std::sync::Arc;

use rdkafka::ClientConfig;

use crate::ports::{AppendFuture, Member, NewRecord, NewTopic, Stream, StreamError, StreamFuture};

#[cfg(feature = "testcontainers")]
use super::container::Container;
use super::embedded::Embedded;
use super::login::Login;
use super::member::KafkaMember;
use super::producer::Producer;
use super::settings::KafkaSettings;
use super::topics::Topics;
use super::{Endpoint, Security};
use super::{consumer, lag};

/// A stream on Kafka's brokers, or on the mock cluster. Clones share the connections.
#[derive(Clone)]
pub struct KafkaStream {
    inner: Arc<Inner>,
}

struct Inner {
    bootstrap: String,
    settings: KafkaSettings,
    client: ClientConfig,
    login: Login,
    topics: Topics,
    producer: Producer,
    /// Last, so that the brokers end after their clients.
    own: Own,
}

/// Brokers that end with the stream.
enum Own {
    Nothing,
    Embedded(Arc<Embedded>),
    #[cfg(feature = "testcontainers")]
    Container {
        _removed_with_it: Container,
    },
}

impl KafkaStream {
    /// Makes the clients, and starts the mock cluster when the endpoint is that. The brokers are
    /// first asked when they are needed. Needs a tokio runtime when it is used.
    ///
    /// # Errors
    /// `Refused` when librdkafka does not take the settings or cannot start.
    pub fn connect(endpoint: &Endpoint, settings: KafkaSettings) -> Result<Self, StreamError> {
        let (bootstrap, security, own) = match endpoint {
            Endpoint::Embedded => {
                let embedded = Arc::new(Embedded::start()?);
                let bootstrap = embedded.bootstrap().to_owned();
                (bootstrap, Security::Plaintext, Own::Embedded(embedded))
            }
            #[cfg(feature = "testcontainers")]
            Endpoint::Testcontainers { image } => {
                let container = Container::start(image)?;
                let bootstrap = container.bootstrap.clone();
                (bootstrap, Security::Plaintext, Own::Container { _removed_with_it: container })
            }
            #[cfg(not(feature = "testcontainers"))]
            Endpoint::Testcontainers { .. } => {
                return Err(StreamError::Refused("built without testcontainers".to_owned()));
            }
            Endpoint::Brokers { bootstrap, security } => {
                (bootstrap.clone(), security.clone(), Own::Nothing)
            }
        };
        let embedded = match &own {
            Own::Embedded(embedded) => Some(Arc::clone(embedded)),
            _ => None,
        };
        let login = Login::new(&security);
        let client = settings.client(&bootstrap, &security);
        let topics = Topics::new(&client, &login, embedded, settings.request_timeout)?;
        let producer = Producer::new(settings.producer(&client), login.clone())?;
        let inner = Inner { bootstrap, settings, client, login, topics, producer, own };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// `HOST:PORT,…`, where other clients reach the same brokers.
    pub fn bootstrap(&self) -> &str {
        &self.inner.bootstrap
    }

    async fn join_group(
        &self,
        group: &str,
        topics: &[String],
    ) -> Result<Box<dyn Member>, StreamError> {
        let Inner { settings, client, login, .. } = &*self.inner;
        for topic in topics {
            self.inner.topics.partitions(topic).await?;
        }
        let consumer = consumer::join(&settings.consumer(client, group), login, topics)?;
        Ok(Box::new(KafkaMember::new(consumer, settings.request_timeout)))
    }
}

impl Stream for KafkaStream {
    fn ensure_topics<'a>(&'a self, topics: &'a [NewTopic]) -> StreamFuture<'a, ()> {
        Box::pin(async move {
            for topic in topics {
                self.inner.topics.ensure(topic).await?;
            }
            Ok(())
        })
    }

    fn partitions<'a>(&'a self, topic: &'a str) -> StreamFuture<'a, u32> {
        Box::pin(self.inner.topics.partitions(topic))
    }

    fn append(&self, records: Vec<NewRecord>) -> AppendFuture<'_> {
        Box::pin(self.inner.producer.append(&self.inner.topics, records))
    }

    fn is_passing(&self) -> bool {
        matches!(self.inner.own, Own::Embedded(_))
    }

    fn lag<'a>(&'a self, group: &'a str, topics: &'a [String]) -> StreamFuture<'a, u64> {
        let Inner { settings, client, login, .. } = &*self.inner;
        let config = settings.consumer(client, group);
        Box::pin(lag::of_group(config, login.clone(), topics.to_vec(), settings.request_timeout))
    }

    fn join<'a>(
        &'a self,
        group: &'a str,
        topics: &'a [String],
    ) -> StreamFuture<'a, Box<dyn Member>> {
        Box::pin(self.join_group(group, topics))
    }
}
