//! The names of the queues that get notifications.

use super::{ALERTS, Names, STAFF_REVIEW};
use crate::role::Role;

impl Names {
    /// Whether the system has a queue of this name, after the prefix, for itself.
    pub fn is_taken(queue: &str) -> bool {
        let of_role = Role::consumers().any(|role| role.queue() == queue);
        of_role
            || [STAFF_REVIEW, ALERTS].contains(&queue)
            || queue.ends_with("-dlq")
            || queue.ends_with("-intake")
            || queue.starts_with("quote-replies-")
    }

    /// The subscriber whose queue this is.
    pub fn subscriber_of<'a>(&self, queue: &'a str) -> Option<&'a str> {
        let name = queue.strip_prefix(&self.prefix)?.strip_prefix('-')?;
        (!Self::is_taken(name)).then_some(name)
    }

    /// Where e-mails, text messages and pagers would listen.
    pub fn subscriber_queue(&self, subscriber: &str) -> String {
        self.with(subscriber)
    }
}
