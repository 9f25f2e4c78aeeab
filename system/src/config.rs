//! Every setting: the names of AWS resources and how long things take. Nothing about AWS is
//! written anywhere else.

mod forms;
mod subscribers;

use std::collections::BTreeMap;
use std::time::Duration;

use crate::contracts::Topic;
use crate::failure::Dependency;
use crate::resilience::Backoff;
use crate::role::{Input, Role, Saga};
use crate::telemetry::Telemetry;

pub use forms::{FunctionSettings, Pair, Part, QueueKind};

/// Longest prefix, in characters: the longest resource name made from it stays below AWS's limits.
pub const PREFIX_LENGTH_MAX: usize = 32;

/// How long one attempt of a call to AWS may take; a long poll its wait longer.
pub const CALL_ATTEMPT: Duration = Duration::from_secs(3);
/// How long a call may take with its repetitions and the pauses between them.
pub const CALL_WHOLE: Duration = Duration::from_secs(8);

/// How long a call that several can share waits for others, so that they are asked for at once.
pub const TOGETHER: Duration = Duration::from_millis(5);

/// Of the custom metrics. One for all systems; their figures differ by dimension.
pub const METRIC_NAMESPACE: &str = "ECommerce/EventDriven";
/// From which total, in minor units of any currency, staff look at an order.
pub const LARGE_ORDER: u64 = 100_000;
/// For how many days the bus's events are kept.
pub const ARCHIVE_DAYS: u16 = 30;
/// Of each topic of the stream.
pub const PARTITIONS: u32 = 3;
/// Tags of every resource unless others are given.
pub const TAGS: [(&str, &str); 2] = [("Environment", "development"), ("Owner", "platform-team")];
/// Largest such total: beyond it EventBridge compares no numbers, and a larger order is not found.
/// Source: user guide, "Comparison operators", numeric matching.
pub const LARGE_ORDER_MAX: u64 = 5_000_000_000;

const STAFF_REVIEW: &str = "staff-review";
const ALERTS: &str = "alerts";

/// What a running system needs to know besides how to reach AWS.
#[derive(Clone, Debug)]
pub struct Config {
    pub names: Names,
    pub timing: Timing,
    /// The roles to run.
    pub roles: Vec<Role>,
    /// From which total, in minor units of any currency, staff look at an order; at most
    /// [`LARGE_ORDER_MAX`].
    pub large_order: u64,
    /// For how many days the bus's events are kept, to be replayed; 0 is for ever.
    pub archive_days: u16,
    /// Of each topic of the stream, for good.
    pub partitions: u32,
    /// What every resource is tagged with besides the tags that its system has.
    pub tags: BTreeMap<String, String>,
    /// Who leads orders through their saga.
    pub saga: Saga,
    /// The IAM role by which the state machine sends messages; `None` is one with the
    /// name of [`Names::machine`], which is made.
    pub machine_role: Option<String>,
    /// A Lambda function that notifies, if there shall be one.
    pub function: Option<FunctionSettings>,
    /// `None`: one region has all of it.
    pub pair: Option<Pair>,
    /// Who is told of spans and figures besides CloudWatch.
    pub telemetry: Telemetry,
}

/// The names of all resources of one system, made from its prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    prefix: String,
    queues: QueueKind,
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a prefix has 1 to {PREFIX_LENGTH_MAX} lower-case letters, digits or '-' and starts with a \
     letter, got {0:?}"
)]
pub struct InvalidPrefix(String);

/// How long things take. SQS counts whole seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timing {
    /// How long a received message stays hidden.
    pub visibility: Duration,
    /// How long a message that failed is left alone.
    pub backoff: Backoff,
    /// How long a dependency that keeps failing is left alone.
    pub breaker: Backoff,
    /// How often a message may fail before it is a dead letter. Trouble of a dependency that
    /// everybody has does not count.
    pub attempts_max: u32,
    /// How often SQS hands a message out before it makes a dead letter of it: the last resort,
    /// for messages that kill whoever works on them.
    pub receives_max: u32,
    /// How long one message may be worked on.
    pub work_max: Duration,
    /// How many messages a role works on at once: one to ten.
    pub in_hand_max: u32,
    /// How long a receive waits for the first message.
    pub long_poll: Duration,
    /// How long a role that got some messages, but not as many as it would take, lets others come
    /// before it asks again; and a relay before it publishes again. What comes to a role that had
    /// nothing to do does not wait.
    pub rest: Duration,
    pub packing: Duration,
    pub transit: Duration,
    /// How long a customer may take to confirm an order, and the warehouse to reserve for it.
    pub confirm_within: Duration,
    /// How long it may take to be paid.
    pub pay_within: Duration,
    /// How long it may take to be packed.
    pub ship_within: Duration,
    /// How long a customer waits for a shipping quote.
    pub quote_timeout: Duration,
    /// How often the outbox is looked at for what a process left behind that died.
    pub relay_poll: Duration,
    /// How old a record of the outbox must be to count as left behind.
    pub left_behind: Duration,
    pub metrics_period: Duration,
    /// How long the analytics counts before it writes down what it has.
    pub analytics_commit: Duration,
    /// How often the analytics looks at the time: where nothing comes, and for minutes to close.
    pub analytics_tick: Duration,
    /// By how much records of the stream may be out of order in event time. What comes later is
    /// late: it is counted, but its minute may be closed.
    pub analytics_disorder: Duration,
}

