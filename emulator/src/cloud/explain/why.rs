//! "Why is nothing here?": what sends to a queue, topic or bus, what was published lately that
//! could have come, and where each of it was lost.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::Cloud;
use super::story::has_ended;
use crate::kernel::{
    Arn, Feed, FeedKind, MessageId, Mismatch, PolicyMode, TraceNode, What, short_name, times,
};
use crate::services::cloudwatch::CloudWatch;
use crate::services::eventbridge::EventBridge;
use crate::services::lambda::Lambda;
use crate::services::logs::Logs;
use crate::services::scheduler::Scheduler;
use crate::services::sns::Sns;
use crate::services::sqs::Sqs;

/// Most senders that are looked at, those of senders included.
const SENDERS_MAX: usize = 50;
/// How far back from the resource.
const DEPTH_MAX: usize = 4;
/// How many of the latest publications are looked at for each sender.
const PUBLISHED_MAX: usize = 20;
/// Most entries of each list.
const LIST_MAX: usize = 10;

/// Why nothing is in a queue, or comes to a topic or bus. As text it is for people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Why {
    /// The ARN of the queue, topic or bus.
    pub resource: String,
    /// The virtual time of the question.
    pub at: String,
    /// The answer in short.
    pub answer: String,
    /// What is known of it now, in sentences.
    pub state: Vec<String>,
    /// What sends to it; then what sends to the topics and buses of those, and so on.
    pub senders: Vec<Sender>,
    /// The latest that came, the newest first.
    pub arrived: Vec<Arrival>,
}

/// A rule or subscription, with what it did not bring.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sender {
    pub feed: Feed,
    /// How many of the latest twenty were looked at that were published where it takes from.
    pub published: usize,
    /// How many of those came through.
    pub passed: usize,
    /// Those that did not, the newest first.
    pub lost: Vec<Lost>,
}

/// Something that was published and did not come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Lost {
    pub at: String,
    /// The id of the message or event.
    pub id: String,
    pub reasons: Vec<Mismatch>,
}

/// Something that came.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Arrival {
    pub at: String,
    pub id: String,
    /// What became of it, as a sentence.
    pub fate: String,
}

impl Cloud {
    /// Why nothing is in a queue, or comes to a topic or bus; one for each of that name, of all
    /// accounts and regions. A name, an ARN, a queue's URL, or the address of a server, mailbox or
    /// phone: then of the topics to which it is subscribed.
    ///
    /// Costs a walk over the lineage, and for queues over their messages.
    pub fn why(&self, resource: &str) -> Vec<Why> {
        self.why_in(resource, &self.lineage().trees(|_, _| true))
    }

    /// The same with all trees of the lineage at hand.
    pub fn why_in(&self, resource: &str, trees: &[TraceNode]) -> Vec<Why> {
        let mut named: Vec<Arn> =
            self.resources().into_iter().filter(|arn| is_named(arn, resource)).collect();
        if named.is_empty() {
            let topics = self.services.all::<Sns>().all();
            named.extend(topics.flat_map(|it| it.subscribed(resource)).cloned());
        }
        named.iter().map(|arn| self.explain_resource(arn, trees)).collect()
    }

    /// The ARNs of all queues, topics, buses and functions.
    pub fn resources(&self) -> Vec<Arn> {
        let queues = self.services.all::<Sqs>().all().flat_map(Sqs::arns);
        let topics = self.services.all::<Sns>().all().flat_map(Sns::arns);
        let buses = self.services.all::<EventBridge>().all().flat_map(EventBridge::arns);
        let functions = self.services.all::<Lambda>().all().flat_map(Lambda::arns);
        queues.chain(topics).chain(buses).cloned().chain(functions).collect()
    }

