//! What a rebalance promises: between two members nothing is lost, and nothing is read by both
//! when the progress is kept with what was read.

use orderflow::ports::{News, Position, StreamError};

use crate::reader::{Progress, Reader, together};
use crate::world::{World, new_record, partition};

pub(super) async fn loses_and_doubles_nothing(world: &World) {
    let topic = world.topic("t", 4).await;
    world.append_numbers(&topic, 2_000).await;
    let progress = Progress::default();
    let mut one = Reader::join(world, &[&topic], &progress).await;
    one.until(world, "some records", |it| it.records.len() >= 100).await;
    let mut two = Reader::join(world, &[&topic], &progress).await;
    together(world, &mut [&mut one, &mut two], "two each", |all| {
        all.iter().all(|it| it.assigned.len() == 2)
    })
    .await;
    let more = (2_000..3_000).map(|it| new_record(&topic, &format!("k{it}"), &it.to_string()));
    world.append(more.collect()).await;
    together(world, &mut [&mut one, &mut two], "some more", |all| {
        all.iter().map(|it| it.records.len()).sum::<usize>() >= 2_500
    })
    .await;
    let mut read = one.records;
    one.member.leave().await.unwrap();
    let rest = 3_000 - read.len();
    two.until(world, "the rest", |it| it.records.len() >= rest).await;
    read.extend(two.records);
    let mut places: Vec<&Position> = read.iter().map(|it| &it.place).collect();
    places.sort();
    places.dedup();
    assert_eq!((places.len(), read.len()), (3_000, 3_000));
}

pub(super) async fn commits_what_is_its_own(world: &World) {
    let topic = world.topic("t", 1).await;
    world.append_numbers(&topic, 10).await;
    let place = |offset| Position { of: partition(&topic, 0), offset };
    let progress = Progress::default();
    let mut one = Reader::join(world, &[&topic], &progress).await;
    one.until(world, "the records", |it| it.records.len() == 10).await;
    one.member.commit(&[place(10)]).await.unwrap();
    let foreign = Position { of: partition(&topic, 1), offset: 1 };
    let refused = one.member.commit(&[foreign]).await;
    assert!(matches!(refused, Err(StreamError::Fenced(_))), "{refused:?}");
    let mut two = Reader::join(world, &[&topic], &progress).await;
    together(world, &mut [&mut one, &mut two], "one owner", |all| {
        let owners = || all.iter().filter(|it| it.assigned.len() == 1).count();
        owners() == 1 && all.iter().all(|it| it.assignments > 0)
    })
    .await;
    let (owner, other) = match one.assigned.is_empty() {
        true => (&mut two, &mut one),
        false => (&mut one, &mut two),
    };
    owner.member.commit(&[place(10)]).await.unwrap();
    let refused = other.member.commit(&[place(10)]).await;
    assert!(matches!(refused, Err(StreamError::Fenced(_))), "{refused:?}");
}

pub(super) async fn gives_up_when_it_asks_on(world: &World) {
    let (topic, mut one, mut two) = a_member_that_loses_its_partition(world).await;
    // Nobody else has the partition before the member asks for the next news.
    for _ in 0..5 {
        assert_eq!(two.step().await, Ok(News::Nothing));
    }
    together(world, &mut [&mut one, &mut two], "one owner", |all| {
        all.iter().map(|it| it.assigned.len()).sum::<usize>() == 1
    })
    .await;
    world.append_numbers(&topic, 5).await;
    together(world, &mut [&mut one, &mut two], "what came later", |all| {
        all.iter().map(|it| it.records.len()).sum::<usize>() == 15
    })
    .await;
}

pub(super) async fn commits_before_it_gives_up(world: &World) {
    let (topic, mut one, _two) = a_member_that_loses_its_partition(world).await;
    let place = Position { of: partition(&topic, 0), offset: 10 };
    one.member.commit(&[place]).await.unwrap();
}

/// A topic, a member that has just heard that its one partition is taken away, and another member
/// that waits for it.
async fn a_member_that_loses_its_partition(world: &World) -> (String, Reader, Reader) {
    let topic = world.topic("t", 1).await;
    world.append_numbers(&topic, 10).await;
    let progress = Progress::default();
    let mut one = Reader::join(world, &[&topic], &progress).await;
    one.until(world, "the records", |it| it.records.len() == 10).await;
    let mut two = Reader::join(world, &[&topic], &progress).await;
    let mut rounds = 0;
    while one.step().await != Ok(News::Revoked(vec![partition(&topic, 0)])) {
        two.step().await.unwrap();
        rounds += 1;
        assert!(rounds < 300, "nothing was revoked");
    }
    (topic, one, two)
}

pub(super) async fn totals_agree(world: &World) {
    const COUNT: usize = 20_000;
    let topic = world.topic("t", 4).await;
    let progress = Progress::default();
    let mut one = Reader::join(world, &[&topic], &progress).await;
    let mut two = Reader::join(world, &[&topic], &progress).await;
    let write = async {
        for first in (0..COUNT).step_by(1_000) {
            let record = |it: usize| new_record(&topic, &format!("k{}", it % 997), &it.to_string());
            world.append((first..first + 1_000).map(record).collect()).await;
        }
    };
    let mut readers = [&mut one, &mut two];
    let read = together(world, &mut readers, "all records", |all| {
        all.iter().map(|it| it.records.len()).sum::<usize>() >= COUNT
    });
    tokio::join!(write, read);
    let mut numbers = one.numbers();
    numbers.extend(two.numbers());
    numbers.sort_unstable();
    assert_eq!(numbers, Vec::from_iter(0..COUNT));
}
