//! Subscribers of the notifications: queues that listen to the topic, each through a filter. They
//! can be added, changed and removed at any time; SNS is where it is written who there is.

use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use super::description::policy;
use super::live::transport;
use super::policy::{Sender, Transport};
use super::queues::{self, Queues};
use super::resource::{Identity, Known};
use super::topic::{QueueSubscription, Topics};
use crate::adapters::aws::Aws;
use crate::app::subscribers::{Subscriber, SubscriberName};
use crate::config::Names;
use crate::failure::Failure;

/// A subscriber as SNS knows it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Subscribed {
    pub name: String,
    /// The queue's name.
    pub queue: String,
    /// The filter policy.
    #[schema(value_type = Object)]
    pub filter: Value,
}

/// Why a subscriber was neither added nor changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotPut {
    /// Somebody else was faster, perhaps by a moment.
    #[error("subscriber {0} exists already, with another filter")]
    Exists(SubscriberName),
    /// Source: CreateQueue, API reference.
    #[error(
        "subscriber {0} was removed just now, and SQS makes a queue of the same name only after 60 \
         seconds"
    )]
    RemovedJustNow(SubscriberName),
    #[error(transparent)]
    Failed(#[from] Failure),
}

pub(super) struct Wiring<'a> {
    pub(super) queues: &'a Queues,
    pub(super) topics: &'a Topics,
    pub(super) names: &'a Names,
    pub(super) transport: Transport,
}

/// All subscribers, by name.
pub async fn list(aws: &Aws, names: &Names) -> Result<Vec<Subscribed>, Failure> {
    Ok(page(aws, names, None, usize::MAX).await?.0)
}

/// At most so many of them, by name, those `after` one; and whether there are more. SNS is asked
/// for the filters of these only.
pub async fn page(
    aws: &Aws,
    names: &Names,
    after: Option<&str>,
    limit: usize,
) -> Result<(Vec<Subscribed>, bool), Failure> {
    let topics = Topics::new(aws);
    let topic_arn = topic(&topics, names).await?;
    let all = topics.subscriptions(&topic_arn).await?.into_iter();
    let own = all.filter_map(|QueueSubscription { arn, queue }| {
        let name = names.subscriber_of(&queue)?.to_owned();
        let follows = after.is_none_or(|after| name.as_str() > after);
        follows.then_some((name, queue, arn))
    });
    let mut own: Vec<_> = own.collect();
    own.sort_unstable();
    let more = own.len() > limit;
    let mut page = Vec::new();
    for (name, queue, arn) in own.into_iter().take(limit) {
        page.push(Subscribed { name, queue, filter: topics.filter(&arn).await? });
    }
    Ok((page, more))
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
///
/// # Errors
/// `Exists` when it was added by somebody else meanwhile.
pub async fn put(aws: &Aws, names: &Names, subscriber: &Subscriber) -> Result<bool, NotPut> {
    let (queues, topics) = (Queues::new(aws), Topics::new(aws));
    let topic_arn = topic(&topics, names).await?;
    let wiring = Wiring { queues: &queues, topics: &topics, names, transport: transport(aws) };
    wiring.put(&topic_arn, subscriber).await
}

/// Adds a subscriber, and leaves one that is there as it is. Done twice, it changes nothing.
///
/// # Errors
/// `Exists` when there is one with another filter.
pub async fn add(aws: &Aws, names: &Names, subscriber: &Subscriber) -> Result<(), NotPut> {
    let wanted = json!(subscriber.filter);
    match get(aws, names, &subscriber.name).await? {
        Some(known) if known.filter == wanted => Ok(()),
        Some(_) => Err(NotPut::Exists(subscriber.name.clone())),
        None => {
            let (queues, topics) = (Queues::new(aws), Topics::new(aws));
            let topic_arn = topic(&topics, names).await?;
            let wiring =
                Wiring { queues: &queues, topics: &topics, names, transport: transport(aws) };
            wiring.subscribe(&topic_arn, subscriber).await
        }
    }
}

impl From<NotPut> for Failure {
    fn from(reason: NotPut) -> Self {
        match reason {
            NotPut::Failed(failure) => failure,
            NotPut::Exists(_) | NotPut::RemovedJustNow(_) => Self::Retry(reason.to_string()),
        }
    }
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
    ) -> Result<bool, NotPut> {
        let name = self.names.subscriber_queue(subscriber.name.as_str());
        let known = self.topics.subscriptions(topic_arn).await?;
        let Some(known) = known.iter().find(|one| one.queue == name) else {
            self.subscribe(topic_arn, subscriber).await?;
            return Ok(true);
        };
        self.queue(topic_arn, subscriber).await?;
        self.topics.set_filter(&known.arn, &subscriber.filter.policy()).await?;
        Ok(false)
    }

    /// Of two at once with different filters SNS takes the first.
    async fn subscribe(&self, topic_arn: &str, subscriber: &Subscriber) -> Result<(), NotPut> {
        let queue = self.queue(topic_arn, subscriber).await?;
        let policy = subscriber.filter.policy();
        let is_first = self.topics.subscribe(topic_arn, &queue.arn, Some(&policy)).await?;
        if is_first { Ok(()) } else { Err(NotPut::Exists(subscriber.name.clone())) }
    }

    async fn queue(&self, topic_arn: &str, subscriber: &Subscriber) -> Result<Identity, NotPut> {
        let mut wanted =
            queues::plain(self.names, self.names.subscriber_queue(subscriber.name.as_str()));
        wanted.tags = self.names.tags();
        let queue = match self.queues.read(&wanted.name).await? {
            Some(found) => found.identity,
            None => {
                let made = self.queues.create_unless_removed(&wanted).await?;
                made.ok_or_else(|| NotPut::RemovedJustNow(subscriber.name.clone()))?
            }
        };
        let sources = vec![json!(topic_arn)];
        let sender = Sender { service: "sns.amazonaws.com", sources };
        if let Some(policy) = policy(self.names, &wanted, Some(&sender), self.transport) {
            let mut known = Known::default();
            known.learn(&wanted.id, queue.clone());
            self.queues.put_policy(&known.resolve(&policy)).await?;
        }
        Ok(queue)
    }
}

async fn topic(topics: &Topics, names: &Names) -> Result<String, Failure> {
    let name = names.topic();
    let missing = || Failure::Retry(format!("there is no topic {name:?}"));
    topics.find(&name).await?.ok_or_else(missing)
}