    fn explain_resource(&self, arn: &Arn, trees: &[TraceNode]) -> Why {
        let mut senders = Vec::new();
        let (mut seen, mut todo) = (BTreeSet::from([arn.clone()]), vec![(arn.clone(), 1)]);
        while let Some((to, depth)) = todo.pop() {
            let feeds = self.feeding(&to);
            let room = SENDERS_MAX.saturating_sub(senders.len());
            for feed in feeds.into_iter().take(room) {
                let from = feed.from.parse::<Arn>().ok();
                let from = from.filter(|_| feed.kind != FeedKind::DeadLetters);
                if let Some(from) = from.filter(|from| seen.insert(from.clone()))
                    && depth < DEPTH_MAX
                {
                    todo.insert(0, (from, depth + 1));
                }
                senders.push(self.sender(feed, trees));
            }
        }
        let (state, visible) = self.state_of(arn);
        let arrived = self.arrivals(arn, trees);
        let answer = answer(arn, visible, &senders, &arrived);
        let at = self.now().iso_millis();
        Why { resource: arn.to_string(), at, answer, state, senders, arrived }
    }

    /// Everything that sends to a resource.
    fn feeding(&self, to: &Arn) -> Vec<Feed> {
        let now = self.now();
        let events = self.services.all::<EventBridge>().all().flat_map(|it| it.feeding(to));
        let topics = self.services.all::<Sns>().all().flat_map(|it| it.feeding(to, now));
        let schedules = self.services.all::<Scheduler>().all().flat_map(|it| it.feeding(to));
        let queues = self.services.all::<Sqs>().all().flat_map(|it| it.feeding(to));
        let functions = self.services.all::<Lambda>().all().flat_map(|it| it.feeding(to));
        let mut feeds: Vec<Feed> = topics.chain(events).chain(schedules).collect();
        feeds.extend(queues.chain(functions));
        feeds.extend(self.services.all::<Logs>().all().flat_map(|it| it.feeding(to)));
        feeds.extend(self.services.all::<CloudWatch>().all().flat_map(|it| it.feeding(to)));
        // A queue needs no policy to give messages up to another, nor do a schedule and a
        // function, which have a role.
        for feed in feeds.iter_mut().filter(|feed| feed.by != feed.from) {
            feed.obstacles.extend(self.refusal(to, feed));
        }
        feeds
    }

    /// The policy statement that is missing for a sender, if one is.
    fn refusal(&self, to: &Arn, feed: &Feed) -> Option<String> {
        if self.settings().policies != PolicyMode::Enforce {
            return None;
        }
        let source: Arn = feed.source.parse().ok()?;
        let (who, now) = ((feed.principal.as_str(), &source), self.now());
        let scope = &to.scope;
        match &*to.service {
            "sqs" => self.services.all::<Sqs>().get(scope)?.refusal(to, who, now),
            "sns" => self.services.all::<Sns>().get(scope)?.refusal(to, who, now),
            "events" => self.services.all::<EventBridge>().get(scope)?.refusal(to, &source, now),
            "lambda" => self.services.all::<Lambda>().get(scope)?.refusal(to, who, now),
            _ => None,
        }
    }

    /// What there is to say of a resource itself, and how many messages it has.
    fn state_of(&self, arn: &Arn) -> (Vec<String>, usize) {
        let queue = self.services.all::<Sqs>().get(&arn.scope);
        if let Some(described) = queue.and_then(|sqs| sqs.describe(arn, self.now())) {
            return described;
        }
        let lambda = self.services.all::<Lambda>().get(&arn.scope);
        if let Some(described) = lambda.and_then(|lambda| lambda.describe(arn)) {
            return (described, 0);
        }
        let topic = self.services.all::<Sns>().get(&arn.scope);
        let subscribers = topic.and_then(|sns| sns.subscribers(arn, self.now()));
        (subscribers.unwrap_or_default(), 0)
    }

    fn sender(&self, feed: Feed, trees: &[TraceNode]) -> Sender {
        let mut published = Vec::new();
        if !matches!(feed.kind, FeedKind::DeadLetters | FeedKind::Destination) {
            trees.iter().rev().for_each(|tree| {
                publications(tree, &feed.from, &mut published);
            });
        }
        published.sort_by_key(|node| std::cmp::Reverse(node.id));
        published.truncate(PUBLISHED_MAX);
        let lost = |node: &&TraceNode| self.lost(&feed, node);
        let mut lost: Vec<Lost> = published.iter().filter_map(lost).collect();
        let (published, passed) = (published.len(), published.len() - lost.len());
        lost.truncate(LIST_MAX);
        Sender { feed, published, passed, lost }
    }

