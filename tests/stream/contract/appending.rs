//! What appending promises.

use std::collections::{BTreeMap, BTreeSet};

use orderflow::adapters::memory_stream::partition_of;
use orderflow::domain::Timestamp;
use orderflow::ports::{NewRecord, Record, StreamError};

use crate::reader::{Progress, Reader, number};
use crate::world::{World, new_record, new_topic};

pub(super) async fn answers_places(world: &World) {
    let topic = world.topic("t", 3).await;
    assert_eq!(world.stream.partitions(&topic).await, Ok(3));
    assert_eq!(world.stream.append(Vec::new()).await, []);
    let mut new: Vec<_> =
        (0..30).map(|it| new_record(&topic, &format!("k{it}"), &it.to_string())).collect();
    new[7].headers =
        vec![("kind".to_owned(), b"OrderPlaced".to_vec()), ("kind".to_owned(), Vec::new())];
    new[7].timestamp = Timestamp::from_millis(1_700_000_000_123);
    let places = world.append(new.clone()).await;
    let mut next = BTreeMap::new();
    for (new, place) in new.iter().zip(&places) {
        assert_eq!(place.of.topic, topic);
        assert_eq!(place.of.partition, partition_of(new.key.as_bytes(), 3), "{}", new.key);
        let offset = next.entry(place.of.partition).or_insert(0);
        assert_eq!(place.offset, *offset);
        *offset += 1;
    }
    let mut reader = Reader::join(world, &[&topic], &Progress::default()).await;
    reader.until(world, "all records", |it| it.records.len() >= 30).await;
    let read: BTreeMap<usize, &Record> = reader.records.iter().map(|it| (number(it), it)).collect();
    for (at, (new, place)) in new.into_iter().zip(places).enumerate() {
        let key = Some(new.key.into_bytes());
        let (value, headers, timestamp) = (new.value, new.headers, new.timestamp);
        assert_eq!(*read[&at], Record { place, key, value, headers, timestamp });
    }
}

pub(super) async fn keeps_order_by_key(world: &World) {
    let topic = world.topic("t", 4).await;
    let all: Vec<_> =
        (0..300).map(|it| new_record(&topic, &format!("k{}", it % 10), &it.to_string())).collect();
    for some in all.chunks(70) {
        world.append(some.to_vec()).await;
    }
    let mut reader = Reader::join(world, &[&topic], &Progress::default()).await;
    reader.until(world, "all records", |it| it.records.len() >= 300).await;
    let mut by_key: BTreeMap<_, Vec<&Record>> = BTreeMap::new();
    for record in &reader.records {
        by_key.entry(record.key.clone()).or_default().push(record);
    }
    assert_eq!(by_key.len(), 10);
    for records in by_key.values() {
        let partitions: BTreeSet<_> = records.iter().map(|it| it.place.of.partition).collect();
        assert_eq!(partitions.len(), 1);
        let numbers: Vec<usize> = records.iter().map(|it| number(it)).collect();
        assert_eq!(numbers.len(), 30);
        assert!(numbers.is_sorted(), "{numbers:?}");
    }
}

pub(super) async fn refuses_what_is_too_large(world: &World) {
    let topic = world.topic("t", 1).await;
    let large = new_record(&topic, "k", &"x".repeat(1_000_000));
    let most = new_record(&topic, "k", &"x".repeat(999_999));
    let header = |bytes| vec![("h".to_owned(), vec![b'x'; bytes])];
    let most = NewRecord { headers: header(29_989), ..most };
    let headers = NewRecord { headers: header(29_990), ..new_record(&topic, "k", "1") };
    let new = vec![new_record(&topic, "k", "1"), large, most, headers];
    let results = world.stream.append(new).await;
    let too_large = |bytes| Err(StreamError::TooLarge { topic: topic.clone(), bytes });
    assert_eq!(results[0].as_ref().map(|it| it.offset), Ok(0));
    assert_eq!(results[1], too_large(1_000_001));
    assert_eq!(results[2].as_ref().map(|it| it.offset), Ok(1));
    assert_eq!(results[3], too_large(30_003));
}

pub(super) async fn knows_no_such_topic(world: &World) {
    let topic = world.topic("t", 1).await;
    let missing = format!("{}-missing", world.name);
    let error = StreamError::NoSuchTopic(missing.clone());
    let new = [&topic, &missing, &topic].map(|it| new_record(it, "k", "1"));
    let results = world.stream.append(new.to_vec()).await;
    assert_eq!(results[1], Err(error.clone()));
    assert_eq!(results[2].as_ref().map(|it| it.offset), Ok(1));
    assert_eq!(world.stream.partitions(&missing).await, Err(error.clone()));
    let joined = world.stream.join(&world.group(), &[topic, missing.clone()]).await;
    assert_eq!(joined.err(), Some(error.clone()));
    // Asking for it did not make it.
    assert_eq!(world.stream.partitions(&missing).await, Err(error));
}

pub(super) async fn ensures_topics(world: &World) {
    let (one, two) = (format!("{}-one", world.name), format!("{}-two", world.name));
    let stream = &world.stream;
    stream.ensure_topics(&[new_topic(&one, 2)]).await.unwrap();
    stream.ensure_topics(&[new_topic(&one, 2), new_topic(&two, 5)]).await.unwrap();
    assert_eq!(stream.partitions(&one).await, Ok(2));
    assert_eq!(stream.partitions(&two).await, Ok(5));
    let other = stream.ensure_topics(&[new_topic(&one, 3)]).await;
    assert!(matches!(other, Err(StreamError::Refused(_))), "{other:?}");
    assert_eq!(stream.partitions(&one).await, Ok(2));
}
