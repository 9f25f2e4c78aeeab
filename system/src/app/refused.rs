//! The records of the stream that could not be counted and were put aside.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::config::Names;
use crate::contracts::{HEADER_CAME_FROM, HEADER_CUT_FROM, HEADER_REASON, Topic};
use crate::domain::Timestamp;
use crate::failure::{Dependency, Failure};
use crate::ports::{News, Position, Record, Stream, TopicPartition};

/// Records of one look.
const AT_ONCE: usize = 100;
const WAIT: Duration = Duration::from_secs(1);
/// Without any news for so long, the brokers have none. A first assignment takes seconds.
const SILENT_MAX: u32 = 30;

/// A record as it was, and why it was put aside. Bytes that are no UTF-8 are replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedRecord {
    pub place: Position,
    /// Where it stood, as TOPIC/PARTITION/OFFSET.
    pub came_from: Option<String>,
    pub reason: Option<String>,
    /// How many bytes the value had, if only its beginning was kept.
    pub cut_from: Option<String>,
    pub key: String,
    pub value: String,
    pub timestamp: Timestamp,
}

/// Where they are put.
pub fn topic(names: &Names) -> String {
    names.stream_topic(Topic::Refused)
}

/// At most `most` of them, those of each partition from the oldest on. `reader` is an identifier
/// that nobody else has: nothing is kept under it.
///
/// # Errors
/// When the brokers, or the topic, cannot be reached.
pub async fn list(
    stream: &dyn Stream,
    names: &Names,
    reader: &str,
    most: usize,
) -> Result<Vec<RefusedRecord>, Failure> {
    let topic = topic(names);
    let all = stream.partitions(&topic).await?;
    let group = format!("{}-look-{reader}", names.stream_group());
    let topics = [topic];
    let mut member = stream.join(&group, &topics).await?;
    let mut read_to_its_end: BTreeSet<TopicPartition> = BTreeSet::new();
    let (mut found, mut silent) = (Vec::new(), 0);
    while found.len() < most && (read_to_its_end.len() as u64) < u64::from(all) {
        let news = member.next(AT_ONCE, WAIT).await?;
        silent = if news == News::Nothing { silent + 1 } else { 0 };
        match news {
            News::Assigned(partitions) => {
                for at in &partitions {
                    member.begin(at, None).await?;
                }
            }
            News::Records(records) => found.extend(records.iter().map(read)),
            News::CaughtUp(at, _) => {
                read_to_its_end.insert(at);
            }
            News::Revoked(_) | News::Nothing => {}
        }
        if silent >= SILENT_MAX {
            let text = format!("no news of {} for {SILENT_MAX} s", topics[0]);
            return Err(Failure::Unavailable(Dependency::Kafka, text));
        }
    }
    member.leave().await?;
    found.truncate(most);
    Ok(found)
}

fn read(record: &Record) -> RefusedRecord {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    // What this system says comes after the writer's own.
    let header = |name: &str| {
        let found = record.headers.iter().rev().find(|(known, _)| known == name);
        found.map(|(_, value)| text(value))
    };
    RefusedRecord {
        place: record.place.clone(),
        came_from: header(HEADER_CAME_FROM),
        reason: header(HEADER_REASON),
        cut_from: header(HEADER_CUT_FROM),
        key: text(record.key.as_deref().unwrap_or_default()),
        value: text(&record.value),
        timestamp: record.timestamp,
    }
}
