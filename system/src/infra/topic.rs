//! The notification topic and its subscriptions.

use aws_sdk_sns::Client;
use aws_sdk_sns::operation::subscribe::SubscribeError;
use aws_sdk_sns::types::Tag;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use serde_json::{Value, json};

use super::description::FILTER_SCOPE;
use super::live::unchangeable;
use super::resource::{Found, Identity, Resource, Tags};
use super::rules::{object, text};
use crate::adapters::aws::Aws;
use crate::failure::{Dependency, Failure};

/// The attribute that says with which key a topic is encrypted.
const KEY: &str = "KmsMasterKeyId";

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

    pub(super) async fn read(&self, name: &str) -> Result<Option<Found>, Failure> {
        let Some(arn) = self.find(name).await? else {
            return Ok(None);
        };
        let shown = self.client.get_topic_attributes().topic_arn(&arn).send().await;
        let shown = shown
            .map_err(|error| Failure::of_call(Dependency::Sns, "GetTopicAttributes", &error))?;
        let key = shown.attributes().and_then(|all| all.get(KEY)).filter(|key| !key.is_empty());
        let listed = self.client.list_tags_for_resource().resource_arn(&arn).send().await;
        let listed = listed
            .map_err(|error| Failure::of_call(Dependency::Sns, "ListTagsForResource", &error))?;
        let tags = listed.tags().iter().map(|tag| (tag.key().to_owned(), tag.value().to_owned()));
        Ok(Some(Found {
            properties: object(json!({ "TopicName": name, KEY: key })),
            tags: tags.collect(),
            identity: Identity { reference: arn.clone(), arn },
        }))
    }

    pub(super) async fn create(&self, wanted: &Resource) -> Result<Identity, Failure> {
        let mut call = self.client.create_topic().name(&wanted.name);
        if let Some(key) = wanted.properties[KEY].as_str() {
            call = call.attributes(KEY, key);
        }
        let created = call.set_tags(Some(sdk_tags(&wanted.tags))).send().await;
        let created =
            created.map_err(|error| Failure::of_call(Dependency::Sns, "CreateTopic", &error))?;
        let arn = created.topic_arn.unwrap_or_default();
        Ok(Identity { reference: arn.clone(), arn })
    }

    pub(super) async fn change(
        &self,
        wanted: &Resource,
        found: &Found,
        differing: &[&str],
    ) -> Result<(), Failure> {
        for name in differing {
            self.client
                .set_topic_attributes()
                .topic_arn(&found.identity.arn)
                .attribute_name(*name)
                .attribute_value(text(&wanted.properties[*name]))
                .send()
                .await
                .map_err(|error| Failure::of_call(Dependency::Sns, "SetTopicAttributes", &error))?;
        }
        Ok(())
    }

    pub(super) async fn tag(&self, arn: &str, tags: &Tags) -> Result<(), Failure> {
        let tagged = self.client.tag_resource().resource_arn(arn).set_tags(Some(sdk_tags(tags)));
        let tagged = tagged.send().await;
        tagged.map_err(|error| Failure::of_call(Dependency::Sns, "TagResource", &error))?;
        Ok(())
    }

    /// `None` when the queue does not listen to the topic.
    pub(super) async fn read_subscription(
        &self,
        wanted: &Resource,
    ) -> Result<Option<Found>, Failure> {
        let Some(topic) = self.find(topic_name(wanted)).await? else {
            return Ok(None);
        };
        let all = self.subscriptions(&topic).await?;
        let Some(known) = all.iter().find(|one| one.queue == wanted.name) else {
            return Ok(None);
        };
        let shown = self.client.get_subscription_attributes().subscription_arn(&known.arn);
        let shown = shown.send().await.map_err(|error| {
            Failure::of_call(Dependency::Sns, "GetSubscriptionAttributes", &error)
        })?;
        let of = |name: &str| shown.attributes().and_then(|all| all.get(name));
        let filter = of("FilterPolicy").and_then(|policy| serde_json::from_str(policy).ok());
        let filter = filter.filter(|policy| *policy != json!({})).unwrap_or(Value::Null);
        // Without a filter it says nothing.
        let scope = of("FilterPolicyScope").filter(|_| !filter.is_null());
        let properties = json!({
            "TopicArn": topic,
            "Protocol": "sqs",
            "Endpoint": of("Endpoint"),
            "FilterPolicyScope": scope,
            "FilterPolicy": filter,
        });
        let identity = Identity { arn: known.arn.clone(), reference: known.arn.clone() };
        Ok(Some(Found { identity, properties: object(properties), ..Found::default() }))
    }

    pub(super) async fn create_subscription(&self, wanted: &Resource) -> Result<Identity, Failure> {
        let of = |name: &str| &wanted.properties[name];
        let policy = Some(of("FilterPolicy")).filter(|policy| !policy.is_null());
        let policy = policy.map(Value::to_string);
        let (topic, queue) = (text(of("TopicArn")), text(of("Endpoint")));
        if self.subscribe(topic, queue, policy.as_deref()).await? {
            return Ok(Identity::default());
        }
        let name = &wanted.name;
        Err(Failure::Retry(format!("queue {name:?} was just subscribed with another filter")))
    }

    pub(super) async fn change_subscription(
        &self,
        wanted: &Resource,
        found: &Found,
        differing: &[&str],
    ) -> Result<(), Failure> {
        if let Some(other) = differing.iter().find(|name| !name.starts_with("FilterPolicy")) {
            return Err(unchangeable(wanted, &[other]));
        }
        let policy = &wanted.properties["FilterPolicy"];
        // An empty one lets everything through. Source: developer guide, "Removing a subscription
        // filter policy".
        let policy = if policy.is_null() { json!({}) } else { policy.clone() };
        self.set_filter(&found.identity.arn, &policy.to_string()).await
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
            call = call
                .attributes("FilterPolicyScope", FILTER_SCOPE)
                .attributes("FilterPolicy", policy);
        }
        match call.send().await {
            Ok(_) => Ok(true),
            Err(error) if error.as_service_error().is_some_and(is_there_already) => Ok(false),
            Err(error) => Err(Failure::of_call(Dependency::Sns, "Subscribe", &error)),
        }
    }

    pub(super) async fn set_filter(&self, arn: &str, filter_policy: &str) -> Result<(), Failure> {
        for (name, value) in [("FilterPolicyScope", FILTER_SCOPE), ("FilterPolicy", filter_policy)]
        {
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

fn sdk_tags(tags: &Tags) -> Vec<Tag> {
    let tag = |(key, value): (&String, &String)| {
        Tag::builder().key(key).value(value).build().expect("key and value are given")
    };
    tags.iter().map(tag).collect()
}

/// Of a subscription's topic.
fn topic_name(wanted: &Resource) -> &str {
    text(&wanted.properties["TopicArn"]).rsplit(':').next().unwrap_or_default()
}

/// SNS has no code of its own for it.
fn is_there_already(error: &SubscribeError) -> bool {
    error.is_invalid_parameter_exception()
        && error.message().is_some_and(|it| it.contains("already exists with different attributes"))
}
