//! Causal trees: what each message and event went through, with the decision at each hop, and the
//! rules that did not match.
//!
//! It reads the emulator's lineage when a run is over, and computes what the lineage does not
//! hold. It knows nothing of scripts.

use super::depths::Depths;
use super::diagram::Diagram;
use crate::timeline::Entry;
use serde::Serialize;
use skyrig::Cloud;
use skyrig::kernel::{MessageId, TraceNode, What};
use skyrig::wire::Timestamp;
use std::collections::BTreeMap;
use std::time::Duration;

/// Most trees of one explanation.
const TREES_MAX: usize = 400;
/// The cloud counts milliseconds and the timeline does not.
const MOMENT: Duration = Duration::from_millis(1);

/// Why a run failed, as far as its messages tell.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Explanation {
    /// The texts that were looked for in the messages' bodies; those of the first failure first.
    pub subjects: Vec<String>,
    /// Those that ended badly first, then those about the first subject, and so on.
    pub trees: Vec<Tree>,
    /// Trees beyond the limit.
    pub trees_left_out: usize,
    /// Who sent what to whom; only where a page was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diagram: Option<Diagram>,
    /// How full the queues were; only where a page was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub depths: Vec<Depths>,
}

/// One message or event from its beginning.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Tree {
    /// Something in it was refused, dropped, dead-lettered or expired.
    pub ended_badly: bool,
    /// The first of the subjects that it is about, by position.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<usize>,
    pub root: Hop,
}

/// One thing that happened to a message, with what it led to.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Hop {
    /// Its number in the cloud's lineage: they count up in the order of recording.
    pub id: u64,
    /// Since the first step.
    pub at: Duration,
    pub what: What,
    /// Like `queue orders`, without account and region.
    pub resource: String,
    /// The message's or event's id.
    pub subject: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What the timeline tells of it: who did it, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub told: Option<String>,
    /// The same happened so often here, the last time at `last`.
    pub times: u32,
    pub last: Duration,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub non_matches: Vec<NonMatch>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub led_to: Vec<Hop>,
}

/// A rule that an event did not match.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct NonMatch {
    pub rule: String,
    /// The fields that did not match, and what was wanted of them.
    pub reasons: Vec<String>,
}

/// What to look for, and where.
pub(crate) struct Evidence<'a> {
    pub(crate) subjects: Vec<String>,
    /// The messages and events that are about one of the subjects, with its position.
    pub(crate) ids: BTreeMap<String, usize>,
    pub(crate) timeline: &'a [Entry],
    /// The cloud's time at the first step, in milliseconds since 1970.
    pub(crate) zero: i64,
    /// All of the lineage.
    pub(crate) trees: &'a [TraceNode],
    /// Where it is at hand, it tells which rules did not match.
    pub(crate) cloud: Option<&'a Cloud>,
}

/// The trees that mention the ids, and those that ended badly.
pub(crate) fn gather(evidence: Evidence<'_>) -> Explanation {
    let Evidence { subjects, ids, timeline, zero, trees, cloud } = evidence;
    let ids =
        ids.iter().filter_map(|(id, subject)| Some((id.parse::<MessageId>().ok()?, *subject)));
    let ids: BTreeMap<MessageId, usize> = ids.collect();
    let about = |node: &TraceNode| first_subject(node, &ids);
    let wanted = |node: &&TraceNode| ends_badly(node) || about(node).is_some();
    let mut found: Vec<_> = trees.iter().filter(wanted).collect();
    found.sort_by_key(|node| (!ends_badly(node), about(node).unwrap_or(usize::MAX)));
    let trees_left_out = found.len().saturating_sub(TREES_MAX);
    found.truncate(TREES_MAX);
    let mut told = BTreeMap::<&str, Vec<&Entry>>::new();
    for entry in timeline {
        entry.about.iter().for_each(|id| told.entry(id).or_default().push(entry));
    }
    let mut reader = Reader { cloud, zero, told };
    let tree = |node: &&TraceNode| Tree {
        ended_badly: ends_badly(node),
        subject: about(node),
        root: reader.hop(node),
    };
    let trees = found.iter().map(tree).collect();
    Explanation { subjects, trees, trees_left_out, ..Explanation::default() }
}

/// What people call it.
pub(crate) fn words(what: What) -> &'static str {
    match what {
        What::Called => "called",
        What::ScheduleRang => "rang",
        What::Enqueued => "enqueued in",
        What::Deduplicated => "a duplicate for",
        What::Received => "received from",
        What::VisibilityChanged => "given back to",
        What::Deleted => "deleted from",
        What::Expired => "EXPIRED in",
        What::Purged => "purged from",
        What::DeadLettered => "DEAD-LETTERED to",
        What::Redriven => "redriven from",
        What::Published => "published to",
        What::FilteredOut => "filtered out by",
        What::EventPut => "put on",
        What::RuleMatched => "matched",
        What::AlarmChanged => "changed the state of",
        What::Refused => "REFUSED by",
        What::Warned => "would be refused by",
        What::Dropped => "DROPPED before",
        What::Faulted => "fault injected at",
        What::Retried => "tried again later for",
    }
}

/// An end that nobody wants.
pub(crate) fn is_bad(what: What) -> bool {
    matches!(what, What::Refused | What::Dropped | What::DeadLettered | What::Expired)
}

