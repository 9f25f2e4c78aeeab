//! What the lineage tells people: trees of causes, what is found out besides when somebody asks,
//! and the words for it.
//!
//! Knows no service. Whoever explains fills in what the lineage does not keep (`cloud::explain`).

use serde::{Deserialize, Serialize};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// A client called an operation that moves messages.
    Called,
    /// A message entered a queue.
    Enqueued,
    /// A message was recognised as a duplicate and not stored again.
    Deduplicated,
    /// A receive returned the message.
    Received,
    /// A consumer changed how long the message stays hidden.
    VisibilityChanged,
    Deleted,
    /// The retention period ended.
    Expired,
    Purged,
    /// A message moved to its dead-letter queue, or a delivery was given up into one.
    DeadLettered,
    /// A move task took a message out of its dead-letter queue, to send it elsewhere.
    Redriven,
    /// Somebody outside took a message, or a letter was written; queues, topics and buses have
    /// entries of their own for that.
    Delivered,
    /// A message was published to a topic.
    Published,
    /// A subscription's filter policy did not match; where depends on the policy and the message,
    /// and is found out when somebody asks.
    FilteredOut,
    /// A subscription gets nothing as it is now; the note says why.
    Withheld,
    /// An event entered a bus.
    EventPut,
    RuleMatched,
    /// A schedule's time has come.
    ScheduleRang,
    /// A function is run; the note says how often it was tried before.
    Invoked,
    /// A function's code returned something.
    Returned,
    /// A function's run ended with an error; the note has it.
    RunFailed,
    /// A function was not run, as too many of its runs are under way; the note says of whose limit.
    Throttled,
    /// An execution of a state machine began; the note is its name.
    ExecutionStarted,
    /// An execution entered the state that the note names.
    StateEntered,
    /// An execution ended; the note says how.
    ExecutionEnded,
    /// An alarm's state changed; the note says from what to what, and why.
    AlarmChanged,
    /// A target refused a delivery; the note says why.
    Refused,
    /// A refused delivery went through because policies only warn; the note says why.
    Warned,
    /// A fault rule made something go wrong; the note names it.
    Faulted,
    /// A delivery failed and is tried again later; the note says why.
    Retried,
    /// A delivery failed for good and had no dead-letter queue.
    Dropped,
}

impl What {
    /// What people call it, before the resource's name. What nobody wants is in capitals.
    pub fn words(self) -> &'static str {
        match self {
            Self::Called => "called",
            Self::Enqueued => "enqueued in",
            Self::Deduplicated => "a duplicate for",
            Self::Received => "received from",
            Self::VisibilityChanged => "given back to",
            Self::Deleted => "deleted from",
            Self::Expired => "EXPIRED in",
            Self::Purged => "purged from",
            Self::DeadLettered => "DEAD-LETTERED to",
            Self::Redriven => "redriven from",
            Self::Delivered => "delivered to",
            Self::Published => "published to",
            Self::FilteredOut => "filtered out by",
            Self::Withheld => "NOT SENT to",
            Self::EventPut => "put on",
            Self::RuleMatched => "matched",
            Self::ScheduleRang => "time came of",
            Self::Invoked => "invoked",
            Self::Returned => "returned by",
            Self::RunFailed => "FAILED in",
            Self::Throttled => "throttled for",
            Self::ExecutionStarted => "started",
            Self::StateEntered => "entered a state of",
            Self::ExecutionEnded => "ended",
            Self::AlarmChanged => "changed the state of",
            Self::Refused => "REFUSED by",
            Self::Warned => "would be refused by",
            Self::Dropped => "DROPPED before",
            Self::Faulted => "fault injected at",
            Self::Retried => "tried again later for",
        }
    }

    /// An end that nobody wants.
    pub fn is_bad(self) -> bool {
        matches!(
            self,
            Self::Refused
                | Self::Dropped
                | Self::DeadLettered
                | Self::Expired
                | Self::RunFailed
                | Self::Withheld
        )
    }
}

/// One entry with what it led to, for people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TraceNode {
    pub id: u64,
    pub at: String,
    pub what: What,
    pub resource: String,
    pub subject: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The rules that were tried and did not match; of a message that was filtered out, the
    /// subscription.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missed: Vec<Missed>,
    /// What a rule made of the event for those targets that get something else.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<TargetInput>,
    /// What is still going on, at the time of the question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub led_to: Vec<TraceNode>,
}

/// A rule or subscription that let something not pass.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Missed {
    /// Its ARN.
    pub by: String,
    pub reasons: Vec<Mismatch>,
}

/// A condition that did not hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mismatch {
    /// The path of the field that it is about, such as `detail.kind`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The values that stand there, as JSON.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// The list of what was wanted, as written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wanted: Option<String>,
    /// All of it as a sentence.
    pub reason: String,
}

impl Mismatch {
    /// One that is about no field.
    pub fn because(reason: impl Into<String>) -> Self {
        Self { field: None, values: Vec::new(), wanted: None, reason: reason.into() }
    }
}

/// What a target gets of an event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TargetInput {
    /// The target's ARN.
    pub target: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Why it can't get this event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// The story of one id, or of all that mentions a text: every tree in which it occurs, from the
/// root.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trace {
    /// The id, or the text that was looked for.
    pub id: String,
    pub roots: Vec<TraceNode>,
    /// Older trees beyond the limit.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub left_out: usize,
}

impl Trace {
    /// All trees of one id.
    pub fn of(id: String, roots: Vec<TraceNode>) -> Self {
        Self { id, roots, left_out: 0 }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// `queue orders` of `arn:aws:sqs:us-east-1:000000000000:orders`; anything else as it is.
pub fn short_name(resource: &str) -> String {
    let mut parts = resource.splitn(6, ':').skip(2);
    let (service, name) = (parts.next(), parts.nth(2));
    let Some((service, name)) = service.zip(name) else {
        return resource.to_owned();
    };
    match (service, name.split_once('/'), name.split_once(':')) {
        ("sqs", ..) => format!("queue {name}"),
        ("sns", Some((protocol, address)), _) => format!("{protocol} {address}"),
        ("sns", _, None) => format!("topic {name}"),
        ("sns", _, Some((topic, id))) => {
            format!("subscription {} of {topic}", id.get(..8).unwrap_or(id))
        }
        ("events", Some(("event-bus", bus)), _) => format!("bus {bus}"),
        ("events", Some(("rule", rule)), _) => format!("rule {rule}"),
        ("scheduler", Some(("schedule", schedule)), _) => format!("schedule {schedule}"),
        ("lambda", _, Some(("function", function))) => format!("function {function}"),
        ("states", _, Some(("stateMachine", machine))) => format!("state machine {machine}"),
        ("states", _, Some(("execution" | "express", execution))) => {
            format!("execution {execution}")
        }
        _ => resource.to_owned(),
    }
}

/// `once`, `twice`, `3 times`.
pub(crate) fn times(count: usize) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        _ => format!("{count} times"),
    }
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
        check("arn:aws:sns:us-east-1:000000000000:email/a@b.example", "email a@b.example");
        check("arn:aws:events:us-east-1:000000000000:event-bus/shop", "bus shop");
        check("arn:aws:events:us-east-1:000000000000:rule/shop/paid", "rule shop/paid");
        check("arn:aws:scheduler:us-east-1:0:schedule/default/s", "schedule default/s");
        check(
            "arn:aws:kinesis:us-east-1:000000000000:stream/s",
            "arn:aws:kinesis:us-east-1:000000000000:stream/s",
        );
        check("arn:aws:lambda:us-east-1:000000000000:function:f:live", "function f:live");
        check("something", "something");
    }
}
