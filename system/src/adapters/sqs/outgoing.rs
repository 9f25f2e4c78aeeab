//! Messages that are sent at the same time go in one call.

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;

use super::{BATCH_MAX, SystemAttributes, trace_attribute, whole_seconds};
use crate::adapters::gather::{Gather, parts};
use crate::failure::{Dependency, Failure};

/// Bytes of the messages of one call, with room for what SQS counts besides their bodies.
const BYTES_MAX: usize = 240_000;

/// On their way to one queue; clones share their calls.
#[derive(Clone, Debug)]
pub(super) struct Outgoing(Arc<Gather<Message, Result<(), Failure>>>);

#[derive(Debug)]
struct Message {
    body: String,
    delay: Duration,
    trace: Option<SystemAttributes>,
}

impl Default for Outgoing {
    fn default() -> Self {
        Self(Arc::new(Gather::new(Dependency::Sqs, BATCH_MAX as usize)))
    }
}

impl Outgoing {
    pub(super) async fn send(
        &self,
        client: &Client,
        url: &str,
        body: String,
        delay: Duration,
    ) -> Result<(), Failure> {
        let message = Message { body, delay, trace: trace_attribute() };
        self.0.ask(message, async |all| send_all(client, url, all).await).await?
    }
}

async fn send_all(client: &Client, url: &str, all: Vec<Message>) -> Vec<Result<(), Failure>> {
    let mut done = Vec::with_capacity(all.len());
    for part in parts(all, (BATCH_MAX as usize, BYTES_MAX), |message| message.body.len()) {
        let mut sent: Vec<_> = part.iter().map(|_| Ok(())).collect();
        let entries = part.into_iter().enumerate().map(|(index, message)| {
            SendMessageBatchRequestEntry::builder()
                .id(index.to_string())
                .message_body(message.body)
                .delay_seconds(whole_seconds(message.delay))
                .set_message_system_attributes(message.trace)
                .build()
                .expect("id and body are given")
        });
        let call = client.send_message_batch().queue_url(url);
        match call.set_entries(Some(entries.collect())).send().await {
            Ok(answer) => {
                for refused in answer.failed() {
                    let place = refused.id().parse().ok().and_then(|it: usize| sent.get_mut(it));
                    if let Some(one) = place {
                        let (code, message) = (refused.code(), refused.message());
                        *one = Err(Failure::of_entry(
                            Dependency::Sqs,
                            "SendMessageBatch",
                            (code, message, refused.sender_fault()),
                        ));
                    }
                }
            }
            Err(error) => {
                let failure = Failure::of_call(Dependency::Sqs, "SendMessageBatch", &error);
                sent.iter_mut().for_each(|one| *one = Err(failure.clone()));
            }
        }
        done.extend(sent);
    }
    done
}
