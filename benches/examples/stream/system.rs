//! The system's own code: the bridge up to the delivery reports, the processor up to the rows.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::future::join_all;
use orderflow::adapters::kafka::KafkaStream;
use orderflow::analytics::{CustomerSettings, CustomerTask, Fact, OrderTask, Outcome, Settings};
use orderflow::contracts::Topic;
use orderflow::ports::{Member, News, Record, Stream};

use super::work::{Work, bridged};
use super::{PARTITIONS, clock};

/// Messages that are under way together, in groups on one thread each.
const GROUP: usize = 500;
const GROUPS: usize = 8;
/// As the role has them.
const RECORDS_MAX: usize = 500;
const ROWS: usize = 55;
const PATIENCE: Duration = Duration::from_secs(60);

/// A partition number's tasks.
struct Tasks {
    orders: OrderTask,
    customers: CustomerTask,
}

pub(crate) async fn write(stream: &KafkaStream, work: &Work) -> Duration {
    let since = clock::now();
    let groups = (0..work.bodies.len()).step_by(GROUP).map(|first| {
        let (stream, names, bodies) =
            (stream.clone(), work.names.clone(), Arc::clone(&work.bodies));
        tokio::spawn(async move {
            let group = bodies[first..].iter().take(GROUP);
            // One append for each message, as each has an answer of its own.
            let appended = join_all(group.map(|body| stream.append(bridged(&names, body)))).await;
            let all = appended.into_iter().flatten();
            all.inspect(|it| assert!(it.is_ok(), "not appended: {it:?}")).count()
        })
    });
    let counts: Vec<_> =
        futures_util::stream::iter(groups).buffer_unordered(GROUPS).collect().await;
    let count: usize = counts.into_iter().map(|it| it.expect("no panic")).sum();
    assert_eq!(count, work.records.len());
    clock::since(since)
}

/// From the first record on.
pub(crate) async fn read(stream: &KafkaStream, work: &Work) -> Duration {
    Processor::join(stream, work).await.process(work.records.len(), None).await
}

/// From the first message bridged to the last record processed.
pub(crate) async fn both(stream: &KafkaStream, work: &Work) -> Duration {
    let processor = Processor::join(stream, work).await;
    let since = clock::now();
    let reading = tokio::spawn(processor.process(work.records.len(), Some(since)));
    write(stream, work).await;
    reading.await.expect("no panic")
}

struct Processor {
    member: Box<dyn Member>,
    customers_topic: String,
    tasks: BTreeMap<u32, Tasks>,
}

impl Processor {
    /// Ends when it has all partitions.
    async fn join(stream: &KafkaStream, work: &Work) -> Self {
        let topics = work.topics();
        let mut member = stream.join(&work.names.stream_group(), &topics).await.expect("a member");
        let customers_topic = work.names.stream_topic(Topic::Customers);
        let all = topics.len() * PARTITIONS as usize;
        let mut begun = 0;
        while begun < all {
            match member.next(RECORDS_MAX, Duration::from_secs(1)).await.expect("news") {
                News::Assigned(partitions) => {
                    for at in &partitions {
                        member.begin(at, None).await.expect("it is its own");
                        begun += 1;
                    }
                }
                News::Nothing => {}
                other => panic!("before it has all partitions: {other:?}"),
            }
        }
        Self { member, customers_topic, tasks: BTreeMap::new() }
    }

    async fn process(mut self, expected: usize, mut since: Option<Instant>) -> Duration {
        let (begun, mut left, mut rows) = (clock::now(), expected, 0);
        while left > 0 {
            assert!(clock::since(begun) < PATIENCE, "{left} of {expected} records do not come");
            let news = self.member.next(RECORDS_MAX, Duration::from_secs(1)).await.expect("news");
            let News::Records(records) = news else { continue };
            since.get_or_insert_with(clock::now);
            left -= records.len();
            records.iter().for_each(|record| rows += self.count(record));
        }
        assert!(rows > 0, "nothing was to be written");
        since.map(clock::since).unwrap_or_default()
    }

    /// The rows that were taken to be written.
    fn count(&mut self, record: &Record) -> usize {
        let fact = Fact::decode(&record.value).expect("an event");
        let of = &record.place.of;
        let Tasks { orders, customers } = self.tasks.entry(of.partition).or_default();
        let is_customers = of.topic == self.customers_topic;
        let outcome = if is_customers { customers.apply(&fact) } else { orders.apply(&fact) };
        assert_ne!(outcome, Outcome::Duplicate, "a record came twice");
        match is_customers {
            true if customers.dirty() >= ROWS => {
                customers.take_changes().len() + customers.take_matches().len()
            }
            false if orders.dirty() >= ROWS => orders.take_changes().len(),
            _ => 0,
        }
    }
}

impl Default for Tasks {
    fn default() -> Self {
        let orders = OrderTask::new(Settings::default());
        Self { orders, customers: CustomerTask::new(CustomerSettings::default()) }
    }
}
