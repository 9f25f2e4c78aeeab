//! What the page asks for again and again: whether anything changed, what is due, the graph, the
//! queues and what is in them. All of it only looks, and is put together outside of the lock.

use std::collections::{BTreeMap, BTreeSet};

use axum::Json;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::edge::admin::{Admin, refusal, stopped};
use crate::host::Clock as _;
use crate::kernel::{Arn, Place, Topology, Way};
use crate::services::sqs::Browsing;

/// Most places of the graph in one answer, and how many without a wish.
const PLACES_MAX: usize = 2_000;
const PLACES: usize = 300;
/// How many trees, and of how many of the latest entries, the list of what happened lately has.
const TREES: usize = 40;
const ENTRIES: usize = 2_000;
/// Most rows of a list in one answer.
const ROWS_MAX: usize = 500;
/// Most of what is due in one answer.
const DUE_MAX: usize = 50;

/// Cheap: a page asks once a second whether there is anything to ask for.
pub(super) async fn pulse(State(admin): State<Admin>) -> Response {
    let looked = admin.host.with_cloud(|cloud| (cloud.revision(), cloud.next_deadline()));
    let Some((revision, deadline)) = looked else { return stopped() };
    let mut shown = json!({
        "revision": revision,
        "now": admin.clock.now().millis(),
        "next_deadline": deadline.map(|at| at.millis()),
    });
    let mode = serde_json::to_value(admin.clock.mode()).unwrap_or_default();
    if let (Value::Object(shown), Value::Object(mode)) = (&mut shown, mode) {
        shown.extend(mode);
    }
    Json(shown).into_response()
}

pub(super) async fn due(State(admin): State<Admin>) -> Response {
    match admin.host.with_cloud(|cloud| cloud.due(DUE_MAX)) {
        Some(due) => Json(json!({ "now": admin.clock.now().millis(), "due": due })).into_response(),
        None => stopped(),
    }
}

