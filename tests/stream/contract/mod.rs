//! The cases, by name.

mod appending;
mod groups;
mod handover;
mod reading;

use std::pin::Pin;

use crate::world::World;

pub(crate) type Running<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) run: fn(&World) -> Running<'_>,
    /// Why librdkafka's mock cluster cannot do it.
    pub(crate) beyond_the_mock: Option<&'static str>,
}

pub(crate) const CASES: &[Case] = &[
    case("places", |it| Box::pin(appending::answers_places(it))),
    case("order", |it| Box::pin(appending::keeps_order_by_key(it))),
    case("too-large", |it| Box::pin(appending::refuses_what_is_too_large(it))),
    case("no-topic", |it| Box::pin(appending::knows_no_such_topic(it))),
    case("ensure", |it| Box::pin(appending::ensures_topics(it))),
    case("begin", |it| Box::pin(reading::begins_where_it_is_told(it))),
    case("before-begin", |it| Box::pin(reading::reads_nothing_before_it_begins(it))),
    case("caught-up", |it| Box::pin(reading::tells_the_end_once(it))),
    case("out-of-range", |it| Box::pin(reading::refuses_an_offset_past_the_end(it))),
    case("co-partitioned", |it| Box::pin(groups::topics_share_keys_and_members(it))),
    case("idle", |it| Box::pin(groups::a_member_may_get_nothing(it))),
    case("leave", |it| Box::pin(groups::members_share_and_one_leaves(it))),
    case("silent", |it| Box::pin(groups::a_silent_member_is_fenced(it))),
    case("dropped", |it| Box::pin(groups::a_dropped_member_is_missed(it))),
    case("lag", |it| Box::pin(groups::lag_is_what_is_not_committed(it))),
    case("hand-over", |it| Box::pin(handover::loses_and_doubles_nothing(it))),
    case("commit", |it| Box::pin(handover::commits_what_is_its_own(it))),
    case("give-up", |it| Box::pin(handover::gives_up_when_it_asks_on(it))),
    Case {
        name: "last-commit",
        run: |it| Box::pin(handover::commits_before_it_gives_up(it)),
        beyond_the_mock: Some("it takes no commits once a rebalance has begun"),
    },
    case("totals", |it| Box::pin(handover::totals_agree(it))),
];

const fn case(name: &'static str, run: fn(&World) -> Running<'_>) -> Case {
    Case { name, run, beyond_the_mock: None }
}