/// `queue orders` of `arn:aws:sqs:us-east-1:000000000000:orders`; anything else as it is.
pub(crate) fn short_name(resource: &str) -> String {
    let mut parts = resource.splitn(6, ':').skip(2);
    let (service, name) = (parts.next(), parts.nth(2));
    let Some((service, name)) = service.zip(name) else {
        return resource.to_owned();
    };
    match (service, name.split_once('/'), name.split_once(':')) {
        ("sqs", ..) => format!("queue {name}"),
        ("sns", _, None) => format!("topic {name}"),
        ("sns", _, Some((topic, id))) => {
            format!("subscription {} of {topic}", id.get(..8).unwrap_or(id))
        }
        ("events", Some(("event-bus", bus)), _) => format!("bus {bus}"),
        ("events", Some(("rule", rule)), _) => format!("rule {rule}"),
        _ => resource.to_owned(),
    }
}

/// `at` is the cloud's time in ISO 8601; what happened before the first step is at zero.
pub(super) fn since(zero: i64, at: &str) -> Duration {
    let at = Timestamp::parse_iso(at).map_or(zero, Timestamp::millis);
    Duration::from_millis(u64::try_from(at - zero).unwrap_or(0))
}

fn ends_badly(node: &TraceNode) -> bool {
    is_bad(node.what) || node.led_to.iter().any(ends_badly)
}

/// The first subject that anything in this tree is about.
fn first_subject(node: &TraceNode, ids: &BTreeMap<MessageId, usize>) -> Option<usize> {
    let here = node.subject.parse().ok().and_then(|id: MessageId| ids.get(&id).copied());
    let below = node.led_to.iter().filter_map(|node| first_subject(node, ids));
    here.into_iter().chain(below).min()
}

/// Turns entries of the lineage into hops.
struct Reader<'a> {
    cloud: Option<&'a Cloud>,
    zero: i64,
    /// What the timeline tells of each id and no hop has told yet.
    told: BTreeMap<&'a str, Vec<&'a Entry>>,
}

impl Reader<'_> {
    fn hop(&mut self, node: &TraceNode) -> Hop {
        let at = since(self.zero, &node.at);
        let told = self.told(node, at);
        let below: Vec<_> = node.led_to.iter().map(|node| self.hop(node)).collect();
        Hop {
            id: node.id,
            at,
            what: node.what,
            resource: short_name(&node.resource),
            subject: node.subject.clone(),
            note: node.note.clone(),
            told,
            times: 1,
            last: at,
            non_matches: non_matches(self.cloud, node),
            led_to: folded(below),
        }
    }

    /// What was said about this message in the moment of the hop.
    fn told(&mut self, node: &TraceNode, at: Duration) -> Option<String> {
        if node.what == What::Enqueued && !node.led_to.is_empty() && node.note.is_none() {
            // Who sent it is told; what is said of it later belongs to its receivers.
            return None;
        }
        let entries = self.told.get_mut(node.subject.as_str())?;
        let now = |entry: &&Entry| entry.at.abs_diff(at) <= MOMENT;
        let (here, later): (Vec<_>, Vec<_>) = entries.drain(..).partition(now);
        *entries = later;
        let said: Vec<_> = here.iter().map(|entry| entry.what.as_str()).collect();
        let actor = &here.first()?.actor;
        Some(format!("{actor} {}", said.join(", ")))
    }
}

/// Takes the same thing that happened again and again (a message received and given back) as one.
fn folded(hops: Vec<Hop>) -> Vec<Hop> {
    let mut all = Vec::<Hop>::new();
    for hop in hops {
        let same = |seen: &&mut Hop| {
            seen.what == hop.what
                && seen.resource == hop.resource
                && seen.subject == hop.subject
                && seen.note == hop.note
                && seen.led_to.is_empty()
                && hop.led_to.is_empty()
        };
        match all.iter_mut().find(same) {
            Some(seen) => {
                seen.times += 1;
                seen.last = hop.at;
                seen.told = hop.told.or(seen.told.take());
            }
            None => all.push(hop),
        }
    }
    all
}

fn non_matches(cloud: Option<&Cloud>, node: &TraceNode) -> Vec<NonMatch> {
    let event = match node.what {
        What::EventPut => node.subject.parse::<MessageId>().ok(),
        _ => None,
    };
    let verdicts = cloud.zip(event).map(|(cloud, event)| cloud.explain_event(event));
    let verdicts = verdicts.unwrap_or_default();
    let missed = verdicts.into_iter().filter(|verdict| !verdict.reasons.is_empty());
    missed
        .map(|verdict| NonMatch { rule: short_name(&verdict.rule), reasons: verdict.reasons })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::short_name;

    #[test]
    fn names_are_short() {
        let check = |arn: &str, wanted: &str| assert_eq!(short_name(arn), wanted);
        check("arn:aws:sqs:us-east-1:000000000000:orders.fifo", "queue orders.fifo");
        check("arn:aws:sns:us-east-1:000000000000:news", "topic news");
        check(
            "arn:aws:sns:us-east-1:000000000000:news:0123456789",
            "subscription 01234567 of news",
        );
        check("arn:aws:events:us-east-1:000000000000:event-bus/shop", "bus shop");
        check("arn:aws:events:us-east-1:000000000000:rule/shop/paid", "rule shop/paid");
        check(
            "arn:aws:lambda:us-east-1:000000000000:function:f",
            "arn:aws:lambda:us-east-1:000000000000:function:f",
        );
        check("something", "something");
    }
}
