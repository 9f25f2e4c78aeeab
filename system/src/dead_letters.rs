//! An operator's view of a role's dead-letter queue: inspect its letters, repair one, send them
//! back once the reason is gone, or discard them.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::adapters::aws::Aws;
use crate::adapters::dead_letter;
use crate::adapters::failure_notes::{FailureNote, FailureNotes};
use crate::adapters::sqs::{BATCH_MAX, Queue, Received};
use crate::config::Names;
use crate::failure::Failure;
use crate::role::Role;
use crate::trace;

/// Long enough to go through a queue, short enough not to be in anybody's way.
const LOOK: Duration = Duration::from_secs(30);
/// A wait above zero makes SQS ask all of its servers.
const WAIT: Duration = Duration::from_secs(1);

/// A message that was given up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    /// Of the letter itself: the one by which it is repaired, redriven or discarded.
    pub message_id: String,
    pub body: String,
    /// `None` when the consumer died before it could say why.
    pub note: Option<FailureNote>,
}

/// Which letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// At most so many.
    Any(usize),
    /// The one with this message id.
    One(String),
}

/// One dead-letter queue with the queue it belongs to.
struct Desk {
    letters: Queue,
    source: Queue,
    notes: FailureNotes,
}

/// Shows letters and leaves them where they are.
pub async fn list(
    aws: &Aws,
    names: &Names,
    role: Role,
    which: &Which,
) -> Result<Vec<DeadLetter>, Failure> {
    let desk = Desk::open(aws, names, role).await?;
    let mut found = Vec::new();
    for message in desk.take(which).await? {
        found.push(desk.read(&message).await?);
        desk.letters.give_back(&message.receipt_handle, Duration::ZERO).await?;
    }
    Ok(found)
}

/// Sends letters back to the role's queue as they were before they failed. Answers how many.
pub async fn redrive(
    aws: &Aws,
    names: &Names,
    role: Role,
    which: &Which,
) -> Result<usize, Failure> {
    let desk = Desk::open(aws, names, role).await?;
    let taken = desk.take(which).await?;
    for message in &taken {
        desk.send_back(message, &message.body).await?;
    }
    Ok(taken.len())
}

/// Sends a letter back with another body. `readable` says whether the role can read it. Answers
/// `false` when there is no such letter.
///
/// # Errors
/// `GiveUp` when the role could not read the body either; the letter stays where it is.
pub async fn repair(
    aws: &Aws,
    names: &Names,
    role: Role,
    message_id: &str,
    body: &str,
    readable: fn(&str) -> Result<(), Failure>,
) -> Result<bool, Failure> {
    readable(body)?;
    let desk = Desk::open(aws, names, role).await?;
    let taken = desk.take(&Which::One(message_id.to_owned())).await?;
    for message in &taken {
        desk.send_back(message, body).await?;
    }
    Ok(!taken.is_empty())
}

/// Deletes letters for good. Answers them, so that whoever asked for it can keep them.
pub async fn discard(
    aws: &Aws,
    names: &Names,
    role: Role,
    which: &Which,
) -> Result<Vec<DeadLetter>, Failure> {
    let desk = Desk::open(aws, names, role).await?;
    let mut discarded = Vec::new();
    for message in desk.take(which).await? {
        let letter = desk.read(&message).await?;
        desk.delete(&message).await?;
        discarded.push(letter);
    }
    Ok(discarded)
}

impl Which {
    fn is_met_by(&self, found: usize) -> bool {
        match self {
            Self::Any(most) => found >= *most,
            Self::One(_) => found > 0,
        }
    }

    fn wants(&self, message: &Received) -> bool {
        match self {
            Self::Any(_) => true,
            Self::One(message_id) => message.message_id == *message_id,
        }
    }
}

impl Desk {
    async fn open(aws: &Aws, names: &Names, role: Role) -> Result<Self, Failure> {
        Ok(Self {
            letters: Queue::find(aws, &names.dead_letter_queue(role)).await?,
            source: Queue::find(aws, &names.queue(role)).await?,
            notes: FailureNotes::new(aws, names),
        })
    }

    /// Receives the letters that are wanted; the others are given back at once.
    async fn take(&self, which: &Which) -> Result<Vec<Received>, Failure> {
        let (mut seen, mut taken, mut others) = (BTreeSet::new(), Vec::new(), Vec::new());
        while !which.is_met_by(taken.len()) {
            let mut news = false;
            for message in self.letters.receive(BATCH_MAX, WAIT, Some(LOOK)).await? {
                news |= seen.insert(message.message_id.clone());
                let wanted = which.wants(&message) && !which.is_met_by(taken.len());
                if wanted { taken.push(message) } else { others.push(message) }
            }
            if !news {
                break;
            }
        }
        for message in others {
            self.letters.give_back(&message.receipt_handle, Duration::ZERO).await?;
        }
        Ok(taken)
    }

    async fn read(&self, message: &Received) -> Result<DeadLetter, Failure> {
        let note = match dead_letter::note(&message.attributes) {
            Some(note) => Some(note),
            None => self.notes.get(&message.message_id).await?,
        };
        let Received { message_id, body, .. } = message.clone();
        Ok(DeadLetter { message_id, body, note })
    }

    /// It is sent before it is deleted: a crash in between repeats a message, it never loses one.
    async fn send_back(&self, message: &Received, body: &str) -> Result<(), Failure> {
        let attributes = dead_letter::original(&message.attributes);
        let sent = self.source.send_with(body, attributes, message);
        trace::within(message.trace.clone(), sent).await?;
        self.delete(message).await
    }

    async fn delete(&self, message: &Received) -> Result<(), Failure> {
        let left = self.letters.delete(std::slice::from_ref(&message.receipt_handle)).await?;
        if left > 0 {
            let id = &message.message_id;
            return Err(Failure::Retry(format!("{id} was dealt with but not deleted")));
        }
        let note = dead_letter::note(&message.attributes);
        let id = note.as_ref().map_or(&message.message_id, |note| &note.message_id);
        self.notes.remove(id).await
    }
}
