//! Queues: one for each consuming role with a dead-letter queue beside it, and one for each
//! subscriber of the notifications or of large orders. Reply queues are made by who waits for
//! replies.

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::QueueAttributeName;
use serde_json::json;

use super::policy::allow_sending;
use crate::adapters::aws::Aws;
use crate::app::subscribers::defaults;
use crate::config::{Names, Timing};
use crate::failure::{Dependency, Failure};
use crate::role::Role;

/// Fourteen days, the longest there is: time to notice and to repair. Source: SetQueueAttributes,
/// API reference.
const RETENTION_LONGEST_SECONDS: &str = "1209600";
/// Queues of one page; without it there is one page only. Source: ListQueues, API reference.
const LIST_MAX: i32 = 1000;
/// Four days.
const RETENTION_SECONDS: &str = "345600";

pub(super) struct Queues {
    client: Client,
}

pub(super) struct MadeQueue {
    pub(super) name: String,
    pub(super) url: String,
    pub(super) arn: String,
}

impl Queues {
    pub(super) fn new(aws: &Aws) -> Self {
        Self { client: aws.sqs() }
    }

    pub(super) async fn dead_letter_queue(&self, name: &str) -> Result<MadeQueue, Failure> {
        let queue = self.create(name).await?;
        let retention = RETENTION_LONGEST_SECONDS.to_owned();
        self.set(&queue, [(QueueAttributeName::MessageRetentionPeriod, retention)]).await?;
        Ok(queue)
    }

    pub(super) async fn role_queue(
        &self,
        name: &str,
        role: Role,
        dead_letters: &MadeQueue,
        timing: &Timing,
    ) -> Result<MadeQueue, Failure> {
        let queue = self.create(name).await?;
        let redrive = json!({
            "deadLetterTargetArn": dead_letters.arn,
            "maxReceiveCount": timing.receives_max,
        });
        let seconds = |duration: std::time::Duration| duration.as_secs().to_string();
        let attributes = [
            (QueueAttributeName::VisibilityTimeout, seconds(timing.visibility)),
            (QueueAttributeName::ReceiveMessageWaitTimeSeconds, seconds(timing.long_poll)),
            (QueueAttributeName::MessageRetentionPeriod, retention(role).to_owned()),
            (QueueAttributeName::RedrivePolicy, redrive.to_string()),
        ];
        self.set(&queue, attributes).await?;
        Ok(queue)
    }

    pub(super) async fn plain_queue(&self, name: &str) -> Result<MadeQueue, Failure> {
        let queue = self.plain_queue_unless_removed(name).await?;
        queue.ok_or_else(|| removed_just_now(name))
    }

    /// `None` when one of that name was removed within the last minute.
    pub(super) async fn plain_queue_unless_removed(
        &self,
        name: &str,
    ) -> Result<Option<MadeQueue>, Failure> {
        let queue = self.create_unless_removed(name).await?;
        if let Some(queue) = &queue {
            let retention = RETENTION_SECONDS.to_owned();
            self.set(queue, [(QueueAttributeName::MessageRetentionPeriod, retention)]).await?;
        }
        Ok(queue)
    }

    /// Lets an AWS service send to the queue on behalf of the given sources.
    pub(super) async fn let_in(
        &self,
        queue: &MadeQueue,
        service: &str,
        source_arns: &[String],
    ) -> Result<(), Failure> {
        let policy = allow_sending(&queue.arn, service, source_arns);
        self.set(queue, [(QueueAttributeName::Policy, policy)]).await
    }

    /// Removes all queues of a system.
    pub(super) async fn destroy(&self, names: &Names) -> Result<Vec<String>, Failure> {
        let mut removed = Vec::new();
        let of_roles =
            Role::consumers().flat_map(|role| [names.queue(role), names.dead_letter_queue(role)]);
        let of_subscribers =
            defaults().into_iter().map(|it| names.subscriber_queue(it.name.as_str()));
        let review = names.staff_review_queue();
        let left_over = self.reply_queues(names).await?;
        let others = left_over.into_iter().chain([review, names.alerts()]);
        for name in of_roles.chain(of_subscribers).chain(others) {
            if self.remove(&name).await? {
                removed.push(name);
            }
        }
        Ok(removed)
    }

    /// `false` when there is no such queue.
    pub(super) async fn remove(&self, name: &str) -> Result<bool, Failure> {
        let url = match self.client.get_queue_url().queue_name(name).send().await {
            Ok(found) => found.queue_url.unwrap_or_default(),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(|error| error.is_queue_does_not_exist()) =>
            {
                return Ok(false);
            }
            Err(error) => return Err(Failure::of_call(Dependency::Sqs, "GetQueueUrl", &error)),
        };
        let deleted = self.client.delete_queue().queue_url(url).send().await;
        deleted.map_err(|error| Failure::of_call(Dependency::Sqs, "DeleteQueue", &error))?;
        Ok(true)
    }

    /// The reply queues of processes that did not end well, and of those that still run.
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

    async fn create(&self, name: &str) -> Result<MadeQueue, Failure> {
        self.create_unless_removed(name).await?.ok_or_else(|| removed_just_now(name))
    }

    /// Without attributes, so that a queue that exists is found whatever its attributes are.
    async fn create_unless_removed(&self, name: &str) -> Result<Option<MadeQueue>, Failure> {
        let url = match self.client.create_queue().queue_name(name).send().await {
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
        let attributes = self
            .client
            .get_queue_attributes()
            .queue_url(&url)
            .attribute_names(QueueAttributeName::QueueArn)
            .send()
            .await
            .map_err(|error| Failure::of_call(Dependency::Sqs, "GetQueueAttributes", &error))?;
        let arn = attributes
            .attributes
            .and_then(|mut all| all.remove(&QueueAttributeName::QueueArn))
            .ok_or_else(|| Failure::Retry("GetQueueAttributes: no QueueArn".into()))?;
        Ok(Some(MadeQueue { name: name.to_owned(), url, arn }))
    }

    async fn set(
        &self,
        queue: &MadeQueue,
        attributes: impl IntoIterator<Item = (QueueAttributeName, String)>,
    ) -> Result<(), Failure> {
        self.client
            .set_queue_attributes()
            .queue_url(&queue.url)
            .set_attributes(Some(attributes.into_iter().collect()))
            .send()
            .await
            .map_err(|error| Failure::of_call(Dependency::Sqs, "SetQueueAttributes", &error))?;
        Ok(())
    }
}

/// Orders must not be lost, and figures can be counted late; what others missed for days is no news
/// any more.
fn retention(role: Role) -> &'static str {
    match role {
        Role::Orders | Role::Bridge => RETENTION_LONGEST_SECONDS,
        _ => RETENTION_SECONDS,
    }
}

/// Source: CreateQueue, API reference.
fn removed_just_now(name: &str) -> Failure {
    let text = "was removed just now, and SQS makes one of the same name only after 60 seconds";
    Failure::Retry(format!("queue {name:?} {text}"))
}
