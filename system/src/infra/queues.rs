//! Queues: one for each consuming role with a dead-letter queue beside it, and one for each
//! subscriber of the notifications or of large orders. Reply queues are made by who waits for
//! replies.

use std::collections::HashMap;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::QueueAttributeName;
use serde_json::{Map, Value, json};

use super::resource::{Found, Identity, Kind, Resource, Tags, arn_of};
use super::rules::{object, text};
use crate::adapters::aws::Aws;
use crate::config::{Config, Names};
use crate::failure::{Dependency, Failure};
use crate::role::Role;

/// Fourteen days, the longest there is: time to notice and to repair. Source: SetQueueAttributes,
/// API reference.
const RETENTION_LONGEST_SECONDS: u32 = 1_209_600;
/// Queues of one page; without it there is one page only. Source: ListQueues, API reference.
const LIST_MAX: i32 = 1000;
/// Four days.
const RETENTION_SECONDS: u32 = 345_600;
/// Set when a queue is made, and never after.
const FOR_GOOD: [&str; 2] = ["QueueName", "FifoQueue"];

pub(super) struct Queues {
    client: Client,
}

pub(super) fn dead_letters(names: &Names, role: Role) -> Resource {
    let own = json!({ "MessageRetentionPeriod": RETENTION_LONGEST_SECONDS });
    queue(names, names.dead_letter_queue(role), own)
}

/// Where a role with a FIFO queue is sent to. What is in it is passed on, or waits.
pub(super) fn intake(config: &Config, role: Role) -> Option<Resource> {
    let Config { names, timing, .. } = config;
    let own = json!({
        "VisibilityTimeout": timing.visibility.as_secs(),
        "ReceiveMessageWaitTimeSeconds": timing.long_poll.as_secs(),
        "MessageRetentionPeriod": retention(role),
    });
    Some(queue(names, names.intake(role)?, own))
}

pub(super) fn of_role(config: &Config, role: Role, dead_letters: &Resource) -> Resource {
    let Config { names, timing, .. } = config;
    let redrive = json!({
        "deadLetterTargetArn": arn_of(&dead_letters.id),
        "maxReceiveCount": timing.receives_max,
    });
    let own = json!({
        "VisibilityTimeout": timing.visibility.as_secs(),
        "ReceiveMessageWaitTimeSeconds": timing.long_poll.as_secs(),
        "MessageRetentionPeriod": retention(role),
        "RedrivePolicy": redrive,
    });
    queue(names, names.queue(role), own)
}

/// Of a subscriber.
pub(super) fn plain(names: &Names, name: String) -> Resource {
    queue(names, name, json!({ "MessageRetentionPeriod": RETENTION_SECONDS }))
}

/// Encrypted with a key that SQS looks after by itself.
fn queue(names: &Names, name: String, mut properties: Value) -> Resource {
    properties["QueueName"] = json!(name);
    properties["SqsManagedSseEnabled"] = json!(true);
    if name.ends_with(".fifo") {
        properties["FifoQueue"] = json!(true);
        // Whoever sends says what is the same: a body may be sent again on purpose.
        properties["ContentBasedDeduplication"] = json!(false);
        // Each order has a throughput of its own.
        properties["DeduplicationScope"] = json!("messageGroup");
        properties["FifoThroughputLimit"] = json!("perMessageGroupId");
    }
    Resource::new(Kind::Queue, names, name, properties)
}

/// Orders must not be lost, and figures can be counted late; what others missed for days is no news
/// any more.
fn retention(role: Role) -> u32 {
    match role {
        Role::Orders | Role::Bridge => RETENTION_LONGEST_SECONDS,
        _ => RETENTION_SECONDS,
    }
}

impl Queues {
    pub(super) fn new(aws: &Aws) -> Self {
        Self { client: aws.sqs() }
    }

    pub(super) async fn read(&self, name: &str) -> Result<Option<Found>, Failure> {
        let Some(url) = self.url(name).await? else {
            return Ok(None);
        };
        let mut properties = self.attributes(&url).await?;
        properties.insert("QueueName".into(), json!(name));
        let listed = self.client.list_queue_tags().queue_url(&url).send().await;
        let listed =
            listed.map_err(|error| Failure::of_call(Dependency::Sqs, "ListQueueTags", &error))?;
        let arn = text(&properties["QueueArn"]).to_owned();
        Ok(Some(Found {
            identity: Identity { arn, reference: url },
            properties,
            tags: listed.tags.unwrap_or_default().into_iter().collect(),
        }))
    }

    pub(super) async fn create(&self, wanted: &Resource) -> Result<Identity, Failure> {
        let created = self.create_unless_removed(wanted).await?;
        created.ok_or_else(|| removed_just_now(&wanted.name))
    }

