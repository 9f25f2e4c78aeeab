//! The notification topic and the queues that mail, and page, from it.

use aws_sdk_sns::Client;

use crate::adapters::aws::Aws;
use crate::failure::{Dependency, Failure};

/// A queue that listens to the topic.
pub(super) struct Subscriber {
    pub(super) name: &'static str,
    /// On message attributes.
    pub(super) filter_policy: &'static str,
}

pub(super) const SUBSCRIBERS: [Subscriber; 3] = [
    Subscriber { name: "customer-mail", filter_policy: r#"{"audience":["customer"]}"# },
    Subscriber { name: "staff-mail", filter_policy: r#"{"audience":["staff"]}"# },
    Subscriber {
        name: "staff-pager",
        filter_policy: r#"{"audience":["staff"],"priority":["high"]}"#,
    },
];

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

    pub(super) async fn subscribe(
        &self,
        topic_arn: &str,
        queue_arn: &str,
        filter_policy: &str,
    ) -> Result<(), Failure> {
        // Without attributes, so that a subscription that exists is found whatever its are.
        let subscribed = self
            .client
            .subscribe()
            .topic_arn(topic_arn)
            .protocol("sqs")
            .endpoint(queue_arn)
            .return_subscription_arn(true)
            .send()
            .await
            .map_err(|error| Failure::of_call(Dependency::Sns, "Subscribe", &error))?;
        self.client
            .set_subscription_attributes()
            .subscription_arn(subscribed.subscription_arn.unwrap_or_default())
            .attribute_name("FilterPolicy")
            .attribute_value(filter_policy)
            .send()
            .await
            .map_err(|error| {
                Failure::of_call(Dependency::Sns, "SetSubscriptionAttributes", &error)
            })?;
        Ok(())
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

    async fn find(&self, name: &str) -> Result<Option<String>, Failure> {
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