    /// Why a publication did not come to where the feed leads; `None` if it did.
    fn lost(&self, feed: &Feed, node: &TraceNode) -> Option<Lost> {
        let id = node.subject.parse::<MessageId>().ok()?;
        let begins = match feed.kind {
            FeedKind::Rule => {
                let by = |it: &&TraceNode| it.what == What::RuleMatched && it.resource == feed.by;
                node.led_to.iter().find(by)
            }
            _ => Some(node),
        };
        let filtered = |it: &TraceNode| it.what == What::FilteredOut && it.resource == feed.by;
        let reasons = match begins {
            None => {
                let mut all = self.services.all::<EventBridge>().all();
                let reasons = all.find_map(|it| it.explain_rule(&feed.from, &feed.by, id));
                match reasons {
                    None => {
                        because("the rule did not match; the bus no longer remembers the event")
                    }
                    Some(reasons) if reasons.is_empty() => {
                        because("the rule was not there yet, or another: now it would match")
                    }
                    Some(reasons) => reasons,
                }
            }
            Some(node) if node.led_to.iter().any(filtered) => {
                let mut all = self.services.all::<Sns>().all();
                all.find_map(|it| it.mismatches(&feed.by, id)).unwrap_or_default()
            }
            Some(node) => {
                let is_withheld =
                    |it: &&TraceNode| it.what == What::Withheld && it.resource == feed.by;
                match node.led_to.iter().find(is_withheld) {
                    Some(withheld) => because(withheld.note.as_deref().unwrap_or_default()),
                    None => lost_on_the_way(&node.led_to, feed)?,
                }
            }
        };
        Some(Lost { at: node.at.clone(), id: node.subject.clone(), reasons })
    }

    /// The latest that came to a resource.
    fn arrivals(&self, arn: &Arn, trees: &[TraceNode]) -> Vec<Arrival> {
        let mut found = Vec::new();
        trees.iter().rev().for_each(|tree| publications(tree, arn.as_str(), &mut found));
        found.sort_by_key(|node| std::cmp::Reverse(node.id));
        found.truncate(LIST_MAX);
        let mut shown: Vec<TraceNode> = found.into_iter().cloned().collect();
        self.fill_in(&mut shown);
        let arrival = |node: &TraceNode| Arrival {
            at: node.at.clone(),
            id: node.subject.clone(),
            fate: fate(node),
        };
        shown.iter().map(arrival).collect()
    }
}

fn because(reason: &str) -> Vec<Mismatch> {
    vec![Mismatch::because(reason)]
}

/// A resource's name, ARN or URL.
fn is_named(arn: &Arn, asked: &str) -> bool {
    let url = || {
        let path = asked.strip_prefix("http").and_then(|url| url.split_once("://"));
        let mut parts = path.map_or("", |(_, path)| path).rsplit('/');
        (parts.next(), parts.next()) == (Some(&arn.resource), Some(arn.account()))
    };
    arn.as_str() == asked
        || arn.resource == asked
        || arn.resource.strip_prefix("event-bus/") == Some(asked)
        || arn.resource.strip_prefix("function:") == Some(asked)
        || (&*arn.service == "sqs" && url())
}

/// The entries of messages and events that came to `resource`, in a tree.
fn publications<'t>(node: &'t TraceNode, resource: &str, found: &mut Vec<&'t TraceNode>) {
    let came = matches!(
        node.what,
        What::Enqueued
            | What::DeadLettered
            | What::Published
            | What::EventPut
            | What::Invoked
            | What::Throttled
    );
    if came && node.resource == resource {
        found.push(node);
    }
    node.led_to.iter().for_each(|node| publications(node, resource, found));
}

