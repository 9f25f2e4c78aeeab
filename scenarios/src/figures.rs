//! Figures of the order system at AWS: how many messages its queues have, and its metrics.

use crate::world::{Done, OrderWorld, call_failed};
use aws_sdk_cloudwatch::types::{AlarmType, Dimension, Statistic};
use aws_sdk_sqs::types::QueueAttributeName;
use aws_smithy_types::DateTime;
use harness::WorldError;
use orderflow::Role;
use orderflow::adapters::analytics_table::AnalyticsTable;
use orderflow::app::figures;
use orderflow::config::{METRIC_NAMESPACE, PARTITIONS};
use serde_json::json;

/// Longest period of a CloudWatch statistic: one day.
const METRIC_PERIOD_SECONDS: i32 = 86_400;

const COUNTS: [QueueAttributeName; 3] = [
    QueueAttributeName::ApproximateNumberOfMessages,
    QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
    QueueAttributeName::ApproximateNumberOfMessagesDelayed,
];

impl OrderWorld {
    pub(crate) async fn dead_letter_count(&self, role: Role) -> Done {
        let waiting = self.waiting(self.names.dead_letter_queue(role)).await?;
        Ok(json!(waiting))
    }

    /// How many messages a queue has: visible, in flight or delayed.
    pub(crate) async fn waiting(&self, queue: String) -> Result<u64, WorldError> {
        self.count(queue, &COUNTS).await
    }

    /// How many messages a role still has to deal with. Deadlines are not counted: most of them
    /// will find that everything was done in time.
    pub(crate) async fn in_hand(&self, role: Role) -> Result<u64, WorldError> {
        let counts = if role.keeps_deadlines() { &COUNTS[..2] } else { &COUNTS };
        let own = self.count(self.names.queue(role), counts).await?;
        match self.names.intake(role) {
            Some(intake) => Ok(own + self.count(intake, counts).await?),
            None => Ok(own),
        }
    }

    async fn count(&self, queue: String, counts: &[QueueAttributeName]) -> Result<u64, WorldError> {
        let url = self.queue_url(queue).await?;
        let answer = self
            .sqs
            .get_queue_attributes()
            .queue_url(url)
            .set_attribute_names(Some(counts.to_vec()))
            .send()
            .await
            .map_err(call_failed)?;
        let all = answer.attributes.unwrap_or_default();
        let count = |name| all.get(name).and_then(|count| count.parse::<u64>().ok()).unwrap_or(0);
        Ok(counts.iter().map(count).sum())
    }

    async fn queue_url(&self, queue: String) -> Result<String, WorldError> {
        if let Some(url) = self.queue_urls.borrow().get(&queue) {
            return Ok(url.clone());
        }
        let found = self.sqs.get_queue_url().queue_name(&queue).send().await;
        let url = found.map_err(call_failed)?.queue_url.unwrap_or_default();
        self.queue_urls.borrow_mut().insert(queue, url.clone());
        Ok(url)
    }

    /// The state of an alarm.
    pub(crate) async fn alarm(&self, name: &str) -> Done {
        let name = self.names.alarm(name);
        let asked = self.aws.cloudwatch().describe_alarms().alarm_names(&name);
        let asked = asked.alarm_types(AlarmType::CompositeAlarm);
        let answer = asked.alarm_types(AlarmType::MetricAlarm).send().await;
        let answer = answer.map_err(call_failed)?;
        let of_metric = answer.metric_alarms().first().and_then(|alarm| alarm.state_value());
        let of_others = answer.composite_alarms().first().and_then(|alarm| alarm.state_value());
        let state = of_metric.or(of_others);
        let state = state.ok_or_else(|| WorldError(format!("there is no alarm `{name}`")))?;
        Ok(json!(state.as_str()))
    }

    /// What the analytics has counted.
    pub(crate) async fn figure(&self, name: &str) -> Done {
        let none = || WorldError(format!("the analytics has no total `{name}`"));
        self.totals().await?.get(name).cloned().ok_or_else(none)
    }

    pub(crate) async fn totals(&self) -> Done {
        let table = AnalyticsTable::new(&self.aws, &self.names);
        let totals = figures::totals(&table, PARTITIONS).await;
        Ok(json!(totals.map_err(|failure| WorldError(failure.to_string()))?.counts))
    }

    pub(crate) async fn metric(&self, name: &str) -> Done {
        self.sum(METRIC_NAMESPACE, name, ("System", self.names.prefix())).await
    }

    pub(crate) async fn queue_metric(&self, role: Role, name: &str) -> Done {
        self.sum("AWS/SQS", name, ("QueueName", &self.names.queue(role))).await
    }

    /// Of a metric with this dimension, since the beginning.
    async fn sum(&self, namespace: &str, name: &str, (dimension, of): (&str, &str)) -> Done {
        let (at, since) = self.epoch;
        let now = since.as_millis() + i64::try_from(at.elapsed().as_millis()).unwrap_or(0);
        let answer = self
            .aws
            .cloudwatch()
            .get_metric_statistics()
            .namespace(namespace)
            .metric_name(name)
            .dimensions(Dimension::builder().name(dimension).value(of).build())
            .start_time(DateTime::from_millis(since.as_millis() - 60_000))
            .end_time(DateTime::from_millis(now + 60_000))
            .period(METRIC_PERIOD_SECONDS)
            .statistics(Statistic::Sum)
            .send()
            .await
            .map_err(call_failed)?;
        Ok(json!(answer.datapoints().iter().filter_map(|point| point.sum).sum::<f64>()))
    }
}
