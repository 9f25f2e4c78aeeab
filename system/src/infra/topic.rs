//! The notification topic and its subscriptions.

use aws_sdk_sns::Client;
use aws_sdk_sns::operation::subscribe::SubscribeError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use serde_json::Value;

use crate::adapters::aws::Aws;
use crate::failure::{Dependency, Failure};

/// In which a filter policy looks; SNS's standard, said explicitly.
const SCOPE: &str = "MessageAttributes";

/// A queue's subscription to the topic.
pub(super) struct QueueSubscription {
    pub(super) arn: String,
    /// The queue's name.
    pub(super) queue: String,
}

pub(super) struct Topics {
    client: Client,
}

impl Topics {
    pub(super) fn new(aws: &Aws) -> Self {
        Self { client: aws.sns() }
    }

    /// The ARN of the topic, which is created when it is missing.
    pub(super) async fn create(&self, name: &str) -> Result<String, Failure> {
        let created = self.client.create_topic().name(name).send().await;
        let created =
            created.map_err(|error| Failure::of_call(Dependency::Sns, "CreateTopic", &error))?;
        Ok(created.topic_arn.unwrap_or_default())
    }

    /// With the filter from the beginning, so that nothing else gets through. `false` when the
    /// queue is subscribed already with another filter, which stays.
    pub(super) async fn subscribe(
        &self,
        topic_arn: &str,
        queue_arn: &str,
        filter_policy: Option<&str>,
    ) -> Result<bool, Failure> {
        let mut call =
            self.client.subscribe().topic_arn(topic_arn).protocol("sqs").endpoint(queue_arn);
        if let Some(policy) = filter_policy {
            call = call.attributes("FilterPolicyScope", SCOPE).attributes("FilterPolicy", policy);
        }
        match call.send().await {
            Ok(_) => Ok(true),
            Err(error) if error.as_service_error().is_some_and(is_there_already) => Ok(false),
            Err(error) => Err(Failure::of_call(Dependency::Sns, "Subscribe", &error)),
        }
    }

    pub(super) async fn set_filter(&self, arn: &str, filter_policy: &str) -> Result<(), Failure> {
        for (name, value) in [("FilterPolicyScope", SCOPE), ("FilterPolicy", filter_policy)] {
            self.client
                .set_subscription_attributes()
                .subscription_arn(arn)
                .attribute_name(name)
                .attribute_value(value)
                .send()
                .await
                .map_err(|error| {
                    Failure::of_call(Dependency::Sns, "SetSubscriptionAttributes", &error)
                })?;
        }
        Ok(())
    }

    /// A subscription's filter policy; JSON `null` when it has none.
    pub(super) async fn filter(&self, arn: &str) -> Result<Value, Failure> {
        let shown = self.client.get_subscription_attributes().subscription_arn(arn).send().await;
        let shown = shown.map_err(|error| {
            Failure::of_call(Dependency::Sns, "GetSubscriptionAttributes", &error)
        })?;
        let policy = shown.attributes().and_then(|all| all.get("FilterPolicy"));
        Ok(policy.and_then(|policy| serde_json::from_str(policy).ok()).unwrap_or_default())
    }

    pub(super) async fn unsubscribe(&self, arn: &str) -> Result<(), Failure> {
        let done = self.client.unsubscribe().subscription_arn(arn).send().await;
        done.map_err(|error| Failure::of_call(Dependency::Sns, "Unsubscribe", &error))?;
        Ok(())
    }

    /// The queues that listen to the topic.
    pub(super) async fn subscriptions(
        &self,
        topic_arn: &str,
    ) -> Result<Vec<QueueSubscription>, Failure> {
        let (mut found, mut next) = (Vec::new(), None);
        loop {
            let page = self
                .client
                .list_subscriptions_by_topic()
                .topic_arn(topic_arn)
                .set_next_token(next)
                .send()
                .await
                .map_err(|error| {
                    Failure::of_call(Dependency::Sns, "ListSubscriptionsByTopic", &error)
                })?;
            for one in page.subscriptions() {
                let queue = one.endpoint().and_then(|arn| arn.rsplit(':').next());
                if let (Some("sqs"), Some(queue), Some(arn)) =
                    (one.protocol(), queue, one.subscription_arn())
                {
                    found.push(QueueSubscription { arn: arn.into(), queue: queue.into() });
                }
            }
            next = page.next_token;
            if next.is_none() {
                return Ok(found);
            }
        }
    }

    /// Removes the topic and its subscriptions. `false` when there is none.
    pub(super) async fn destroy(&self, name: &str) -> Result<bool, Failure> {
        let Some(topic_arn) = self.find(name).await? else {
            return Ok(false);
        };
        let deleted = self.client.delete_topic().topic_arn(topic_arn).send().await;
        deleted.map_err(|error| Failure::of_call(Dependency::Sns, "DeleteTopic", &error))?;
        Ok(true)
    }

    pub(super) async fn find(&self, name: &str) -> Result<Option<String>, Failure> {
        let end = format!(":{name}");
        let mut next = None;
        loop {
            let page = self
                .client
                .list_topics()
                .set_next_token(next)
                .send()
                .await
                .map_err(|error| Failure::of_call(Dependency::Sns, "ListTopics", &error))?;
            let arns = page.topics().iter().filter_map(|topic| topic.topic_arn());
            if let Some(found) = arns.into_iter().find(|arn| arn.ends_with(&end)) {
                return Ok(Some(found.to_owned()));
            }
            next = page.next_token;
            if next.is_none() {
                return Ok(None);
            }
        }
    }
}

/// SNS has no code of its own for it.
fn is_there_already(error: &SubscribeError) -> bool {
    error.is_invalid_parameter_exception()
        && error.message().is_some_and(|it| it.contains("already exists with different attributes"))
}
