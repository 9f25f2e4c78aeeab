//! What customers and staff were sent: the letters in the queues of the subscribers that every
//! system has.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use super::subscribers;
use crate::adapters::aws::Aws;
use crate::adapters::sqs::{BATCH_MAX, Queue};
use crate::config::Names;
use crate::failure::Failure;

/// Long enough to go through a queue, short enough not to be in anybody's way.
const LOOK: Duration = Duration::from_secs(30);
/// A wait above zero makes SQS ask all of its servers.
const WAIT: Duration = Duration::from_secs(1);

/// What one mailbox got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Like `customer-mail`.
    pub mailbox: String,
    /// When the topic took it, as SNS writes it.
    pub sent_at: String,
    /// Who gets it: a customer's id, or "staff".
    pub to: String,
    pub subject: String,
    pub text: String,
}

/// A notification as SNS puts it into a queue.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Notification {
    #[serde(default)]
    subject: String,
    message: String,
    timestamp: String,
    #[serde(default)]
    message_attributes: Value,
}

/// Whether letters stay where they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    Look,
    /// They are deleted.
    Take,
}

/// At most `most` letters of each mailbox, the oldest first.
///
/// # Errors
/// `GiveUp` for a letter that SNS has not written.
pub async fn read(
    aws: &Aws,
    names: &Names,
    most: usize,
    reading: Reading,
) -> Result<Vec<Letter>, Failure> {
    let mut letters = Vec::new();
    for subscriber in subscribers::defaults() {
        let mailbox = subscriber.name.to_string();
        let queue = Queue::find(aws, &names.subscriber_queue(&mailbox)).await?;
        let mut handles = Vec::new();
        let mut seen = BTreeSet::new();
        while handles.len() < most {
            let messages = queue.receive(BATCH_MAX, WAIT, Some(LOOK)).await?;
            let mut news = false;
            for message in messages {
                handles.push(message.receipt_handle.clone());
                if seen.insert(message.message_id.clone()) && seen.len() <= most {
                    letters.push(letter(&mailbox, &message.body)?);
                    news = true;
                }
            }
            if !news {
                break;
            }
        }
        for batch in handles.chunks(BATCH_MAX as usize) {
            match reading {
                Reading::Look => queue.keep_hidden(batch, Duration::ZERO).await?,
                Reading::Take => queue.delete(batch).await?,
            };
        }
    }
    letters.sort_by(|a, b| (&a.sent_at, &a.mailbox).cmp(&(&b.sent_at, &b.mailbox)));
    Ok(letters)
}

fn letter(mailbox: &str, body: &str) -> Result<Letter, Failure> {
    let read: Notification = serde_json::from_str(body).map_err(|error| {
        Failure::GiveUp(format!("a letter in {mailbox} is not of SNS: {error}"))
    })?;
    let attribute = |name: &str| read.message_attributes[name]["Value"].as_str();
    let to = attribute("customer_id").or_else(|| attribute("audience")).unwrap_or("staff");
    Ok(Letter {
        mailbox: mailbox.to_owned(),
        to: to.to_owned(),
        sent_at: read.timestamp,
        subject: read.subject,
        text: read.message,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_says_who_gets_it() {
        let body = |attributes: &str| {
            format!(
                r#"{{"Type":"Notification","Subject":"s","Message":"m","Timestamp":"t",
                "MessageAttributes":{{{attributes}}}}}"#
            )
        };
        let to = |attributes: &str| letter("customer-mail", &body(attributes)).expect("SNS").to;
        let audience = r#""audience":{"Type":"String","Value":"staff"}"#;
        let customer = r#""customer_id":{"Type":"String","Value":"ann"}"#;
        assert_eq!(to(audience), "staff");
        assert_eq!(to(&format!("{audience},{customer}")), "ann");
        assert!(letter("staff-mail", "hello").is_err());
    }
}