    /// `None` when one of that name was removed within the last minute.
    pub(super) async fn create_unless_removed(
        &self,
        wanted: &Resource,
    ) -> Result<Option<Identity>, Failure> {
        let properties = wanted.properties.iter().filter(|(name, _)| *name != "QueueName");
        let tags: HashMap<_, _> = wanted.tags.clone().into_iter().collect();
        let created = self
            .client
            .create_queue()
            .queue_name(&wanted.name)
            .set_attributes(Some(properties.map(attribute).collect()))
            .set_tags((!tags.is_empty()).then_some(tags))
            .send()
            .await;
        let url = match created {
            Ok(created) => created.queue_url.unwrap_or_default(),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|error| error.is_queue_deleted_recently()) =>
            {
                return Ok(None);
            }
            Err(error) => return Err(Failure::of_call(Dependency::Sqs, "CreateQueue", &error)),
        };
        let arn = text(&self.attributes(&url).await?["QueueArn"]).to_owned();
        Ok(Some(Identity { arn, reference: url }))
    }

    pub(super) async fn change(
        &self,
        wanted: &Resource,
        found: &Found,
        differing: &[&str],
    ) -> Result<(), Failure> {
        let settable = differing.iter().filter(|name| !FOR_GOOD.contains(name));
        let attributes = settable.filter_map(|name| wanted.properties.get_key_value(*name));
        self.set(&found.identity.reference, attributes.map(attribute).collect()).await
    }

    /// The queue's policy; `None` when it has none, or there is no queue.
    pub(super) async fn read_policy(&self, name: &str) -> Result<Option<Found>, Failure> {
        let Some(url) = self.url(name).await? else {
            return Ok(None);
        };
        let mut attributes = self.attributes(&url).await?;
        let properties = attributes
            .remove("Policy")
            .map(|policy| object(json!({ "Queues": [url], "PolicyDocument": policy })));
        Ok(properties.map(|properties| Found { properties, ..Found::default() }))
    }

    pub(super) async fn put_policy(&self, wanted: &Resource) -> Result<Identity, Failure> {
        let policy = wanted.properties["PolicyDocument"].to_string();
        let url = text(&wanted.properties["Queues"][0]);
        self.set(url, [(QueueAttributeName::Policy, policy)].into()).await?;
        Ok(Identity::default())
    }

    pub(super) async fn tag(&self, url: &str, tags: &Tags) -> Result<(), Failure> {
        let tags = tags.clone().into_iter().collect();
        let tagged = self.client.tag_queue().queue_url(url).set_tags(Some(tags)).send().await;
        tagged.map_err(|error| Failure::of_call(Dependency::Sqs, "TagQueue", &error))?;
        Ok(())
    }

    /// `false` when there is no such queue.
    pub(super) async fn remove(&self, name: &str) -> Result<bool, Failure> {
        let Some(url) = self.url(name).await? else {
            return Ok(false);
        };
        let deleted = self.client.delete_queue().queue_url(url).send().await;
        deleted.map_err(|error| Failure::of_call(Dependency::Sqs, "DeleteQueue", &error))?;
        Ok(true)
    }

    /// The reply queues of processes that did not end well, and of those that still run.
    pub(super) async fn remove_reply_queues(&self, names: &Names) -> Result<Vec<String>, Failure> {
        let mut removed = Vec::new();
        for name in self.reply_queues(names).await? {
            if self.remove(&name).await? {
                removed.push(name);
            }
        }
        Ok(removed)
    }

    async fn reply_queues(&self, names: &Names) -> Result<Vec<String>, Failure> {
        let (mut found, mut next) = (Vec::new(), None);
        loop {
            let page = self
                .client
                .list_queues()
                .queue_name_prefix(names.reply_queue_prefix())
                .max_results(LIST_MAX)
                .set_next_token(next)
                .send()
                .await
                .map_err(|error| Failure::of_call(Dependency::Sqs, "ListQueues", &error))?;
            let urls = page.queue_urls().iter().filter_map(|url| url.rsplit('/').next());
            found.extend(urls.filter(|name| names.is_reply_queue(name)).map(str::to_owned));
            next = page.next_token;
            if next.is_none() {
                return Ok(found);
            }
        }
    }

    async fn url(&self, name: &str) -> Result<Option<String>, Failure> {
        match self.client.get_queue_url().queue_name(name).send().await {
            Ok(found) => Ok(Some(found.queue_url.unwrap_or_default())),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|error| error.is_queue_does_not_exist()) =>
            {
                Ok(None)
            }
            Err(error) => Err(Failure::of_call(Dependency::Sqs, "GetQueueUrl", &error)),
        }
    }

    /// All of them, those that are JSON as what they say.
    async fn attributes(&self, url: &str) -> Result<Map<String, Value>, Failure> {
        let asked = self.client.get_queue_attributes().queue_url(url);
        let answer = asked.attribute_names(QueueAttributeName::All).send().await;
        let answer = answer
            .map_err(|error| Failure::of_call(Dependency::Sqs, "GetQueueAttributes", &error))?;
        let all = answer.attributes.unwrap_or_default().into_iter().map(|(name, value)| {
            let parsed = serde_json::from_str(&value).unwrap_or(Value::String(value));
            (name.as_str().to_owned(), parsed)
        });
        let mut all: Map<_, _> = all.collect();
        // Whoever set it may have written the number as a text.
        if let Some(policy) = all.get_mut("RedrivePolicy")
            && let Some(count) = policy["maxReceiveCount"].as_str().and_then(|it| it.parse().ok())
        {
            let count: u32 = count;
            policy["maxReceiveCount"] = json!(count);
        }
        Ok(all)
    }

    async fn set(
        &self,
        url: &str,
        attributes: HashMap<QueueAttributeName, String>,
    ) -> Result<(), Failure> {
        let set = self.client.set_queue_attributes().queue_url(url);
        let set = set.set_attributes(Some(attributes)).send().await;
        set.map_err(|error| Failure::of_call(Dependency::Sqs, "SetQueueAttributes", &error))?;
        Ok(())
    }
}

/// SQS's attributes are texts.
fn attribute((name, value): (&String, &Value)) -> (QueueAttributeName, String) {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    (QueueAttributeName::from(name.as_str()), text)
}

/// Source: CreateQueue, API reference.
fn removed_just_now(name: &str) -> Failure {
    let text = "was removed just now, and SQS makes one of the same name only after 60 seconds";
    Failure::Retry(format!("queue {name:?} {text}"))
}
