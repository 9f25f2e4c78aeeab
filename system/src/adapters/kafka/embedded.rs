//! librdkafka's mock cluster on a thread of its own, as it may not move between threads. It is one
//! broker in memory that keeps some 5 MiB a partition and forgets the oldest beyond that.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use rdkafka::error::KafkaError;
use rdkafka::mocking::MockCluster;
use rdkafka::producer::DefaultProducerContext;
use tokio::sync::oneshot;

use crate::ports::{NewTopic, StreamError};

use super::errors::stream_error;

/// A running mock cluster; it ends with this handle.
pub struct Embedded {
    bootstrap: String,
    orders: Sender<Order>,
}

/// A topic to make.
struct Order {
    topic: String,
    partitions: u32,
    made: oneshot::Sender<Result<(), KafkaError>>,
}

impl Embedded {
    /// Starts the cluster.
    ///
    /// # Errors
    /// `Refused` when librdkafka cannot open its sockets.
    pub fn start() -> Result<Self, StreamError> {
        let (orders, received) = channel();
        let (started, bootstrap) = channel();
        let run = move || match MockCluster::new(1) {
            Ok(cluster) => {
                // Whoever started it may be gone, and then there are no orders either.
                let _ = started.send(Ok(cluster.bootstrap_servers()));
                serve(&cluster, &received);
            }
            Err(error) => {
                let _ = started.send(Err(stream_error(&error, "", 0)));
            }
        };
        let thread = thread::Builder::new().name("embedded-kafka".to_owned()).spawn(run);
        thread.map_err(|error| StreamError::Refused(error.to_string()))?;
        let ended = |_| StreamError::Refused("the embedded cluster did not start".to_owned());
        let bootstrap = bootstrap.recv().map_err(ended)??;
        Ok(Self { bootstrap, orders })
    }

    /// `HOST:PORT`, where other clients of this machine reach it.
    pub fn bootstrap(&self) -> &str {
        &self.bootstrap
    }

    /// Makes a topic; the mock cluster has no admin API for it.
    pub(super) async fn create(&self, new: &NewTopic) -> Result<(), StreamError> {
        let (made, answer) = oneshot::channel();
        let order = Order { topic: new.topic.clone(), partitions: new.partitions, made };
        let ended = || StreamError::Unreachable("the embedded cluster has ended".to_owned());
        self.orders.send(order).map_err(|_| ended())?;
        let answer = answer.await.map_err(|_| ended())?;
        answer.map_err(|error| stream_error(&error, &new.topic, 0))
    }
}

fn serve(cluster: &MockCluster<'_, DefaultProducerContext>, orders: &Receiver<Order>) {
    for Order { topic, partitions, made } in orders {
        let count = i32::try_from(partitions).unwrap_or(i32::MAX);
        // Who does not wait for the answer any more does not need it.
        let _ = made.send(cluster.create_topic(&topic, count, 1));
    }
}
