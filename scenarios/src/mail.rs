//! What customers and staff were sent: the queues behind the notification topic, emptied as a mail
//! server would.

use aws_smithy_types::error::display::DisplayErrorContext;
use orderflow::domain::Timestamp;
use orderflow::{Aws, Names};
use serde_json::{Value, json};

/// The queues of subscribers, by the name that the system gives them.
const MAILBOXES: [&str; 3] = ["customer-mail", "staff-mail", "staff-pager"];
/// Messages of one receive.
const BATCH_MAX: i32 = 10;

/// All that has arrived so far.
#[derive(Debug, Default)]
pub(crate) struct Mail {
    /// A client and the queues' names and URLs, once they were found.
    mailboxes: Option<(aws_sdk_sqs::Client, Vec<(&'static str, String)>)>,
    received: Vec<Letter>,
}

/// What one mailbox received once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Letter {
    pub(crate) mailbox: &'static str,
    pub(crate) subject: String,
    pub(crate) text: String,
    /// `customer` or `staff`.
    pub(crate) audience: String,
    /// The event that it tells of.
    pub(crate) event_id: String,
    /// When the topic took it.
    pub(crate) sent_at: Option<Timestamp>,
}

impl Mail {
    /// Takes what has arrived out of the mailboxes.
    pub(crate) async fn fetch(&mut self, aws: &Aws, names: &Names) -> Result<(), String> {
        if self.mailboxes.is_none() {
            self.mailboxes = Some(find(aws, names).await?);
        }
        let (client, mailboxes) = self.mailboxes.as_ref().expect("they were just found");
        for (mailbox, url) in mailboxes {
            loop {
                let receive = client.receive_message().queue_url(url);
                let receive = receive.max_number_of_messages(BATCH_MAX).send().await;
                let messages = receive.map_err(said)?.messages.unwrap_or_default();
                if messages.is_empty() {
                    break;
                }
                for message in messages {
                    self.received.push(letter(mailbox, message.body.as_deref()));
                    let handle = message.receipt_handle.unwrap_or_default();
                    let delete = client.delete_message().queue_url(url).receipt_handle(handle);
                    delete.send().await.map_err(said)?;
                }
            }
        }
        Ok(())
    }

    /// All letters so far.
    pub(crate) fn letters(&self) -> &[Letter] {
        &self.received
    }

    /// The list of what was sent about one order, as `mailbox`, `subject` and `text`.
    pub(crate) fn about(&self, order: &str) -> Value {
        let about = self.received.iter().filter(|letter| letter.text.contains(order));
        let told = about.map(|Letter { mailbox, subject, text, .. }| {
            json!({ "mailbox": mailbox, "subject": subject, "text": text })
        });
        told.collect()
    }
}

/// The body is SNS's JSON around the message.
fn letter(mailbox: &'static str, body: Option<&str>) -> Letter {
    let body: Value = serde_json::from_str(body.unwrap_or_default()).unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let attribute = |name: &str| text(&body["MessageAttributes"][name]["Value"]);
    Letter {
        mailbox,
        subject: text(&body["Subject"]),
        text: text(&body["Message"]),
        audience: attribute("audience"),
        event_id: attribute("event_id"),
        sent_at: body["Timestamp"].as_str().and_then(|at| Timestamp::parse(at).ok()),
    }
}

fn said(error: impl std::error::Error) -> String {
    DisplayErrorContext(error).to_string()
}

async fn find(
    aws: &Aws,
    names: &Names,
) -> Result<(aws_sdk_sqs::Client, Vec<(&'static str, String)>), String> {
    let client = aws.sqs();
    let mut found = Vec::new();
    for mailbox in MAILBOXES {
        let find = client.get_queue_url().queue_name(names.subscriber_queue(mailbox));
        let url = find.send().await.map_err(said)?.queue_url.unwrap_or_default();
        found.push((mailbox, url));
    }
    Ok((client, found))
}
