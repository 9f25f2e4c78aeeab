//! What the brokers say about topics, and making them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rdkafka::ClientConfig;
use rdkafka::admin::{AdminClient, AdminOptions, NewTopic as AdminTopic, TopicReplication};
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use tokio::time::Instant;

use crate::ports::{NewTopic, StreamError};

use super::embedded::Embedded;
use super::errors::{of_code, stream_error};
use super::login::{Context, Login};

/// Between two looks whether a new topic has become visible.
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// Brokers give a topic as many replicas as they are told to by default.
const REPLICAS_BY_DEFAULT: TopicReplication<'static> = TopicReplication::Fixed(-1);

pub(super) struct Topics {
    /// Has no group; it asks, and asking makes no topic.
    asking: Arc<BaseConsumer<Context<()>>>,
    maker: Maker,
    timeout: Duration,
    known: Mutex<BTreeMap<String, u32>>,
}

enum Maker {
    Admin(AdminClient<Context<()>>),
    Embedded(Arc<Embedded>),
}

impl Topics {
    pub(super) fn new(
        config: &ClientConfig,
        login: &Login,
        embedded: Option<Arc<Embedded>>,
        timeout: Duration,
    ) -> Result<Self, StreamError> {
        let wrong = |error: KafkaError| stream_error(&error, "", 0);
        let mut asking = config.clone();
        asking.set("allow.auto.create.topics", "false");
        let asking: BaseConsumer<Context<()>> =
            asking.create_with_context(login.context(())).map_err(wrong)?;
        let maker = match embedded {
            Some(embedded) => Maker::Embedded(embedded),
            None => Maker::Admin(config.create_with_context(login.context(())).map_err(wrong)?),
        };
        Ok(Self { asking: Arc::new(asking), maker, timeout, known: Mutex::default() })
    }

    /// The partitions of a topic, as last heard.
    ///
    /// # Errors
    /// `NoSuchTopic`, `Unreachable`.
    pub(super) async fn known_partitions(&self, topic: &str) -> Result<u32, StreamError> {
        let known = self.known().get(topic).copied();
        match known {
            Some(partitions) => Ok(partitions),
            None => self.partitions(topic).await,
        }
    }

    /// The partitions of a topic, asked now.
    ///
    /// # Errors
    /// `NoSuchTopic`, `Unreachable`.
    pub(super) async fn partitions(&self, topic: &str) -> Result<u32, StreamError> {
        let (asking, timeout) = (Arc::clone(&self.asking), self.timeout);
        let name = topic.to_owned();
        let asked = tokio::task::spawn_blocking(move || ask(&asking, &name, timeout)).await;
        let found = asked.map_err(|error| StreamError::Unreachable(error.to_string()))?;
        let mut known = self.known();
        match &found {
            Ok(partitions) => known.insert(topic.to_owned(), *partitions),
            Err(_) => known.remove(topic),
        };
        found
    }

    /// Must be asked about again.
    pub(super) fn forget(&self, topic: &str) {
        self.known().remove(topic);
    }

    /// Makes the topic if it is not there, and waits until it can be seen.
    pub(super) async fn ensure(&self, new: &NewTopic) -> Result<(), StreamError> {
        match self.partitions(&new.topic).await {
            Err(StreamError::NoSuchTopic(_)) => self.create(new).await?,
            found => return same(new, found?),
        }
        let deadline = Instant::now() + self.timeout;
        loop {
            match self.partitions(&new.topic).await {
                Err(StreamError::NoSuchTopic(_) | StreamError::Unreachable(_))
                    if Instant::now() < deadline =>
                {
                    tokio::time::sleep(LOOK_AGAIN).await;
                }
                found => return same(new, found?),
            }
        }
    }

    async fn create(&self, new: &NewTopic) -> Result<(), StreamError> {
        let admin = match &self.maker {
            Maker::Embedded(embedded) => return embedded.create(new).await,
            Maker::Admin(admin) => admin,
        };
        let retention = new.retention.as_millis().to_string();
        let count = i32::try_from(new.partitions).unwrap_or(i32::MAX);
        let topic = AdminTopic::new(&new.topic, count, REPLICAS_BY_DEFAULT);
        let topic = topic.set("retention.ms", &retention);
        let options = AdminOptions::new()
            .request_timeout(Some(self.timeout))
            .operation_timeout(Some(self.timeout));
        let made = admin.create_topics([&topic], &options).await;
        let made = made.map_err(|error| stream_error(&error, &new.topic, 0))?;
        match made.into_iter().next() {
            // Somebody else was faster; what they made is compared.
            Some(Err((_, RDKafkaErrorCode::TopicAlreadyExists))) | Some(Ok(_)) | None => Ok(()),
            Some(Err((_, code))) => Err(of_code(code, &new.topic, 0)),
        }
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<String, u32>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn same(new: &NewTopic, found: u32) -> Result<(), StreamError> {
    let NewTopic { topic, partitions, .. } = new;
    match found == *partitions {
        true => Ok(()),
        false => Err(StreamError::Refused(format!(
            "topic {topic:?} has {found} partitions, not {partitions}"
        ))),
    }
}

fn ask(
    asking: &BaseConsumer<Context<()>>,
    topic: &str,
    timeout: Duration,
) -> Result<u32, StreamError> {
    // What the client has to log or to renew is served by polling it.
    drop(asking.poll(Duration::ZERO));
    let metadata = asking.fetch_metadata(Some(topic), timeout);
    let metadata = metadata.map_err(|error| stream_error(&error, topic, 0))?;
    let found = metadata.topics().iter().find(|it| it.name() == topic);
    let found = found.ok_or_else(|| StreamError::NoSuchTopic(topic.to_owned()))?;
    match found.error() {
        Some(error) => Err(of_code(error.into(), topic, 0)),
        None => Ok(u32::try_from(found.partitions().len()).unwrap_or(u32::MAX)),
    }
}