/// Why nothing came of a delivery; `None` if it did.
fn lost_on_the_way(led_to: &[TraceNode], feed: &Feed) -> Option<Vec<Mismatch>> {
    // An execution has another ARN than its state machine.
    if led_to.iter().any(|node| node.what == What::ExecutionStarted) {
        return None;
    }
    let mut reasons = Vec::new();
    for node in led_to.iter().filter(|node| node.resource == feed.to) {
        let why = node.note.clone().unwrap_or_default();
        match node.what {
            What::Enqueued
            | What::Published
            | What::EventPut
            | What::Delivered
            | What::Invoked
            | What::Throttled => return None,
            What::Deduplicated => {
                reasons.push(Mismatch::because("a duplicate of one within five minutes"));
            }
            What::Retried => {
                reasons.push(Mismatch::because(format!("it failed and is tried again: {why}")));
                reasons.extend(lost_on_the_way(&node.led_to, feed)?);
            }
            What::Refused => {
                let where_to = node.led_to.iter().find(|it| it.what == What::Enqueued);
                let rest = where_to.map_or_else(String::new, |queue| {
                    format!("; it is in {}", short_name(&queue.resource))
                });
                reasons.push(Mismatch::because(format!("refused: {why}{rest}")));
            }
            What::Dropped => reasons.push(Mismatch::because(format!("dropped: {why}"))),
            _ => {}
        }
    }
    if led_to.is_empty() || reasons.is_empty() {
        let absent = match feed.kind {
            FeedKind::Rule => "the rule matched, but had no such target then",
            _ => "the subscription was not there yet, or got nothing then",
        };
        return Some(match reasons.is_empty() {
            true => because(absent),
            false => reasons,
        });
    }
    Some(reasons)
}

/// What became of something that came.
fn fate(node: &TraceNode) -> String {
    let mut told = Vec::new();
    let received = node.led_to.iter().filter(|it| it.what == What::Received);
    let (count, last) = received.fold((0, None), |(count, _), it| (count + 1, Some(&it.at)));
    if let Some(last) = last {
        told.push(format!("received {}, last at {last}", times(count)));
    }
    let ends = node.led_to.iter().filter(|it| it.what != What::Received);
    let ends = ends.filter(|it| it.what != What::VisibilityChanged);
    for end in ends.take(LIST_MAX) {
        let (what, name) = (end.what.words(), short_name(&end.resource));
        let missed = end.missed.iter().flat_map(|it| &it.reasons).map(|it| it.reason.as_str());
        let note = end.note.as_deref().into_iter().chain(missed).collect::<Vec<_>>().join("; ");
        let note = if note.is_empty() { note } else { format!(" ({note})") };
        let at = if has_ended(node) { format!(" at {}", end.at) } else { String::new() };
        told.push(format!("{what} {name}{note}{at}"));
    }
    let nobody = match node.what {
        What::Published => Some("it went to nobody"),
        What::EventPut => Some("no rule matched"),
        _ => None,
    };
    told.extend(nobody.filter(|_| node.led_to.is_empty()).map(str::to_owned));
    told.extend(node.now.clone());
    told.join("; ")
}

/// The answer in short.
fn answer(arn: &Arn, visible: usize, senders: &[Sender], arrived: &[Arrival]) -> String {
    let name = short_name(arn.as_str());
    let direct = || senders.iter().filter(|it| it.feed.to == arn.as_str());
    let lost = direct().flat_map(|it| it.lost.iter().map(move |lost| (&lost.at, lost, it)));
    let lost = lost.max_by_key(|(at, ..)| *at);
    let stuck = direct().find_map(|it| Some((it, it.feed.obstacles.first()?)));
    if visible > 0 {
        return match visible {
            1 => format!("a message can be received from {name}"),
            _ => format!("{visible} messages can be received from {name}"),
        };
    }
    match (arrived.first(), lost, stuck) {
        (came, Some((at, lost, by)), _) if came.is_none_or(|came| came.at < *at) => {
            let reasons: Vec<&str> = lost.reasons.iter().map(|it| it.reason.as_str()).collect();
            let by = short_name(&by.feed.by);
            format!("the latest did not come by {by}: {}", reasons.join("; "))
        }
        (Some(came), ..) => format!("the latest came at {}: {}", came.at, came.fate),
        (None, _, Some((by, obstacle))) => format!("{}: {obstacle}", short_name(&by.feed.by)),
        (None, _, None) if direct().next().is_none() => {
            format!("nothing sends to {name}, and nobody sent to it lately")
        }
        _ => format!("nothing was published lately that could have come to {name}"),
    }
}
