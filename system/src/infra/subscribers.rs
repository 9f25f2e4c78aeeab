//! Subscribers of the notifications: queues that listen to the topic, each through a filter. They
//! can be added, changed and removed at any time; SNS is where it is written who there is.

use serde::Serialize;
use serde_json::Value;

use super::queues::Queues;
use super::topic::{QueueSubscription, Topics};
use crate::adapters::aws::Aws;
use crate::app::subscribers::{Subscriber, SubscriberName};
use crate::config::Names;
use crate::failure::Failure;

/// A subscriber as SNS knows it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Subscribed {
    pub name: String,
    /// The queue's name.
    pub queue: String,
    /// The filter policy.
    pub filter: Value,
}

pub(super) struct Wiring<'a> {
    pub(super) queues: &'a Queues,
    pub(super) topics: &'a Topics,
    pub(super) names: &'a Names,
}

/// All subscribers, by name.
pub async fn list(aws: &Aws, names: &Names) -> Result<Vec<Subscribed>, Failure> {
    let topics = Topics::new(aws);
    let topic_arn = topic(&topics, names).await?;
    let mut all = Vec::new();
    for QueueSubscription { arn, queue } in topics.subscriptions(&topic_arn).await? {
        if let Some(name) = names.subscriber_of(&queue) {
            let (name, filter) = (name.to_owned(), topics.filter(&arn).await?);
            all.push(Subscribed { name, queue, filter });
        }
    }
    all.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(all)
}

/// `None` when there is no such subscriber.
pub async fn get(
    aws: &Aws,
    names: &Names,
    name: &SubscriberName,
) -> Result<Option<Subscribed>, Failure> {
    let topics = Topics::new(aws);
    let topic_arn = topic(&topics, names).await?;
    let queue = names.subscriber_queue(name.as_str());
    let mut all = topics.subscriptions(&topic_arn).await?.into_iter();
    let Some(found) = all.find(|one| one.queue == queue) else {
        return Ok(None);
    };
    let filter = topics.filter(&found.arn).await?;
    Ok(Some(Subscribed { name: name.to_string(), queue, filter }))
}

/// Adds a subscriber, or changes its filter. Done twice, it changes nothing. Answers whether it
/// is new.
pub async fn put(aws: &Aws, names: &Names, subscriber: &Subscriber) -> Result<bool, Failure> {
    let (queues, topics) = (Queues::new(aws), Topics::new(aws));
    let topic_arn = topic(&topics, names).await?;
    let wiring = Wiring { queues: &queues, topics: &topics, names };
    wiring.put(&topic_arn, subscriber).await
}

/// Removes a subscriber and its queue with all that is in it. `false` when there was none.
pub async fn remove(aws: &Aws, names: &Names, name: &SubscriberName) -> Result<bool, Failure> {
    let (queues, topics) = (Queues::new(aws), Topics::new(aws));
    let topic_arn = topic(&topics, names).await?;
    let queue = names.subscriber_queue(name.as_str());
    // The subscription is how a half removed one is found again, so it goes last.
    let mut removed = queues.remove(&queue).await?;
    for one in topics.subscriptions(&topic_arn).await? {
        if one.queue == queue {
            topics.unsubscribe(&one.arn).await?;
            removed = true;
        }
    }
    Ok(removed)
}

/// Removes the queues of all subscribers; their subscriptions go with the topic.
pub(super) async fn destroy(aws: &Aws, names: &Names) -> Result<Vec<String>, Failure> {
    let (queues, topics) = (Queues::new(aws), Topics::new(aws));
    let mut removed = Vec::new();
    let Some(topic_arn) = topics.find(&names.topic()).await? else {
        return Ok(removed);
    };
    for QueueSubscription { queue, .. } in topics.subscriptions(&topic_arn).await? {
        if names.subscriber_of(&queue).is_some() && queues.remove(&queue).await? {
            removed.push(queue);
        }
    }
    Ok(removed)
}

impl Wiring<'_> {
    pub(super) async fn put(
        &self,
        topic_arn: &str,
        subscriber: &Subscriber,
    ) -> Result<bool, Failure> {
        let name = self.names.subscriber_queue(subscriber.name.as_str());
        let queue = self.queues.plain_queue(&name).await?;
        self.queues.let_in(&queue, "sns.amazonaws.com", &[topic_arn.to_owned()]).await?;
        let policy = subscriber.filter.policy();
        let known = self.topics.subscriptions(topic_arn).await?;
        match known.iter().find(|one| one.queue == name) {
            Some(known) => {
                self.topics.set_filter(&known.arn, &policy).await?;
                Ok(false)
            }
            None => {
                self.topics.subscribe(topic_arn, &queue.arn, Some(&policy)).await?;
                Ok(true)
            }
        }
    }
}

async fn topic(topics: &Topics, names: &Names) -> Result<String, Failure> {
    let name = names.topic();
    let missing = || Failure::Retry(format!("there is no topic {name:?}"));
    topics.find(&name).await?.ok_or_else(missing)
}
