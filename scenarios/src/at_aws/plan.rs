//! What playing a script at AWS would make, how long it may last, what it may cost, and what of the
//! script AWS does not do. It calls nothing.

use crate::form::Form;
use harness::Script;
use harness::script::{Act, Repeat, Span, Start, Step};
use orderflow::cli::estimate;
use orderflow::infra::{self, Transport};
use orderflow::{Config, Role};
use std::collections::BTreeMap;
use std::time::Duration;

/// Actions on what only a simulation has in its hands.
const OF_SIMULATIONS: [(&str, &str); 6] = [
    ("add_instance", "only a simulation starts a second process of a role"),
    ("advance_clock", "AWS's clock is its own"),
    ("cut_stream", "the stream's brokers are in another process"),
    ("lag_stream", "the stream's brokers are in another process"),
    ("lose_stream_answers", "the stream's brokers are in another process"),
    ("fence_analytics", "the stream's brokers are in another process"),
];
/// Until the system is at rest, its resources made and removed.
const AROUND: Duration = Duration::from_secs(30 * 60);

/// Each part of the script that AWS does not do, once.
pub(super) fn refusals(script: &Script) -> Vec<String> {
    let faults = script.nemesis.iter().filter(|nemesis| !nemesis.is_of_process()).map(|nemesis| {
        let (name, fault) = (&nemesis.name, &nemesis.fault);
        format!("the fault `{name}` ({fault}): AWS does not go wrong when it is told to")
    });
    let steps = script.when.iter().filter_map(|step| step.act.as_ref());
    let acts = script.given.iter().chain(steps);
    let actions = acts.filter_map(|act| {
        let (name, why) = OF_SIMULATIONS.iter().find(|(name, _)| *name == act.action)?;
        Some(format!("the action `{name}`: {why}"))
    });
    let mut refused: Vec<String> = Vec::new();
    for one in faults.chain(actions) {
        if !refused.contains(&one) {
            refused.push(one);
        }
    }
    refused
}

/// For people.
pub(super) fn lines(
    script: &Script,
    config: &Config,
    region: &str,
    form: Form,
) -> Result<Vec<String>, String> {
    let resources = infra::describe(config, Transport::TlsOnly);
    let resources = resources.map_err(|failure| failure.to_string())?;
    let mut by_kind = BTreeMap::<_, Vec<&str>>::new();
    for resource in &resources {
        by_kind.entry(resource.kind).or_default().push(&resource.name);
    }
    let count = resources.len();
    let mut lines =
        vec![format!("{}: at AWS, in {region}, it makes {count} resources", script.name)];
    for (kind, names) in by_kind {
        lines.push(format!("  {} {}: {}", names.len(), kind.as_str(), names.join(", ")));
    }
    let tags = config.tags();
    let tags: Vec<_> = tags.iter().map(|(key, value)| format!("{key}={value}")).collect();
    lines.push(format!("  tagged with {}", tags.join(", ")));
    lines.push(format!("  and runs {} processes on this machine", Role::ALL.len()));
    let (orders, lasts) = (orders(script), longest(script));
    let hours = lasts.as_secs_f64() / 3600.0;
    let estimate = estimate(orders, hours, form.fifo)?;
    lines.push(format!(
        "It places about {orders} orders and lasts {} at most. That may cost {:.4} USD ({}, prices \
         of {}), without storage, alarms and transfer.",
        Span(Duration::from_secs(lasts.as_secs())),
        estimate.usd,
        estimate.region,
        estimate.as_of
    ));
    lines.push(format!(
        "All of it is removed in the end. If this program is killed: {}",
        removal(config, region)
    ));
    Ok(lines)
}

/// The command that removes what was left.
pub(super) fn removal(config: &Config, region: &str) -> String {
    let prefix = config.names.prefix();
    format!("orderflow infra destroy --aws --region {region} --prefix {prefix}")
}

/// About how many orders a script places.
fn orders(script: &Script) -> u64 {
    let mut lists = BTreeMap::new();
    let places = |act: &Act| u64::from(act.action == "place_order");
    let given = script.given.iter().map(places).sum::<u64>();
    let mut all = given;
    for step in &script.when {
        let Some(act) = &step.act else { continue };
        let times = match &step.repeat {
            None => 1,
            Some(Repeat::Times { times, .. }) => *times,
            Some(Repeat::Until { every: Span(every), until: Span(until) }) => {
                (until.as_secs_f64() / every.as_secs_f64().max(1e-3)).ceil() as u64
            }
            Some(Repeat::Rate(rate)) => {
                (rate.per_second() * rate.lasting.0.as_secs_f64()).ceil() as u64
            }
            Some(Repeat::Each { list, .. }) => match (list.as_array(), list.as_str()) {
                (Some(list), _) => list.len() as u64,
                (None, name) => lists.get(name.unwrap_or_default()).copied().unwrap_or(1),
            },
        };
        if let Some(alias) = &act.alias {
            lists.insert(format!("${{{alias}}}"), times);
        }
        all += times * places(act);
    }
    all
}

/// How long a script may last.
fn longest(script: &Script) -> Duration {
    let mut at = Duration::ZERO;
    for step in &script.when {
        at = starts(step, at) + repeats(step);
    }
    let deadlines = script.then.iter().filter_map(|it| it.condition.within);
    at + deadlines.map(|Span(within)| within).max().unwrap_or_default() + AROUND
}

fn starts(step: &Step, before: Duration) -> Duration {
    match &step.start {
        Start::Immediately => before,
        Start::At(Span(at)) => before.max(*at),
        Start::After(Span(after)) => before + *after,
        Start::Once(condition) => before + condition.within.map(|Span(it)| it).unwrap_or_default(),
    }
}

fn repeats(step: &Step) -> Duration {
    match &step.repeat {
        None => Duration::ZERO,
        Some(Repeat::Times { every: Span(every), times }) => {
            every.saturating_mul(u32::try_from(*times).unwrap_or(u32::MAX))
        }
        Some(Repeat::Until { until: Span(until), .. }) => *until,
        Some(Repeat::Rate(rate)) => rate.lasting.0,
        Some(Repeat::Each { list, every }) => {
            let entries = list.as_array().map_or(1, Vec::len);
            let every = every.map(|Span(every)| every).unwrap_or_default();
            every.saturating_mul(u32::try_from(entries).unwrap_or(u32::MAX))
        }
    }
}
