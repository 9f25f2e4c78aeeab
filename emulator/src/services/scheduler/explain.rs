//! What EventBridge Scheduler sends where, for those who ask why nothing came.

use super::invocation::PRINCIPAL;
use super::state::Scheduler;
use crate::kernel::{Arn, Feed, FeedKind};

impl Scheduler {
    /// The schedules whose target, or whose dead-letter queue, is `to`.
    pub fn feeding<'a>(&'a self, to: &'a Arn) -> impl Iterator<Item = Feed> + 'a {
        self.schedules.values().filter_map(move |schedule| {
            let settings = &schedule.settings;
            let (kind, wants) = if settings.target.arn == *to {
                (FeedKind::Schedule, settings.expression.as_str())
            } else if settings.target.dead_letter.as_ref() == Some(to) {
                (FeedKind::DeadLetters, "what its target does not take")
            } else {
                return None;
            };
            let obstacle = match schedule.next_ring() {
                _ if !settings.is_enabled => "the schedule is disabled".to_owned(),
                None => "its time does not come any more".to_owned(),
                Some(at) => format!("its time comes next at {}", at.iso_millis()),
            };
            Some(Feed {
                by: schedule.arn.to_string(),
                from: schedule.arn.to_string(),
                to: to.to_string(),
                source: schedule.arn.to_string(),
                principal: PRINCIPAL.as_str().to_owned(),
                kind,
                wants: Some(wants.to_owned()),
                obstacles: vec![obstacle],
            })
        })
    }
}
