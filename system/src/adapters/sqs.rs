//! One SQS queue: receive by long poll, delete, give back for later, send with a delay.

mod outgoing;

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::operation::send_message::SendMessageError;
use aws_sdk_sqs::types::{
    ChangeMessageVisibilityBatchRequestEntry, DeleteMessageBatchRequestEntry,
    MessageAttributeValue, MessageSystemAttributeName, MessageSystemAttributeNameForSends,
    MessageSystemAttributeValue, QueueAttributeName,
};

use self::outgoing::Outgoing;
use super::aws::{Aws, within};
use crate::domain::Timestamp;
use crate::failure::{Dependency, Failure};
use crate::trace::{self, TraceHeader};

/// Messages of one receive and entries of one batch. Source: ReceiveMessage, API reference.
pub const BATCH_MAX: u32 = 10;

#[derive(Clone, Debug)]
pub struct Queue {
    client: Client,
    url: String,
    outgoing: Outgoing,
}

#[derive(Clone, Debug)]
pub struct Received {
    pub message_id: String,
    pub receipt_handle: String,
    pub body: String,
    /// How often this message was handed out, this time included.
    pub receive_count: u32,
    /// Of a FIFO queue.
    pub group: Option<String>,
    /// When it was handed out for the first time, by SQS's clock.
    pub first_received: Option<Timestamp>,
    /// Under which it was sent.
    pub trace: Option<TraceHeader>,
    /// Sorted by name.
    pub attributes: Vec<(String, MessageAttributeValue)>,
}

impl Queue {
    /// The queue of that name, which must exist.
    pub async fn find(aws: &Aws, name: &str) -> Result<Self, Failure> {
        let client = aws.sqs();
        let found = client.get_queue_url().queue_name(name).send().await;
        let found = found.map_err(|error| {
            Failure::of_call(Dependency::Sqs, &format!("GetQueueUrl of {name:?}"), &error)
        })?;
        let url = found.queue_url.unwrap_or_default();
        Ok(Self { client, url, outgoing: Outgoing::default() })
    }

