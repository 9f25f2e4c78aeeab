//! What SQS knows of why a message is or is not in a queue, found out when somebody asks.

use std::collections::{BTreeMap, BTreeSet};

use super::queue::Queue;
use super::state::Sqs;
use crate::kernel::{Arn, Feed, FeedKind, Search, short_name, times};
use crate::services::shared::policy::{Decision, Policy, PolicyRequest};
use crate::wire::Timestamp;

/// A retention period that surprises: shorter ones are told.
const SHORT_RETENTION_SECONDS: u64 = 3600;

impl Sqs {
    /// What became of those messages that are still in `queue`, by the lineage's numbers of their
    /// arrivals; `None` without such a queue. Costs a walk over its messages.
    pub fn whereabouts(
        &self,
        queue: &str,
        arrivals: &BTreeSet<u64>,
        now: Timestamp,
    ) -> Option<BTreeMap<u64, String>> {
        Some(self.by_arn(queue)?.whereabouts(arrivals, now))
    }

    /// A queue's state at `now` in sentences, and how many messages could be received; `None`
    /// without such a queue.
    pub fn describe(&self, queue: &Arn, now: Timestamp) -> Option<(Vec<String>, usize)> {
        let queue = self.by_arn(queue.as_str())?;
        let depth = queue.depth(now);
        let (hidden, delayed) = (depth.in_flight, depth.delayed);
        let visible = queue.receivable(now);
        let mut told =
            vec![format!("messages: {visible} visible, {hidden} in flight, {delayed} delayed")];
        let attributes = &queue.attributes;
        if hidden > 0 {
            told.push("who received them has not deleted them yet".to_owned());
        }
        if let Some(at) = queue.next_change().filter(|at| *at > now) {
            told.push(format!("the next of them can be received at {}", at.iso_millis()));
        }
        if !attributes.delay.is_zero() {
            let seconds = attributes.delay.as_secs();
            told.push(format!("each new message is delayed by {seconds} s"));
        }
        let kept = attributes.message_retention_period.as_secs();
        if kept < SHORT_RETENTION_SECONDS {
            told.push(format!("messages are forgotten after {kept} s"));
        }
        if let Some(redrive) = &attributes.redrive_policy {
            told.push(format!(
                "received {}, a message goes to {} instead of being received again",
                times(redrive.max_receive_count as usize),
                short_name(redrive.dead_letter_target.as_str())
            ));
        }
        if let Some(at) = queue.purged {
            told.push(format!("it was purged at {}", at.iso_millis()));
        }
        Some((told, visible))
    }

    /// The queues whose dead-letter queue is `to`.
    pub fn feeding<'a>(&'a self, to: &'a Arn) -> impl Iterator<Item = Feed> + 'a {
        self.queues.values().filter_map(|queue| {
            let redrive = queue.attributes.redrive_policy.as_ref();
            let redrive = redrive.filter(|redrive| redrive.dead_letter_target == *to)?;
            Some(Feed {
                by: queue.arn.to_string(),
                from: queue.arn.to_string(),
                to: to.to_string(),
                source: queue.arn.to_string(),
                principal: "sqs.amazonaws.com".to_owned(),
                kind: FeedKind::DeadLetters,
                wants: Some(format!(
                    "what was received {}",
                    times(redrive.max_receive_count as usize)
                )),
                obstacles: Vec::new(),
            })
        })
    }

    /// Why the policy of the queue `to` does not let `principal` in on behalf of `source`, if it
    /// does not.
    pub fn refusal(
        &self,
        to: &Arn,
        (principal, source): (&str, &Arn),
        now: Timestamp,
    ) -> Option<String> {
        let Some(queue) = self.by_arn(to.as_str()) else {
            return Some(format!("{to} does not exist"));
        };
        let nothing_allowed = Policy::default();
        let policy = queue.attributes.policy.as_ref().unwrap_or(&nothing_allowed);
        match policy.evaluate(&request(to, (principal, source), now)) {
            Decision::Allowed => None,
            Decision::Denied { reason, .. } => Some(reason),
        }
    }

    /// Looks for a text in the messages that are in queues, the latest of each first.
    pub fn search(&self, search: &mut Search<'_>) {
        for queue in self.queues.values() {
            queue.search(search);
        }
    }

    /// The ARNs of all queues.
    pub fn arns(&self) -> impl Iterator<Item = &Arn> {
        self.queues.values().map(|queue| &queue.arn)
    }

    fn by_arn(&self, arn: &str) -> Option<&Queue> {
        let (_, name) = arn.rsplit_once(':')?;
        self.queues.get(name).filter(|queue| queue.arn.as_str() == arn)
    }
}

/// A delivery as a queue's policy sees it.
pub(super) fn request<'a>(
    to: &'a Arn,
    (principal, source): (&'a str, &'a Arn),
    now: Timestamp,
) -> PolicyRequest<'a> {
    PolicyRequest {
        principal,
        session: None,
        action: "sqs:SendMessage",
        resource: to.as_str(),
        source_arn: Some(source.as_str()),
        source_account: Some(source.account()),
        source_owner: None,
        own_keys: &[],
        now,
    }
}
