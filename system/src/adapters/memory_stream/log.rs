//! The topics and their records, what is wrong with the brokers, and the groups. No waiting here:
//! whoever waits asks again when the log has changed.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use tokio::time::Instant;

use crate::ports::{NewRecord, NewTopic, Position, Record, StreamError, TopicPartition};

use super::group::Group;
use super::murmur2::partition_of;

#[derive(Default)]
pub(super) struct Log {
    /// By topic: the records of each partition.
    topics: BTreeMap<String, Vec<Vec<Record>>>,
    pub(super) groups: BTreeMap<String, Group>,
    pub(super) unreachable_until: Option<Instant>,
    pub(super) lagging: BTreeMap<TopicPartition, Instant>,
    pub(super) answers_to_lose: usize,
}

impl Log {
    /// # Errors
    /// `Unreachable` while the brokers are.
    pub(super) fn reach(&self, now: Instant) -> Result<(), StreamError> {
        match self.unreachable_until {
            Some(until) if now < until => Err(StreamError::Unreachable("they are down".to_owned())),
            _ => Ok(()),
        }
    }

    pub(super) fn ensure(&mut self, new: &NewTopic) -> Result<(), StreamError> {
        let NewTopic { topic, partitions, .. } = new;
        if *partitions == 0 {
            return Err(StreamError::Refused(format!("topic {topic:?} without partitions")));
        }
        match self.topics.entry(topic.clone()) {
            Entry::Vacant(entry) => {
                entry.insert(vec![Vec::new(); *partitions as usize]);
                Ok(())
            }
            Entry::Occupied(entry) if entry.get().len() == *partitions as usize => Ok(()),
            Entry::Occupied(entry) => Err(StreamError::Refused(format!(
                "topic {topic:?} has {} partitions, not {partitions}",
                entry.get().len()
            ))),
        }
    }

    pub(super) fn partitions(&self, topic: &str) -> Result<u32, StreamError> {
        let found = self.topics.get(topic);
        let found = found.ok_or_else(|| StreamError::NoSuchTopic(topic.to_owned()))?;
        Ok(u32::try_from(found.len()).unwrap_or(u32::MAX))
    }

    pub(super) fn append(&mut self, new: NewRecord) -> Result<Position, StreamError> {
        let Some(partitions) = self.topics.get_mut(&new.topic) else {
            return Err(StreamError::NoSuchTopic(new.topic));
        };
        new.bytes()?;
        let NewRecord { topic, key, value, headers, timestamp } = new;
        let count = u32::try_from(partitions.len()).unwrap_or(u32::MAX);
        let partition = partition_of(key.as_bytes(), count);
        let records = &mut partitions[partition as usize];
        let of = TopicPartition { topic, partition };
        let place = Position { of, offset: records.len() as u64 };
        let key = Some(key.into_bytes());
        records.push(Record { place: place.clone(), key, value, headers, timestamp });
        Ok(place)
    }

    /// All records of a topic, by partition and offset.
    pub(super) fn records(&self, topic: &str) -> Vec<Record> {
        self.topics.get(topic).into_iter().flatten().flatten().cloned().collect()
    }

    /// At most `most` records from `offset` on, and the partition's end.
    pub(super) fn read(&self, of: &TopicPartition, offset: u64, most: usize) -> (&[Record], u64) {
        let partitions = self.topics.get(&of.topic);
        let records = partitions.and_then(|it| it.get(of.partition as usize));
        let records = records.map_or(&[][..], Vec::as_slice);
        let from = usize::try_from(offset).unwrap_or(usize::MAX).min(records.len());
        let to = from.saturating_add(most).min(records.len());
        (&records[from..to], records.len() as u64)
    }

    /// Until when a partition yields nothing, if it lags.
    pub(super) fn lags_until(&self, of: &TopicPartition, now: Instant) -> Option<Instant> {
        self.lagging.get(of).copied().filter(|until| now < *until)
    }

    /// How many records of a topic the group has still to read.
    pub(super) fn lag(&self, group: &str, topic: &str) -> Result<u64, StreamError> {
        let committed = self.groups.get(group).map(|it| &it.committed);
        let behind = |partition: u32| {
            let of = TopicPartition { topic: topic.to_owned(), partition };
            let read = committed.and_then(|all| all.get(&of)).copied().unwrap_or_default();
            self.read(&of, 0, 0).1.saturating_sub(read)
        };
        Ok((0..self.partitions(topic)?).map(behind).sum())
    }

    /// Lets the time that has passed have its effects on a group.
    pub(super) fn group(&mut self, name: &str, now: Instant) -> &mut Group {
        let group = self.groups.entry(name.to_owned()).or_default();
        group.settle(now);
        if group.is_complete() {
            let topics = &self.topics;
            group.assign(|topic| {
                u32::try_from(topics.get(topic).map_or(0, Vec::len)).unwrap_or(u32::MAX)
            });
        }
        group
    }
}