/// Named sets of durations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum TimingProfile {
    /// Realistic.
    Standard,
    /// The same shape in a fraction of the time.
    Fast,
}

impl Config {
    /// All roles.
    pub fn new(names: Names, profile: TimingProfile) -> Self {
        let roles = Role::ALL.to_vec();
        Self {
            names,
            timing: profile.timing(),
            roles,
            large_order: LARGE_ORDER,
            archive_days: ARCHIVE_DAYS,
            partitions: PARTITIONS,
            tags: TAGS.map(|(key, value)| (key.to_owned(), value.to_owned())).into(),
            saga: Saga::default(),
            machine_role: None,
            function: None,
            pair: None,
            telemetry: Telemetry::default(),
        }
    }

    /// What every resource is tagged with.
    pub fn tags(&self) -> BTreeMap<String, String> {
        let mut tags = self.tags.clone();
        tags.extend(self.names.tags());
        tags
    }

    /// What the configured roles cannot do their work without, by name.
    pub fn dependencies(&self) -> Vec<Dependency> {
        let mut all = Vec::new();
        for role in &self.roles {
            all.extend(self.saga.dependencies(*role));
            if matches!(role.input(), Input::Queue(_)) {
                all.push(Dependency::Sqs);
            }
            // What a role records, its process publishes.
            if !role.sources().is_empty() {
                all.push(Dependency::EventBridge);
            }
        }
        all.sort_unstable_by_key(|dependency| dependency.as_str());
        all.dedup();
        all
    }
}

impl Names {
    pub fn parse(prefix: &str) -> Result<Self, InvalidPrefix> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let fits = prefix.len() <= PREFIX_LENGTH_MAX && prefix.chars().all(plain);
        if fits && prefix.starts_with(|c: char| c.is_ascii_lowercase()) {
            Ok(Self { prefix: prefix.to_owned(), queues: QueueKind::Standard })
        } else {
            Err(InvalidPrefix(prefix.to_owned()))
        }
    }

    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// By which what belongs to this system is told from what does not.
    pub fn tags(&self) -> BTreeMap<String, String> {
        let tags = [("Project", "orderflow"), ("System", &self.prefix)];
        tags.map(|(key, value)| (key.to_owned(), value.to_owned())).into()
    }

    pub fn queue(&self, role: Role) -> String {
        self.with(role.queue()) + self.fifo(role)
    }

    pub fn dead_letter_queue(&self, role: Role) -> String {
        format!("{}-dlq{}", self.with(role.queue()), self.fifo(role))
    }

    /// Where the replies go to one process that asks for shipping quotes. `instance` is an
    /// identifier; its dashes are left out, so that the name stays below SQS's 80 characters.
    pub fn reply_queue(&self, instance: &str) -> String {
        format!("{}{}", self.reply_queue_prefix(), instance.replace('-', ""))
    }

    /// The beginning of all reply queues' names.
    pub fn reply_queue_prefix(&self) -> String {
        self.with("quote-replies-")
    }

    /// Whether `queue` is the name of a reply queue of this system.
    pub fn is_reply_queue(&self, queue: &str) -> bool {
        let instance = queue.strip_prefix(&self.reply_queue_prefix());
        instance.is_some_and(|id| id.len() == 32 && id.chars().all(|c| c.is_ascii_hexdigit()))
    }

    pub fn rule(&self, role: Role, suffix: &str) -> String {
        format!("{}-{role}-{suffix}", self.prefix)
    }

    /// Routes large orders past the roles.
    pub fn large_orders_rule(&self) -> String {
        self.with("large-orders")
    }

    /// Where staff find the orders that they should look at.
    pub fn staff_review_queue(&self) -> String {
        self.with(STAFF_REVIEW)
    }

    pub fn bus(&self) -> String {
        self.with("events")
    }

    /// Of the bus's events.
    pub fn archive(&self) -> String {
        self.with("archive")
    }

    /// `stamp` tells the replays of a system apart.
    pub fn replay(&self, stamp: &str) -> String {
        self.with(stamp)
    }

    pub fn topic(&self) -> String {
        self.with("notifications")
    }

    pub fn events_table(&self) -> String {
        self.with("event-store")
    }

    pub fn outbox_table(&self) -> String {
        self.with("outbox")
    }

    pub fn orders_table(&self) -> String {
        self.with("orders")
    }

    pub fn inbox_table(&self) -> String {
        self.with("inbox")
    }

    pub fn audit_table(&self) -> String {
        self.with("audit")
    }

    /// The figures, and how far the stream is counted.
    pub fn analytics_table(&self) -> String {
        self.with("analytics")
    }

    /// Of the stream.
    pub fn stream_topic(&self, topic: Topic) -> String {
        self.with(topic.as_str())
    }

    /// The consumer group of the role `analytics`.
    pub fn stream_group(&self) -> String {
        self.with("analytics")
    }

    pub fn failures_table(&self) -> String {
        self.with("failures")
    }

    pub fn gateway_table(&self) -> String {
        self.with("simulated-gateway")
    }

    /// Where alarms are told.
    pub fn alerts(&self) -> String {
        self.with(ALERTS)
    }

    pub fn alarm(&self, what: &str) -> String {
        self.with(what)
    }

    pub fn dashboard(&self) -> String {
        self.with("monitoring")
    }

    fn with(&self, name: &str) -> String {
        format!("{}-{name}", self.prefix)
    }
}

