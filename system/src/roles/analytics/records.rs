//! What is read of the stream, and what is put aside.

use std::time::Duration;

use crate::config::Names;
use crate::contracts::{HEADER_CAME_FROM, HEADER_CUT_FROM, HEADER_REASON, Topic};
use crate::ports::{NewRecord, NewTopic, Position, Record};

/// Longer than a queue keeps a message, so that a week's outage of the analytics costs nothing.
const RETENTION: Duration = Duration::from_secs(7 * 24 * 3600);
/// What is left of the value of a record that is too large to be put aside whole.
const BEGINNING: usize = 10_000;

/// The topics that are counted.
pub(crate) fn topics_read(names: &Names) -> Vec<String> {
    Topic::counted().map(|topic| names.stream_topic(topic)).collect()
}

/// All topics, to be made.
pub(crate) fn topics(names: &Names, partitions: u32) -> Vec<NewTopic> {
    let topic = |topic| {
        let topic = names.stream_topic(topic);
        NewTopic { topic, partitions, retention: RETENTION }
    };
    Topic::ALL.map(topic).to_vec()
}

/// A record as it is put aside: as it was, with the reason and where it stood.
pub(super) fn refused(names: &Names, record: &Record, reason: &str) -> NewRecord {
    let Position { of, offset } = &record.place;
    let came_from = format!("{}/{}/{offset}", of.topic, of.partition);
    let mut headers = record.headers.clone();
    headers.push((HEADER_REASON.to_owned(), reason.as_bytes().to_vec()));
    headers.push((HEADER_CAME_FROM.to_owned(), came_from.into_bytes()));
    let key = record.key.as_deref().unwrap_or_default();
    NewRecord {
        topic: names.stream_topic(Topic::Refused),
        key: String::from_utf8_lossy(key).into_owned(),
        value: record.value.clone(),
        headers,
        timestamp: record.timestamp,
    }
}

/// The beginning of a record that the brokers do not take whole, with what this system says of it.
pub(super) fn cut(aside: NewRecord) -> NewRecord {
    let NewRecord { topic, key, mut value, mut headers, timestamp } = aside;
    let said = [HEADER_REASON, HEADER_CAME_FROM];
    // The writer's own headers may be what is too large. What this system said comes last.
    let own = headers.iter().rev().take(said.len()).filter(|it| said.contains(&it.0.as_str()));
    headers = own.rev().cloned().collect();
    headers.push((HEADER_CUT_FROM.to_owned(), value.len().to_string().into_bytes()));
    value.truncate(BEGINNING);
    let key = key.chars().take(BEGINNING / 10).collect();
    NewRecord { topic, key, value, headers, timestamp }
}
