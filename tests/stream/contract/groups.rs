//! How members share partitions, and who is missed.

use std::collections::BTreeSet;

use orderflow::ports::{News, Position, StreamError};

use crate::reader::{Progress, Reader, together};
use crate::world::{World, partition};

pub(super) async fn topics_share_keys_and_members(world: &World) {
    let (orders, payments) = (world.topic("orders", 6).await, world.topic("payments", 6).await);
    let of_orders = world.append_numbers(&orders, 50).await;
    let of_payments = world.append_numbers(&payments, 50).await;
    let numbers = |it: &[Position]| it.iter().map(|it| it.of.partition).collect::<Vec<_>>();
    assert_eq!(numbers(&of_orders), numbers(&of_payments));
    let progress = Progress::default();
    let topics = [orders.as_str(), payments.as_str()];
    let mut one = Reader::join(world, &topics, &progress).await;
    let mut two = Reader::join(world, &topics, &progress).await;
    together(world, &mut [&mut one, &mut two], "six partitions each", |all| {
        all.iter().all(|it| it.assigned.len() == 6)
    })
    .await;
    for reader in [&one, &two] {
        let of = |topic: &str| -> BTreeSet<u32> {
            let mine = reader.assigned.iter().filter(|it| it.topic == topic);
            mine.map(|it| it.partition).collect()
        };
        assert_eq!(of(&orders), of(&payments));
        assert_eq!(of(&orders).len(), 3);
    }
}

pub(super) async fn a_member_may_get_nothing(world: &World) {
    let topic = world.topic("t", 1).await;
    world.append_numbers(&topic, 5).await;
    let progress = Progress::default();
    let mut one = Reader::join(world, &[&topic], &progress).await;
    one.until(world, "the partition", |it| it.assigned.len() == 1).await;
    let mut two = Reader::join(world, &[&topic], &progress).await;
    together(world, &mut [&mut one, &mut two], "one with and one without", |all| {
        let shares = || all.iter().map(|it| it.assigned.len());
        shares().sum::<usize>() == 1 && all.iter().all(|it| it.assignments > 0)
    })
    .await;
    together(world, &mut [&mut one, &mut two], "all records", |all| {
        all.iter().map(|it| it.records.len()).sum::<usize>() == 5
    })
    .await;
}

pub(super) async fn members_share_and_one_leaves(world: &World) {
    let topic = world.topic("t", 4).await;
    let progress = Progress::default();
    let mut one = Reader::join(world, &[&topic], &progress).await;
    one.until(world, "all four", |it| it.assigned.len() == 4).await;
    let mut two = Reader::join(world, &[&topic], &progress).await;
    together(world, &mut [&mut one, &mut two], "two each", |all| {
        all.iter().all(|it| it.assigned.len() == 2)
    })
    .await;
    assert!(one.assigned.is_disjoint(&two.assigned));
    two.member.leave().await.unwrap();
    one.until(world, "all four again", |it| it.assigned.len() == 4).await;
    world.append_numbers(&topic, 40).await;
    one.until(world, "all records", |it| it.records.len() == 40).await;
}

pub(super) async fn a_silent_member_is_fenced(world: &World) {
    let topic = world.topic("t", 2).await;
    let progress = Progress::default();
    let mut silent = Reader::join(world, &[&topic], &progress).await;
    silent.until(world, "both", |it| it.assigned.len() == 2).await;
    let mut other = Reader::join(world, &[&topic], &progress).await;
    other.until(world, "both for the other", |it| it.assigned.len() == 2).await;
    let place = Position { of: partition(&topic, 0), offset: 0 };
    let committed = silent.member.commit(&[place]).await;
    assert!(matches!(committed, Err(StreamError::Fenced(_))), "{committed:?}");
    // It hears of it at the latest when the brokers have answered it.
    let mut rounds = 0;
    let asked = loop {
        match silent.step().await {
            Ok(News::Nothing | News::CaughtUp(..)) if rounds < 100 => rounds += 1,
            other => break other,
        }
    };
    assert!(matches!(asked, Err(StreamError::Fenced(_))), "{asked:?}");
    assert!(matches!(silent.step().await, Err(StreamError::Fenced(_))));
    drop(silent);
    // It comes back as somebody else.
    let mut again = Reader::join(world, &[&topic], &progress).await;
    together(world, &mut [&mut again, &mut other], "one each", |all| {
        all.iter().all(|it| it.assigned.len() == 1)
    })
    .await;
}

pub(super) async fn a_dropped_member_is_missed(world: &World) {
    let topic = world.topic("t", 2).await;
    world.append_numbers(&topic, 30).await;
    let progress = Progress::default();
    let mut one = Reader::join(world, &[&topic], &progress).await;
    let mut two = Reader::join(world, &[&topic], &progress).await;
    together(world, &mut [&mut one, &mut two], "one each", |all| {
        all.iter().all(|it| it.assigned.len() == 1)
    })
    .await;
    drop(one);
    let rest = |it: &Reader| it.assigned.len() == 2 && it.ends.len() == 2;
    two.until(world, "both to the end", rest).await;
}

pub(super) async fn lag_is_what_is_not_committed(world: &World) {
    let topics = [world.topic("t", 2).await, world.topic("u", 1).await];
    let lag = async |group: &str| world.stream.lag(group, &topics).await;
    assert_eq!(lag(&world.group()).await, Ok(0));
    world.append_numbers(&topics[0], 20).await;
    world.append_numbers(&topics[1], 5).await;
    assert_eq!(lag(&world.group()).await, Ok(25), "a group that was never there");
    let names = [topics[0].as_str(), topics[1].as_str()];
    let mut one = Reader::join(world, &names, &Progress::default()).await;
    one.until(world, "the records", |it| it.records.len() == 25).await;
    let next = Position { of: partition(&topics[1], 0), offset: 3 };
    one.member.commit(&[next]).await.unwrap();
    assert_eq!(lag(&world.group()).await, Ok(22));
    one.member.leave().await.unwrap();
    assert_eq!(lag(&world.group()).await, Ok(22), "nobody is there");
    let unknown = [format!("{}-none", world.name)];
    assert!(world.stream.lag(&world.group(), &unknown).await.is_err());
}
