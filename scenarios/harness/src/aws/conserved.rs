//! Nothing is lost: every message that entered a queue was consumed, is still there, or lies in a
//! dead-letter queue. Judged from the emulator's lineage.

use super::door::{Aws, short};
use super::messages::dead_letter_queue;
use crate::world::WorldError;
use serde_json::json;
use skyrig::kernel::{TraceNode, What};
use std::collections::{BTreeMap, BTreeSet};

/// So many messages of a kind are named.
const NAMED_MAX: usize = 3;

/// The queues that are judged, by name.
#[derive(Clone, Debug, Default)]
pub struct Queues {
    pub all: BTreeSet<String>,
    /// Those where others' dead letters go.
    pub dead_letters: BTreeSet<String>,
}

impl Queues {
    /// The queues with these names; without any, all that there are.
    ///
    /// # Errors
    /// A queue that is not there.
    pub async fn read(aws: &Aws, names: &[String]) -> Result<Self, WorldError> {
        let mut queues = Self { all: names.iter().cloned().collect(), ..Self::default() };
        let there = aws.ask("sqs", "ListQueues", &json!({ "MaxResults": 1000 })).await?;
        let there = there["QueueUrls"].as_array().into_iter().flatten();
        let there: BTreeSet<String> =
            there.filter_map(|url| Some(short(url.as_str()?).to_owned())).collect();
        for queue in &there {
            queues.dead_letters.extend(dead_letter_queue(aws, queue).await?);
        }
        match names.iter().find(|name| !there.contains(*name)) {
            Some(missing) => Err(WorldError(format!("there is no queue {missing}"))),
            None if names.is_empty() => Ok(Self { all: there, ..queues }),
            None => Ok(queues),
        }
    }
}

/// What is wrong with the messages of these queues, as the lineage tells it.
///
/// # Errors
/// The lineage can't be read.
pub(crate) async fn lost(aws: &Aws, queues: &Queues) -> Result<Vec<String>, WorldError> {
    let entries = aws.lineage().await?;
    Ok(judged(&entries, queues))
}

/// What became of a message in one queue.
#[derive(Default)]
struct Story {
    entered: usize,
    deleted: usize,
    expired: usize,
    purged: usize,
}

fn judged(entries: &[TraceNode], queues: &Queues) -> Vec<String> {
    if entries.first().is_some_and(|first| first.id > 1) {
        let text = "the lineage has forgotten the beginning of the story; play a shorter one";
        return vec![text.to_owned()];
    }
    let mut found = Vec::new();
    let mut stories: BTreeMap<(&str, &str), Story> = BTreeMap::new();
    let mut dead = BTreeSet::new();
    for entry in entries {
        let queue = short(&entry.resource);
        match entry.what {
            What::DeadLettered => {
                dead.insert(entry.subject.as_str());
            }
            What::Dropped => {
                let why = entry.note.as_deref().unwrap_or("no reason is known");
                found.push(format!("what should come to {queue} was dropped: {why}"));
            }
            _ => {}
        }
        if !queues.all.contains(queue) || !entry.resource.contains(":sqs:") {
            continue;
        }
        let story = stories.entry((queue, &entry.subject)).or_default();
        match entry.what {
            What::Enqueued => story.entered += 1,
            What::Deleted => story.deleted += 1,
            What::Expired => story.expired += 1,
            What::Purged => story.purged += 1,
            _ => {}
        }
    }
    let mut groups: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for ((queue, message), story) in &stories {
        // A message that a fault doubles has one id and is consumed twice.
        let is_consumed = story.deleted > 0 || story.entered > 0 && dead.contains(message);
        let fate = match story {
            _ if is_consumed => continue,
            Story { expired: 1.., .. } => "expired",
            Story { purged: 1.., .. } => "purged",
            _ => continue,
        };
        groups.entry((queue, fate)).or_default().push(message);
    }
    for ((queue, fate), messages) in groups {
        let (count, named) = (messages.len(), named(&messages));
        found.push(format!(
            "{count} of {queue} {fate}: {named}; expected each consumed or among dead letters"
        ));
    }
    found.sort();
    found.dedup();
    found
}

/// The first of them, for people.
fn named(all: &[&str]) -> String {
    let more = if all.len() > NAMED_MAX { ", …" } else { "" };
    let first: Vec<_> = all.iter().take(NAMED_MAX).copied().collect();
    format!("{}{more}", first.join(", "))
}

#[cfg(test)]
mod tests {
    use super::{Queues, judged};
    use serde_json::json;
    use skyrig::kernel::TraceNode;

    fn found(entries: &[(&str, &str, &str)]) -> Vec<String> {
        let entry = |(at, (what, queue, subject)): (usize, &(&str, &str, &str))| {
            let entry = json!({
                "id": at + 1, "at": "2026-01-01T00:00:00.000Z", "what": what,
                "resource": format!("arn:aws:sqs:us-east-1:000000000000:{queue}"),
                "subject": subject,
            });
            serde_json::from_value(entry).expect("an entry")
        };
        let entries: Vec<TraceNode> = entries.iter().enumerate().map(entry).collect();
        let all = ["orders", "orders-dead"].map(str::to_owned).into();
        judged(&entries, &Queues { all, ..Queues::default() })
    }

    #[test]
    fn what_is_neither_consumed_nor_dead_is_lost() {
        let check = |entries: &[(&str, &str, &str)], wanted: &[&str]| {
            let found = found(entries);
            let holds = found.len() == wanted.len()
                && found.iter().zip(wanted).all(|(found, wanted)| found.contains(wanted));
            assert!(holds, "{entries:?}: {found:?}");
        };
        let entered = ("enqueued", "orders", "1");
        check(&[entered, ("received", "orders", "1"), ("deleted", "orders", "1")], &[]);
        check(&[entered, entered, ("deleted", "orders", "1")], &[]);
        check(&[entered, ("expired", "orders", "1")], &["1 of orders expired: 1"]);
        check(&[entered, ("purged", "orders", "1")], &["purged"]);
        check(&[entered, ("dead-lettered", "orders-dead", "1")], &[]);
        let dead = ("dead-lettered", "orders-dead", "1");
        check(&[entered, dead, ("expired", "orders-dead", "1")], &["orders-dead expired"]);
        check(&[("enqueued", "others", "1"), ("expired", "others", "1")], &[]);
        check(&[("dropped", "orders", "1")], &["to orders was dropped"]);
    }
}
