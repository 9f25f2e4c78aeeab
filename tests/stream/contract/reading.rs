//! What one member of a group reads.

use std::time::Duration;

use orderflow::ports::{News, StreamError};

use crate::reader::{Progress, Reader};
use crate::world::{World, partition};

const WAIT: Duration = Duration::from_millis(300);

pub(super) async fn begins_where_it_is_told(world: &World) {
    let topic = world.topic("t", 1).await;
    let only = partition(&topic, 0);
    world.append_numbers(&topic, 10).await;
    let progress = Progress::default();
    progress.lock().unwrap().insert(only.clone(), 6);
    let mut reader = Reader::join(world, &[&topic], &progress).await;
    reader.until(world, "the end", |it| it.ends.contains_key(&only)).await;
    assert_eq!(reader.numbers(), [6, 7, 8, 9]);
    // It may go back at any time, and is told the end again.
    for (offset, first) in [(None, 0), (Some(8), 8)] {
        reader.records.clear();
        reader.ends.clear();
        progress.lock().unwrap().clear();
        reader.member.begin(&only, offset).await.unwrap();
        reader.until(world, "the end again", |it| it.ends.contains_key(&only)).await;
        assert_eq!(reader.numbers(), Vec::from_iter(first..10));
    }
    let foreign = reader.member.begin(&partition(&topic, 1), None).await;
    assert!(matches!(foreign, Err(StreamError::Fenced(_))), "{foreign:?}");
}

pub(super) async fn reads_nothing_before_it_begins(world: &World) {
    let topic = world.topic("t", 2).await;
    world.append_numbers(&topic, 20).await;
    let (zero, one) = (partition(&topic, 0), partition(&topic, 1));
    let mut member = world.stream.join(&world.group(), &[topic]).await.unwrap();
    let mut rounds = 0;
    loop {
        match member.next(100, WAIT).await.unwrap() {
            News::Assigned(all) => break assert_eq!(all, [zero.clone(), one.clone()]),
            other => assert_eq!(other, News::Nothing),
        }
        rounds += 1;
        assert!(WAIT * rounds < world.patience);
    }
    for _ in 0..3 {
        assert_eq!(member.next(100, WAIT).await, Ok(News::Nothing));
    }
    member.begin(&one, None).await.unwrap();
    loop {
        match member.next(100, WAIT).await.unwrap() {
            News::Records(all) => assert!(all.iter().all(|it| it.place.of == one)),
            News::CaughtUp(at, _) => break assert_eq!(at, one),
            other => assert_eq!(other, News::Nothing),
        }
    }
    // Beginning another one does not disturb it.
    member.begin(&zero, None).await.unwrap();
    loop {
        match member.next(1, WAIT).await.unwrap() {
            News::Records(all) => assert_eq!((all.len(), &all[0].place.of), (1, &zero)),
            News::CaughtUp(at, _) => break assert_eq!(at, zero),
            other => assert_eq!(other, News::Nothing),
        }
    }
    member.leave().await.unwrap();
}

pub(super) async fn tells_the_end_once(world: &World) {
    let topic = world.topic("t", 1).await;
    let only = partition(&topic, 0);
    let mut reader = Reader::join(world, &[&topic], &Progress::default()).await;
    reader.until(world, "the end of nothing", |it| it.ends.contains_key(&only)).await;
    assert_eq!(reader.ends[&only], 0);
    for total in [3, 6] {
        reader.ends.clear();
        world.append_numbers(&topic, 3).await;
        reader.until(world, "the end", |it| it.ends.get(&only) == Some(&total)).await;
        assert_eq!(reader.records.len() as u64, total);
        for _ in 0..3 {
            assert_eq!(reader.step().await, Ok(News::Nothing));
        }
    }
    reader.member.leave().await.unwrap();
}

pub(super) async fn refuses_an_offset_past_the_end(world: &World) {
    let topic = world.topic("t", 1).await;
    let only = partition(&topic, 0);
    world.append_numbers(&topic, 3).await;
    let progress = Progress::default();
    progress.lock().unwrap().insert(only.clone(), 9);
    let mut reader = Reader::join(world, &[&topic], &progress).await;
    let mut rounds = 0;
    let refused = loop {
        match reader.step().await {
            Ok(News::Assigned(_) | News::Nothing) => rounds += 1,
            other => break other,
        }
        assert!(rounds < 300, "it was not refused");
    };
    assert!(matches!(refused, Err(StreamError::NoSuchOffset(_))), "{refused:?}");
    // It is still a member, and may begin elsewhere.
    progress.lock().unwrap().clear();
    reader.member.begin(&only, None).await.unwrap();
    reader.until(world, "the records", |it| it.records.len() == 3).await;
}
