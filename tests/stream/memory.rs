//! The contract on the log in memory, and what only that can do: faults on request.

use std::sync::Arc;
use std::time::Duration;

use orderflow::adapters::memory_stream::{MemoryStream, SESSION_TIMEOUT};
use orderflow::ports::{News, StreamError};
use tokio::runtime::{Builder, Runtime};
use tokio::time::Instant;

use crate::contract::CASES;
use crate::reader::{Progress, Reader};
use crate::world::{World, new_record, partition};

#[test]
fn the_contract_holds_in_memory() {
    for case in CASES {
        let world = world(&MemoryStream::new(), case.name);
        paused().block_on((case.run)(&world));
    }
}

#[test]
fn a_dead_member_is_missed_when_its_session_is_over() {
    let world = world(&MemoryStream::new(), "session");
    paused().block_on(async {
        let topic = world.topic("t", 1).await;
        let progress = Progress::default();
        let mut one = Reader::join(&world, &[&topic], &progress).await;
        one.until(&world, "the partition", |it| it.assigned.len() == 1).await;
        let died = Instant::now();
        drop(one);
        let mut two = Reader::join(&world, &[&topic], &progress).await;
        two.until(&world, "the partition", |it| it.assigned.len() == 1).await;
        assert_eq!(died.elapsed(), SESSION_TIMEOUT);
    });
}

#[test]
fn unreachable_brokers_answer_nobody_until_they_are_back() {
    let stream = MemoryStream::new();
    let world = world(&stream, "unreachable");
    paused().block_on(async {
        let topic = world.topic("t", 1).await;
        let mut reader = Reader::join(&world, &[&topic], &Progress::default()).await;
        reader.until(&world, "the end", |it| it.ends.len() == 1).await;
        let back = Instant::now() + Duration::from_secs(30);
        stream.unreachable(back);
        let down = |it: &StreamError| matches!(it, StreamError::Unreachable(_));
        let results = world.stream.append(vec![new_record(&topic, "k", "1")]).await;
        assert!(results[0].as_ref().is_err_and(down), "{results:?}");
        assert!(world.stream.partitions(&topic).await.as_ref().is_err_and(down));
        assert!(reader.step().await.as_ref().is_err_and(down));
        // A question that may wait for so long is answered.
        assert_eq!(reader.member.next(1, Duration::from_secs(60)).await, Ok(News::Nothing));
        assert!(Instant::now() > back);
        world.append_numbers(&topic, 1).await;
        reader.until(&world, "the record", |it| it.records.len() == 1).await;
    });
}

#[test]
fn a_fenced_group_may_join_again() {
    let stream = MemoryStream::new();
    let world = world(&stream, "fence");
    paused().block_on(async {
        let topic = world.topic("t", 2).await;
        world.append_numbers(&topic, 10).await;
        let progress = Progress::default();
        let mut one = Reader::join(&world, &[&topic], &progress).await;
        one.until(&world, "some records", |it| !it.records.is_empty()).await;
        stream.fence(&world.group());
        assert!(matches!(one.step().await, Err(StreamError::Fenced(_))));
        let mut again = Reader::join(&world, &[&topic], &progress).await;
        let rest = 10 - one.records.len();
        again.until(&world, "the rest", |it| it.records.len() == rest).await;
    });
}

#[test]
fn a_lagging_partition_yields_nothing_for_a_while() {
    let stream = MemoryStream::new();
    let world = world(&stream, "lag");
    paused().block_on(async {
        let topic = world.topic("t", 2).await;
        let lagging = partition(&topic, 0);
        world.append_numbers(&topic, 20).await;
        let until = Instant::now() + Duration::from_secs(5);
        stream.hold_back(lagging.clone(), until);
        let mut reader = Reader::join(&world, &[&topic], &Progress::default()).await;
        reader.until(&world, "the other", |it| it.ends.len() == 1).await;
        assert!(reader.records.iter().all(|it| it.place.of.partition == 1));
        assert!(Instant::now() < until);
        reader.until(&world, "the lagging one", |it| it.ends.contains_key(&lagging)).await;
        assert_eq!(Instant::now(), until);
        assert_eq!(reader.records.len(), 20);
    });
}

#[test]
fn a_lost_answer_makes_duplicates() {
    let stream = MemoryStream::new();
    let world = world(&stream, "lost");
    paused().block_on(async {
        let topic = world.topic("t", 1).await;
        stream.lose_answers(1);
        let new = vec![new_record(&topic, "k", "1")];
        let results = world.stream.append(new.clone()).await;
        assert!(matches!(results[0], Err(StreamError::Unreachable(_))), "{results:?}");
        assert_eq!(world.append(new).await[0].offset, 1);
        let values: Vec<_> = stream.records(&topic).into_iter().map(|it| it.value).collect();
        assert_eq!(values, [b"1", b"1"]);
    });
}

#[test]
fn what_was_committed_can_be_looked_at() {
    let stream = MemoryStream::new();
    let world = world(&stream, "committed");
    paused().block_on(async {
        let topic = world.topic("t", 1).await;
        let places = world.append_numbers(&topic, 3).await;
        let mut reader = Reader::join(&world, &[&topic], &Progress::default()).await;
        reader.until(&world, "the records", |it| it.records.len() == 3).await;
        reader.member.commit(&places[1..2]).await.unwrap();
        let committed = stream.committed(&world.group());
        assert_eq!(Vec::from_iter(committed), [(partition(&topic, 0), 1)]);
        assert_eq!(stream.committed("another"), Default::default());
    });
}

fn world(stream: &MemoryStream, name: &str) -> World {
    let patience = Duration::from_secs(600);
    World { stream: Arc::new(stream.clone()), name: name.to_owned(), patience }
}

fn paused() -> Runtime {
    Builder::new_current_thread().enable_time().start_paused(true).build().unwrap()
}