    /// A queue that holds what nobody has fetched for no longer than `retention`.
    pub async fn create(
        aws: &Aws,
        name: &str,
        retention: Duration,
        tags: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, Failure> {
        let client = aws.sqs();
        let created = client
            .create_queue()
            .queue_name(name)
            .attributes(
                QueueAttributeName::MessageRetentionPeriod,
                whole_seconds(retention).to_string(),
            )
            .attributes(QueueAttributeName::SqsManagedSseEnabled, "true")
            .set_tags(Some(tags.into_iter().collect()))
            .send()
            .await
            .map_err(|error| Failure::of_call(Dependency::Sqs, "CreateQueue", &error))?;
        let url = created.queue_url.unwrap_or_default();
        Ok(Self { client, url, outgoing: Outgoing::default() })
    }

    pub async fn remove(&self) -> Result<(), Failure> {
        let deleted = self.client.delete_queue().queue_url(&self.url).send().await;
        deleted.map_err(|error| Failure::of_call(Dependency::Sqs, "DeleteQueue", &error))?;
        Ok(())
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    /// The queue that `url` stands for, if it is in the same account as this one and `accept`
    /// takes its name. Only account and name count: it is looked for where this queue is.
    pub fn neighbour(&self, url: &str, accept: impl FnOnce(&str) -> bool) -> Option<Self> {
        let (theirs, name) = url.rsplit_once('/')?;
        let (ours, _) = self.url.rsplit_once('/')?;
        let account = |place: &str| place.rsplit('/').next().map(str::to_owned);
        let known = account(theirs) == account(ours) && accept(name);
        known.then(|| Self {
            client: self.client.clone(),
            url: format!("{ours}/{name}"),
            outgoing: Outgoing::default(),
        })
    }

    pub async fn arn(&self) -> Result<String, Failure> {
        let answer = self
            .client
            .get_queue_attributes()
            .queue_url(&self.url)
            .attribute_names(QueueAttributeName::QueueArn)
            .send()
            .await
            .map_err(|error| Failure::of_call(Dependency::Sqs, "GetQueueAttributes", &error))?;
        let arn = answer.attributes.and_then(|mut all| all.remove(&QueueAttributeName::QueueArn));
        arn.ok_or_else(|| Failure::Retry("GetQueueAttributes: no QueueArn".into()))
    }

    /// Up to `most` messages, ten at most; waits up to `wait` for the first. `visibility` hides
    /// them for so long instead of the queue's own time.
    pub async fn receive(
        &self,
        most: u32,
        wait: Duration,
        visibility: Option<Duration>,
    ) -> Result<Vec<Received>, Failure> {
        let most = most.clamp(1, BATCH_MAX) as i32;
        let patient = aws_sdk_sqs::Config::builder().timeout_config(within(wait));
        let answer = self
            .client
            .receive_message()
            .queue_url(&self.url)
            .max_number_of_messages(most)
            .wait_time_seconds(whole_seconds(wait))
            .set_visibility_timeout(visibility.map(whole_seconds))
            .message_system_attribute_names(MessageSystemAttributeName::All)
            .message_attribute_names("All")
            .customize()
            .config_override(patient)
            .send()
            .await
            .map_err(|error| Failure::of_call(Dependency::Sqs, "ReceiveMessage", &error))?;
        Ok(answer.messages.unwrap_or_default().into_iter().map(received).collect())
    }

    /// Sends to a queue that may be gone. `false` when it is.
    pub async fn offer(&self, body: &str) -> Result<bool, Failure> {
        let call = self.client.send_message().queue_url(&self.url).message_body(body);
        let sent = call.set_message_system_attributes(trace_attribute()).send().await;
        match sent {
            Ok(_) => Ok(true),
            Err(error)
                if error
                    .as_service_error()
                    .is_some_and(SendMessageError::is_queue_does_not_exist) =>
            {
                Ok(false)
            }
            Err(error) => Err(Failure::of_call(Dependency::Sqs, "SendMessage", &error)),
        }
    }

    /// Deletes what was handled. Answers how many could not be deleted: they will come again.
    pub async fn delete(&self, receipt_handles: &[String]) -> Result<usize, Failure> {
        let mut failed = 0;
        for chunk in receipt_handles.chunks(BATCH_MAX as usize) {
            let mut call = self.client.delete_message_batch().queue_url(&self.url);
            for (index, handle) in chunk.iter().enumerate() {
                let entry = DeleteMessageBatchRequestEntry::builder()
                    .id(index.to_string())
                    .receipt_handle(handle)
                    .build()
                    .expect("id and handle are given");
                call = call.entries(entry);
            }
            let answer = call
                .send()
                .await
                .map_err(|error| Failure::of_call(Dependency::Sqs, "DeleteMessageBatch", &error))?;
            failed += answer.failed().len();
        }
        Ok(failed)
    }

    /// Hides a received message for `delay` from now.
    pub async fn give_back(&self, receipt_handle: &str, delay: Duration) -> Result<(), Failure> {
        self.client
            .change_message_visibility()
            .queue_url(&self.url)
            .receipt_handle(receipt_handle)
            .visibility_timeout(whole_seconds(delay))
            .send()
            .await
            .map_err(|error| {
                Failure::of_call(Dependency::Sqs, "ChangeMessageVisibility", &error)
            })?;
        Ok(())
    }

    /// Hides received messages for so long from now. Answers how many it could not hide.
    pub async fn keep_hidden(
        &self,
        receipt_handles: &[String],
        visibility: Duration,
    ) -> Result<usize, Failure> {
        let mut failed = 0;
        for chunk in receipt_handles.chunks(BATCH_MAX as usize) {
            let mut call = self.client.change_message_visibility_batch().queue_url(&self.url);
            for (index, handle) in chunk.iter().enumerate() {
                let entry = ChangeMessageVisibilityBatchRequestEntry::builder()
                    .id(index.to_string())
                    .receipt_handle(handle)
                    .visibility_timeout(whole_seconds(visibility))
                    .build()
                    .expect("id and handle are given");
                call = call.entries(entry);
            }
            let answer = call.send().await.map_err(|error| {
                Failure::of_call(Dependency::Sqs, "ChangeMessageVisibilityBatch", &error)
            })?;
            failed += answer.failed().len();
        }
        Ok(failed)
    }

    /// Sends a message that becomes visible after `delay`.
    pub async fn send(&self, body: &str, delay: Duration) -> Result<(), Failure> {
        self.client
            .send_message()
            .queue_url(&self.url)
            .message_body(body)
            .set_message_system_attributes(trace_attribute())
            .delay_seconds(whole_seconds(delay))
            .send()
            .await
            .map_err(|error| Failure::of_call(Dependency::Sqs, "SendMessage", &error))?;
        Ok(())
    }

    /// The same, together with others: for a standard queue.
    pub async fn send_together(&self, body: String, delay: Duration) -> Result<(), Failure> {
        self.outgoing.send(&self.client, &self.url, body, delay).await
    }

    /// Whether it is a FIFO queue.
    pub fn is_fifo(&self) -> bool {
        self.url.ends_with(".fifo")
    }

    /// Sends a message of this group to a FIFO queue, which takes it once: another with this
    /// `deduplication` is dropped for five minutes.
    pub async fn send_in_order(
        &self,
        body: &str,
        group: &str,
        deduplication: &str,
    ) -> Result<(), Failure> {
        let call = self.client.send_message().queue_url(&self.url).message_body(body);
        call.message_group_id(group)
            .message_deduplication_id(deduplication)
            .send()
            .await
            .map_err(|error| Failure::of_call(Dependency::Sqs, "SendMessage", &error))?;
        Ok(())
    }

    /// Sends a message with attributes at once, in place of the one that it was made of: a FIFO
    /// queue takes it into the same group, and once.
    pub async fn send_with(
        &self,
        body: &str,
        attributes: impl IntoIterator<Item = (String, MessageAttributeValue)>,
        instead_of: &Received,
    ) -> Result<(), Failure> {
        let call = self.client.send_message().queue_url(&self.url).message_body(body);
        let mut call = call.set_message_system_attributes(trace_attribute());
        if self.is_fifo() {
            // Whoever has sent a message without a group has sent it to another queue.
            let group = instead_of.group.as_ref().unwrap_or(&instead_of.message_id);
            call = call.message_group_id(group).message_deduplication_id(&instead_of.message_id);
        }
        for (name, value) in attributes {
            call = call.message_attributes(name, value);
        }
        call.send()
            .await
            .map_err(|error| Failure::of_call(Dependency::Sqs, "SendMessage", &error))?;
        Ok(())
    }
}

fn received(message: aws_sdk_sqs::types::Message) -> Received {
    let system = message.attributes.unwrap_or_default();
    let text = |name| system.get(&name).map(String::as_str);
    let count = text(MessageSystemAttributeName::ApproximateReceiveCount);
    let first_received = text(MessageSystemAttributeName::ApproximateFirstReceiveTimestamp);
    let first_received = first_received.and_then(|millis| millis.parse().ok());
    let mut attributes: Vec<_> =
        message.message_attributes.unwrap_or_default().into_iter().collect();
    attributes.sort_by(|a, b| a.0.cmp(&b.0));
    Received {
        message_id: message.message_id.unwrap_or_default(),
        receipt_handle: message.receipt_handle.unwrap_or_default(),
        body: message.body.unwrap_or_default(),
        receive_count: count.and_then(|count| count.parse().ok()).unwrap_or(1),
        group: text(MessageSystemAttributeName::MessageGroupId).map(str::to_owned),
        first_received: first_received.map(Timestamp::from_millis),
        trace: text(MessageSystemAttributeName::AwsTraceHeader).and_then(TraceHeader::parse),
        attributes,
    }
}

type SystemAttributes = HashMap<MessageSystemAttributeNameForSends, MessageSystemAttributeValue>;

/// Of what is being worked on.
fn trace_attribute() -> Option<SystemAttributes> {
    let value = MessageSystemAttributeValue::builder()
        .data_type("String")
        .string_value(trace::current()?.as_str())
        .build()
        .expect("the type is given");
    Some(HashMap::from([(MessageSystemAttributeNameForSends::AwsTraceHeader, value)]))
}

/// SQS counts whole seconds; a part of one is rounded up so that nothing happens too early.
fn whole_seconds(duration: Duration) -> i32 {
    let seconds = duration.as_secs() + u64::from(duration.subsec_nanos() > 0);
    i32::try_from(seconds).unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use super::Queue;
    use crate::adapters::aws::Aws;

    #[test]
    fn a_neighbour_is_a_queue_of_the_same_account_and_stays_at_the_same_place() {
        let sdk = aws_types::SdkConfig::builder()
            .behavior_version(aws_config::BehaviorVersion::latest())
            .build();
        let url = "http://127.0.0.1:4566/000000000000/shop-quote-requests".to_owned();
        let queue =
            Queue { client: Aws::from(sdk).sqs(), url, outgoing: super::Outgoing::default() };
        let neighbour = |url: &str| {
            let found = queue.neighbour(url, |name| name == "mine");
            found.map(|queue| queue.url().to_owned())
        };
        let mine = Some("http://127.0.0.1:4566/000000000000/mine".to_owned());
        assert_eq!(neighbour("http://127.0.0.1:4566/000000000000/mine"), mine);
        assert_eq!(neighbour("https://elsewhere.example/000000000000/mine"), mine);
        for other in ["http://127.0.0.1:4566/111111111111/mine", "http://x/000000000000/yours", ""]
        {
            assert_eq!(neighbour(other), None, "{other}");
        }
    }
}
