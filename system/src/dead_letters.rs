//! Looks into a role's dead-letter queue, and sends its messages back once the reason is gone.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::adapters::aws::Aws;
use crate::adapters::failure_notes::{FailureNote, FailureNotes};
use crate::adapters::sqs::{Queue, Received};
use crate::config::Names;
use crate::failure::Failure;
use crate::roles::Role;

/// Long enough to go through a queue, short enough not to be in anybody's way.
const LOOK: Duration = Duration::from_secs(30);
/// A wait above zero makes SQS ask all of its servers.
const WAIT: Duration = Duration::from_secs(1);

/// A message that failed too often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    pub message_id: String,
    pub body: String,
    /// `None` when the consumer died before it could say why.
    pub note: Option<FailureNote>,
}

/// Shows up to `limit` messages and leaves them where they are.
pub async fn list(
    aws: &Aws,
    names: &Names,
    role: Role,
    limit: usize,
) -> Result<Vec<DeadLetter>, Failure> {
    let queue = Queue::find(aws, &names.dead_letter_queue(role)).await?;
    let notes = FailureNotes::new(aws, names);
    let (mut seen, mut letters, mut handles) = (BTreeSet::new(), Vec::new(), Vec::new());
    while letters.len() < limit {
        let mut news = false;
        for message in queue.receive(WAIT, Some(LOOK)).await? {
            handles.push(message.receipt_handle.clone());
            if seen.insert(message.message_id.clone()) {
                news = true;
                let note = notes.get(&message.message_id).await?;
                let Received { message_id, body, .. } = message;
                letters.push(DeadLetter { message_id, body, note });
            }
        }
        if !news {
            break;
        }
    }
    for handle in handles {
        queue.give_back(&handle, Duration::ZERO).await?;
    }
    letters.truncate(limit);
    Ok(letters)
}

/// Sends up to `limit` messages back to the role's queue, attributes included. Answers how many.
///
/// Each is sent before it is deleted: a crash in between repeats a message, it never loses one.
pub async fn redrive(aws: &Aws, names: &Names, role: Role, limit: usize) -> Result<usize, Failure> {
    let dead_letters = Queue::find(aws, &names.dead_letter_queue(role)).await?;
    let source = Queue::find(aws, &names.queue(role)).await?;
    let notes = FailureNotes::new(aws, names);
    let mut sent = 0;
    while sent < limit {
        let messages = dead_letters.receive(WAIT, Some(LOOK)).await?;
        if messages.is_empty() {
            break;
        }
        for message in messages {
            if sent == limit {
                dead_letters.give_back(&message.receipt_handle, Duration::ZERO).await?;
                continue;
            }
            source.send_copy(&message).await?;
            let left = dead_letters.delete(&[message.receipt_handle]).await?;
            if left > 0 {
                return Err(Failure::Retry(format!(
                    "{} was sent back but not deleted; do not redrive it again",
                    message.message_id
                )));
            }
            notes.remove(&message.message_id).await?;
            sent += 1;
        }
    }
    Ok(sent)
}
