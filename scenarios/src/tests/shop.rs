//! An order system of a few roles in this process, and a look at the AWS that it uses.

use aws_sdk_cloudwatch::types::{Dimension, Statistic};
use aws_sdk_sqs::types::QueueAttributeName;
use aws_smithy_types::DateTime;
use axum::Router;
use axum::body::Body;
use http::{Method, Request, StatusCode};
use http_body_util::BodyExt;
use orderflow::adapters::clock::TokioClock;
use orderflow::adapters::memory_stream::MemoryStream;
use orderflow::adapters::sqs::Queue;
use orderflow::config::{METRIC_NAMESPACE, QueueKind};
use orderflow::domain::Timestamp;
use orderflow::ports::{Clock, SeededIds, Stream};
use orderflow::{Aws, Config, Deps, Names, Role, Running, System, TimingProfile, infra};
use serde_json::Value;
use skyrig::Emulator;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::sleep;
use tower::ServiceExt;

pub(super) struct Shop {
    pub(super) emulator: Emulator,
    pub(super) aws: Aws,
    pub(super) names: Names,
    pub(super) clock: TokioClock,
    pub(super) stream: MemoryStream,
    pub(super) config: Config,
    deps: Deps,
}

impl Shop {
    /// With its AWS resources, and nobody at work yet.
    pub(super) async fn new() -> Self {
        Self::with_queues(QueueKind::Standard).await
    }

    pub(super) async fn with_queues(queues: QueueKind) -> Self {
        let emulator = Emulator::builder().seed(1).build();
        let aws = Aws::from(emulator.sdk_config());
        let names = Names::parse("shop").expect("a prefix").with_queues(queues);
        let config = Config::new(names.clone(), TimingProfile::Standard);
        let clock = TokioClock::starting_at(Timestamp::from_millis(emulator.now().millis()));
        let ids = Arc::new(SeededIds::new(1));
        let stream = MemoryStream::new();
        let deps = Deps {
            clock: Arc::new(clock),
            ids,
            gateway: None,
            stream: Some(Arc::new(stream.clone())),
        };
        let shop = Self { emulator, aws, names, clock, stream, config, deps };
        shop.apply().await;
        shop
    }

    pub(super) async fn apply(&self) {
        let made = infra::apply(&self.aws, &self.config).await;
        made.expect("infra apply");
    }

    /// The brokers are others, and their log is empty.
    pub(super) fn lose_stream(&mut self) {
        self.stream = MemoryStream::new();
        self.deps.stream = Some(Arc::new(self.stream.clone()));
    }

    /// Whoever starts from now on reaches the stream this way.
    pub(super) fn streams_through(&mut self, stream: Arc<dyn Stream>) {
        self.deps.stream = Some(stream);
    }

    pub(super) async fn start(&self, roles: &[Role]) -> Running {
        let config = Config { roles: roles.to_vec(), ..self.config.clone() };
        System::start(&config, &self.aws, self.deps.clone()).await.expect("a start")
    }

    /// All roles, in another region.
    pub(super) async fn start_there(&self, there: &Aws) -> Running {
        System::start(&self.config, there, self.deps.clone()).await.expect("a start")
    }

    /// One role that reaches AWS in a way of its own.
    pub(super) async fn start_through(&self, role: Role, aws: &Aws) -> Running {
        let config = Config { roles: vec![role], ..self.config.clone() };
        System::start(&config, aws, self.deps.clone()).await.expect("a start")
    }

    /// The names of all queues with this beginning after the prefix.
    pub(super) async fn queues(&self, beginning: &str) -> Vec<String> {
        let prefix = format!("{}-{beginning}", self.names.prefix());
        let listed = self.aws.sqs().list_queues().queue_name_prefix(prefix).send().await;
        let listed = listed.expect("ListQueues");
        let name = |url: &String| url.rsplit('/').next().unwrap_or_default().to_owned();
        listed.queue_urls().iter().map(name).collect()
    }

    pub(super) async fn queue(&self, name: &str) -> Queue {
        Queue::find(&self.aws, name).await.expect("a queue")
    }

    /// Messages that can be received now.
    pub(super) async fn visible(&self, queue: &Queue) -> u64 {
        let name = QueueAttributeName::ApproximateNumberOfMessages;
        let asked = self.aws.sqs().get_queue_attributes().queue_url(queue.url());
        let answer = asked.attribute_names(name.clone()).send().await.expect("an answer");
        let count = answer.attributes().and_then(|all| all.get(&name));
        count.and_then(|count| count.parse().ok()).expect("a number")
    }

    /// The sum of a metric of all time.
    pub(super) async fn metric(&self, name: &str) -> f64 {
        let now = self.clock.now().as_millis();
        let system = Dimension::builder().name("System").value(self.names.prefix()).build();
        let asked = self.aws.cloudwatch().get_metric_statistics();
        let answer = asked
            .namespace(METRIC_NAMESPACE)
            .metric_name(name)
            .dimensions(system)
            .start_time(DateTime::from_millis(now - 86_000_000))
            .end_time(DateTime::from_millis(now + 60_000))
            .period(86_400)
            .statistics(Statistic::Sum)
            .send()
            .await
            .expect("an answer");
        answer.datapoints().iter().filter_map(|point| point.sum).sum()
    }
}

/// One request to the API, under the correlation id `test`. JSON's `null` is no body.
pub(super) async fn call(
    router: Router,
    method: Method,
    path: &str,
    body: &Value,
) -> (StatusCode, Value) {
    call_with_key(router, method, path, body, "").await
}

/// The same, under an idempotency key, unless that is empty.
pub(super) async fn call_with_key(
    router: Router,
    method: Method,
    path: &str,
    body: &Value,
    key: &str,
) -> (StatusCode, Value) {
    let mut request =
        Request::builder().method(method).uri(path).header("x-correlation-id", "test");
    request = request.header("content-type", "application/json");
    if !key.is_empty() {
        request = request.header("idempotency-key", key);
    }
    let body = if body.is_null() { Body::empty() } else { Body::from(body.to_string()) };
    let request = request.body(body).expect("a request");
    let Ok(answer) = router.oneshot(request).await;
    let status = answer.status();
    let bytes = answer.into_body().collect().await.expect("a body").to_bytes();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

/// Virtual time passes.
pub(super) async fn wait(seconds: u64) {
    sleep(Duration::from_secs(seconds)).await;
}
