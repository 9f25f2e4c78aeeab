//! Publishes notifications to a topic; attributes let subscribers filter. What is published at the
//! same time goes in one call.

use std::collections::HashMap;
use std::sync::Arc;

use aws_sdk_sns::Client;
use aws_sdk_sns::types::{MessageAttributeValue, PublishBatchRequestEntry};

use super::aws::Aws;
use super::gather::{Gather, parts};
use crate::failure::{Dependency, Failure};
use crate::trace::{self, TraceHeader};

/// Messages of one call. Source: PublishBatch, API reference.
const BATCH_MAX: usize = 10;
/// Bytes of them, of the 262,144 that they may have with all that SNS counts.
const BYTES_MAX: usize = 240_000;

#[derive(Clone, Debug)]
pub struct Notifier {
    client: Client,
    topic_arn: String,
    together: Arc<Gather<Message, Result<(), Failure>>>,
}

#[derive(Debug)]
struct Message {
    subject: String,
    message: String,
    attributes: HashMap<String, MessageAttributeValue>,
    trace: Option<TraceHeader>,
}

impl Notifier {
    pub fn new(aws: &Aws, topic_arn: String) -> Self {
        let together = Arc::new(Gather::new(Dependency::Sns, BATCH_MAX));
        Self { client: aws.sns(), topic_arn, together }
    }

    /// `subject` must be ASCII and at most a hundred characters, as SNS wants it.
    pub async fn publish(
        &self,
        subject: &str,
        message: &str,
        attributes: &[(&str, &str)],
    ) -> Result<(), Failure> {
        let attribute = |(name, value): &(&str, &str)| {
            let value = MessageAttributeValue::builder()
                .data_type("String")
                .string_value(*value)
                .build()
                .expect("the type is given");
            ((*name).to_owned(), value)
        };
        let message = Message {
            subject: subject.to_owned(),
            message: message.to_owned(),
            attributes: attributes.iter().map(attribute).collect(),
            trace: trace::current(),
        };
        self.together.ask(message, async |all| self.publish_all(all).await).await?
    }

    /// In one call go those of the same trace: its header is the request's, and the entries have no
    /// member for one.
    async fn publish_all(&self, all: Vec<Message>) -> Vec<Result<(), Failure>> {
        let mut traces: Vec<Vec<(usize, Message)>> = Vec::new();
        for (place, message) in all.into_iter().enumerate() {
            match traces.iter_mut().find(|known| known[0].1.trace == message.trace) {
                Some(known) => known.push((place, message)),
                None => traces.push(vec![(place, message)]),
            }
        }
        let mut done = Vec::new();
        for of_trace in traces {
            for part in parts(of_trace, (BATCH_MAX, BYTES_MAX), |(_, it)| it.size()) {
                let (places, part): (Vec<_>, Vec<_>) = part.into_iter().unzip();
                done.extend(places.into_iter().zip(self.publish_part(part).await));
            }
        }
        done.sort_by_key(|(place, _)| *place);
        done.into_iter().map(|(_, done)| done).collect()
    }

    async fn publish_part(&self, part: Vec<Message>) -> Vec<Result<(), Failure>> {
        let mut done: Vec<_> = part.iter().map(|_| Ok(())).collect();
        let trace = part.first().and_then(|message| message.trace.clone());
        let entries = part.into_iter().enumerate().map(|(index, message)| {
            PublishBatchRequestEntry::builder()
                .id(index.to_string())
                .subject(message.subject)
                .message(message.message)
                .set_message_attributes(Some(message.attributes))
                .build()
                .expect("id and message are given")
        });
        let call = self.client.publish_batch().topic_arn(&self.topic_arn);
        let call = call.set_publish_batch_request_entries(Some(entries.collect()));
        let call = call.customize().mutate_request(move |request| {
            if let Some(trace) = &trace {
                request.headers_mut().insert(trace::HEADER, trace.to_string());
            }
        });
        match call.send().await {
            Ok(answer) => {
                for refused in answer.failed() {
                    let place = refused.id().parse().ok().and_then(|it: usize| done.get_mut(it));
                    if let Some(one) = place {
                        let why = (refused.code(), refused.message(), refused.sender_fault());
                        *one = Err(Failure::of_entry(Dependency::Sns, "PublishBatch", why));
                    }
                }
            }
            Err(error) => {
                let failure = Failure::of_call(Dependency::Sns, "PublishBatch", &error);
                done.iter_mut().for_each(|one| *one = Err(failure.clone()));
            }
        }
        done
    }
}

impl Message {
    fn size(&self) -> usize {
        let attribute = |(name, value): (&String, &MessageAttributeValue)| {
            name.len() + value.string_value().map_or(0, str::len) + "String".len()
        };
        let attributes: usize = self.attributes.iter().map(attribute).sum();
        self.subject.len() + self.message.len() + attributes
    }
}