/// What happened lately, as trees, the latest first; no further back than 2,000 entries.
pub(super) async fn latest(State(admin): State<Admin>) -> Response {
    let Some(part) = admin.host.with_cloud(|cloud| cloud.lineage().since(0, ENTRIES)) else {
        return stopped();
    };
    let mut trees = part.trees(|_, _| true);
    trees.reverse();
    trees.truncate(TREES);
    Json(trees).into_response()
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct WhichPlaces {
    /// What went where since this entry of the lineage.
    after: u64,
    /// Only places whose ARN has this text, and those next to them.
    text: String,
    limit: Option<usize>,
}

pub(super) async fn topology(
    State(admin): State<Admin>,
    Query(which): Query<WhichPlaces>,
) -> Response {
    let now = admin.clock.now();
    let looked = admin
        .host
        .with_cloud(|cloud| (cloud.topology(now), cloud.flows(which.after), cloud.revision()));
    let Some((mut whole, flows, revision)) = looked else { return stopped() };
    let limit = which.limit.unwrap_or(PLACES).min(PLACES_MAX);
    let active: BTreeSet<&str> =
        flows.iter().flat_map(|flow| flow.from.as_deref().into_iter().chain([&*flow.to])).collect();
    let left_out = select(&mut whole, &active, (&which.text, limit));
    let Topology { places, ways } = whole;
    Json(json!({
        "now": now.millis(),
        "revision": revision,
        "places": places,
        "ways": ways,
        "flows": flows,
        "left_out": left_out,
    }))
    .into_response()
}

/// Keeps the places that are asked for and most worth seeing: those with ways, then those where
/// something happened, then those that hold something. How many are left out, by service.
fn select(
    whole: &mut Topology,
    active: &BTreeSet<&str>,
    (text, limit): (&str, usize),
) -> BTreeMap<String, usize> {
    let named = |arn: &str| arn.contains(text);
    whole.ways.sort();
    whole.ways.dedup();
    let mut near: BTreeSet<&str> = BTreeSet::new();
    for Way { from, to, .. } in &whole.ways {
        if named(from) || named(to) {
            near.extend([&**from, &**to]);
        }
    }
    let rank = |place: &Place| {
        let arn = &*place.arn;
        let holds = place.figures.iter().any(|(name, count)| name != "oldest" && count > 0);
        [!near.contains(arn), !active.contains(arn), !holds]
    };
    let (mut kept, mut left_out) = (Vec::new(), BTreeMap::new());
    let wanted = std::mem::take(&mut whole.places).into_iter();
    for place in wanted.filter(|place| named(&place.arn) || near.contains(&*place.arn)) {
        kept.push((rank(&place), place));
    }
    let order = |(one, a): &([bool; 3], Place), (other, b): &([bool; 3], Place)| {
        one.cmp(other).then_with(|| a.arn.cmp(&b.arn))
    };
    if limit < kept.len() {
        // Those that are left out need no order.
        kept.select_nth_unstable_by(limit, order);
        for (_, place) in kept.drain(limit..) {
            let service = place.arn.split(':').nth(2).unwrap_or_default();
            match left_out.get_mut(service) {
                Some(count) => *count += 1,
                None => drop(left_out.insert(service.to_owned(), 1)),
            }
        }
    }
    kept.sort_by(order);
    let places: Vec<Place> = kept.into_iter().map(|(_, place)| place).collect();
    let shown: BTreeSet<&str> = places.iter().map(|place| &*place.arn).collect();
    let mut ways = std::mem::take(&mut whole.ways);
    ways.retain(|way| shown.contains(&*way.from) && shown.contains(&*way.to));
    *whole = Topology { places, ways };
    left_out
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct WhichQueues {
    text: String,
    /// `name`, or `depth` or `age`, the largest first.
    sort: String,
    from: usize,
    count: Option<usize>,
}

/// The queues of every account and region, a page of them.
pub(super) async fn queues(
    State(admin): State<Admin>,
    Query(which): Query<WhichQueues>,
) -> Response {
    let now = admin.clock.now();
    let Some(Topology { mut places, mut ways }) = admin.host.with_cloud(|it| it.queues(now)) else {
        return stopped();
    };
    let all = places.len();
    places.retain(|place| place.arn.contains(&which.text));
    let held = |place: &Place, names: &[&str]| -> u64 {
        names.iter().filter_map(|name| place.figures.get(name)).sum()
    };
    match &*which.sort {
        "depth" => {
            let depth = ["visible", "in_flight", "delayed"];
            places.sort_by_key(|place| std::cmp::Reverse(held(place, &depth)));
        }
        "age" => places.sort_by_key(|place| match held(place, &["oldest"]) {
            0 => u64::MAX,
            oldest => oldest,
        }),
        _ => {}
    }
    let count = which.count.unwrap_or(100).min(ROWS_MAX);
    let total = places.len();
    let rows: Vec<Place> = places.into_iter().skip(which.from).take(count).collect();
    let shown: BTreeSet<&str> = rows.iter().map(|place| &*place.arn).collect();
    ways.retain(|way| shown.contains(&*way.from) || shown.contains(&*way.to));
    Json(json!({ "all": all, "total": total, "rows": rows, "ways": ways })).into_response()
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct WhichMessages {
    /// The queue's ARN.
    queue: String,
    from: u64,
    count: Option<usize>,
    text: String,
    whole: bool,
}

/// What is in a queue, without taking any of it.
pub(super) async fn messages(
    State(admin): State<Admin>,
    Query(which): Query<WhichMessages>,
) -> Response {
    let Ok(arn) = which.queue.parse::<Arn>() else {
        return refusal(StatusCode::BAD_REQUEST, "queue is the queue's ARN");
    };
    let count = which.count.unwrap_or(50).min(ROWS_MAX);
    let asked = Browsing { from: which.from, count, text: &which.text, whole: which.whole };
    let now = admin.clock.now();
    let Some(found) = admin.host.with_cloud(|cloud| cloud.browse(&arn, &asked, now)) else {
        return stopped();
    };
    match found {
        Some(browsed) => Json(browsed).into_response(),
        None => refusal(StatusCode::NOT_FOUND, format!("there is no queue {}", which.queue)),
    }
}
