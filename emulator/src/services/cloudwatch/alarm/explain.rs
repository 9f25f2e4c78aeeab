//! What alarms act on, for those who ask why nothing came.

use super::Alarms;
use super::notification::principal_for;
use crate::kernel::{Arn, Feed, FeedKind};

impl Alarms {
    /// The alarms that have an action on `to`.
    pub(in crate::services::cloudwatch) fn feeding(&self, to: &Arn) -> Vec<Feed> {
        let mut feeds = Vec::new();
        for alarm in self.all() {
            let common = alarm.config.common();
            let lists = [
                ("ALARM", common.alarm_actions),
                ("OK", common.ok_actions),
                ("INSUFFICIENT_DATA", common.insufficient_data_actions),
            ];
            let acts = |list: &[String]| list.iter().any(|action| action == to.as_str());
            let states: Vec<&str> =
                lists.into_iter().filter(|(_, list)| acts(list)).map(|(state, _)| state).collect();
            if states.is_empty() {
                continue;
            }
            let disabled = (!common.actions_enabled).then(|| "its actions are disabled".to_owned());
            feeds.push(Feed {
                by: alarm.arn.to_string(),
                from: String::new(),
                to: to.to_string(),
                source: alarm.arn.to_string(),
                principal: principal_for(to).as_str().to_owned(),
                kind: FeedKind::Destination,
                wants: Some(format!("when it comes to {}", states.join(" or "))),
                obstacles: disabled.into_iter().collect(),
            });
        }
        feeds
    }
}
