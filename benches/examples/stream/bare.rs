//! librdkafka by itself, with the settings that matter as the system has them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use orderflow::ports::NewRecord;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::producer::{BaseRecord, DeliveryResult, Producer, ProducerContext, ThreadedProducer};
use rdkafka::{ClientConfig, ClientContext, Message};

use super::clock;
use super::work::Work;

const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Default)]
struct Delivered(AtomicUsize);

impl ClientContext for Delivered {}

impl ProducerContext for Delivered {
    type DeliveryOpaque = ();

    fn delivery(&self, report: &DeliveryResult<'_>, (): ()) {
        assert!(report.is_ok(), "a record was not delivered");
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

pub(crate) fn write(bootstrap: &str, records: &[NewRecord]) -> Duration {
    let mut config = client(bootstrap);
    for (name, value) in [
        ("enable.idempotence", "true"),
        ("compression.type", "lz4"),
        ("linger.ms", "5"),
        ("batch.size", "1000000"),
        ("queue.buffering.max.messages", "500000"),
        ("queue.buffering.max.kbytes", "65536"),
    ] {
        config.set(name, value);
    }
    let producer: ThreadedProducer<Delivered> =
        config.create_with_context(Delivered::default()).expect("a producer");
    let since = clock::now();
    for record in records {
        let mut next = BaseRecord::to(&record.topic)
            .key(&record.key)
            .payload(&record.value)
            .timestamp(record.timestamp.as_millis());
        while let Err((error, returned)) = producer.send(next) {
            let full = KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull);
            assert_eq!(error, full, "a record was not taken");
            clock::pause();
            next = returned;
        }
    }
    producer.flush(PATIENCE).expect("all are delivered");
    assert_eq!(producer.context().0.load(Ordering::Relaxed), records.len());
    clock::since(since)
}

/// From the first record on.
pub(crate) fn read(bootstrap: &str, work: &Work) -> Duration {
    let consumer = consumer(bootstrap, work);
    count(&consumer, work.records.len(), None)
}

/// From the first record written to the last one read.
pub(crate) fn both(bootstrap: &str, work: Work) -> Duration {
    let consumer = consumer(bootstrap, &work);
    let joined = clock::now();
    while consumer.assignment().expect("an assignment").count() == 0 {
        assert!(consumer.poll(Duration::from_millis(10)).is_none(), "nothing is written yet");
        assert!(clock::since(joined) < PATIENCE, "the group does not begin");
    }
    let (bootstrap, expected) = (bootstrap.to_owned(), work.records.len());
    let since = clock::now();
    let writer = std::thread::spawn(move || write(&bootstrap, &work.records));
    let time = count(&consumer, expected, Some(since));
    writer.join().expect("no panic");
    time
}

fn consumer(bootstrap: &str, work: &Work) -> BaseConsumer {
    let mut config = client(bootstrap);
    for (name, value) in [
        ("group.id", work.names.stream_group().as_str()),
        ("auto.offset.reset", "earliest"),
        ("enable.auto.commit", "false"),
        ("fetch.wait.max.ms", "100"),
        ("queued.max.messages.kbytes", "65536"),
    ] {
        config.set(name, value);
    }
    let consumer: BaseConsumer = config.create().expect("a consumer");
    let topics = work.topics();
    let topics: Vec<&str> = topics.iter().map(String::as_str).collect();
    consumer.subscribe(&topics).expect("a subscription");
    consumer
}

fn count(consumer: &BaseConsumer, expected: usize, mut since: Option<Instant>) -> Duration {
    let (begun, mut left) = (clock::now(), expected);
    while left > 0 {
        assert!(clock::since(begun) < PATIENCE, "{left} of {expected} records do not come");
        if let Some(message) = consumer.poll(Duration::from_millis(100)) {
            assert!(message.expect("a record").payload().is_some(), "a record without a value");
            since.get_or_insert_with(clock::now);
            left -= 1;
        }
    }
    since.map(clock::since).unwrap_or_default()
}

fn client(bootstrap: &str) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", bootstrap);
    config
}