impl TimingProfile {
    pub fn timing(self) -> Timing {
        let seconds = Duration::from_secs;
        match self {
            Self::Standard => Timing {
                visibility: seconds(30),
                backoff: Backoff { first: seconds(5), most: seconds(300) },
                breaker: Backoff { first: seconds(2), most: seconds(30) },
                attempts_max: 3,
                receives_max: 100,
                work_max: seconds(300),
                in_hand_max: 10,
                long_poll: seconds(20),
                rest: Duration::from_millis(100),
                packing: seconds(60),
                transit: seconds(120),
                confirm_within: seconds(1800),
                pay_within: seconds(900),
                ship_within: seconds(1800),
                quote_timeout: seconds(5),
                relay_poll: seconds(30),
                left_behind: seconds(10),
                metrics_period: seconds(60),
                analytics_commit: seconds(5),
                analytics_tick: seconds(60),
                analytics_disorder: seconds(60),
            },
            Self::Fast => Timing {
                visibility: seconds(5),
                backoff: Backoff { first: seconds(1), most: seconds(30) },
                breaker: Backoff { first: seconds(1), most: seconds(5) },
                attempts_max: 3,
                receives_max: 100,
                work_max: seconds(60),
                in_hand_max: 10,
                long_poll: seconds(20),
                rest: Duration::from_millis(20),
                packing: seconds(1),
                transit: seconds(2),
                confirm_within: seconds(600),
                pay_within: seconds(300),
                ship_within: seconds(600),
                quote_timeout: seconds(3),
                relay_poll: seconds(2),
                left_behind: seconds(5),
                metrics_period: seconds(2),
                analytics_commit: seconds(1),
                analytics_tick: seconds(2),
                analytics_disorder: seconds(5),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_a_plain_word() {
        for bad in ["", "Shop", "1shop", "shop_1", "-shop", &"x".repeat(33)] {
            assert!(Names::parse(bad).is_err(), "{bad:?}");
        }
        let names = Names::parse("shop").expect("a prefix");
        assert_eq!(names.dead_letter_queue(Role::Payments), "shop-payments-dlq");
    }

    #[test]
    fn reply_queues_are_told_apart_from_all_others() {
        let longest = format!("s{}", "x".repeat(PREFIX_LENGTH_MAX - 1));
        let names = Names::parse(&longest).expect("a prefix");
        let queue = names.reply_queue("01234567-89ab-4cde-af01-23456789abcd");
        assert!(queue.len() <= 80 && names.is_reply_queue(&queue), "{queue}");
        let other = Names::parse("shop").expect("a prefix");
        for queue in [&queue, "shop-quote-replies-", "shop-quote-replies-a-orders", "shop-orders"] {
            assert!(!other.is_reply_queue(queue), "{queue}");
        }
    }
}
