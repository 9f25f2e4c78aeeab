//! What happened to alarms: changes of configuration and state, and actions.

use std::collections::VecDeque;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::config::AlarmKind;
use super::shapes::AlarmHistoryItem;
use super::state::Alarm;
use crate::wire::Timestamp;

/// Source: API reference "DescribeAlarmHistory": CloudWatch retains the history for 30 days.
const KEPT: Duration = Duration::from_secs(30 * 86_400);

/// The kinds of entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::services::cloudwatch) enum ItemType {
    ConfigurationUpdate,
    StateUpdate,
    Action,
}

impl ItemType {
    pub(in crate::services::cloudwatch) fn as_str(self) -> &'static str {
        match self {
            Self::ConfigurationUpdate => "ConfigurationUpdate",
            Self::StateUpdate => "StateUpdate",
            Self::Action => "Action",
        }
    }
}

/// One entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::services::cloudwatch) struct Item {
    /// Counted from 1, in the order of time.
    pub(in crate::services::cloudwatch) number: u64,
    pub(in crate::services::cloudwatch) at: Timestamp,
    pub(in crate::services::cloudwatch) alarm: String,
    pub(in crate::services::cloudwatch) of: AlarmKind,
    pub(in crate::services::cloudwatch) kind: ItemType,
    summary: String,
    data: String,
}

impl From<&Item> for AlarmHistoryItem {
    fn from(item: &Item) -> Self {
        Self {
            alarm_name: Some(item.alarm.clone()),
            alarm_type: Some(item.of.as_str().to_owned()),
            timestamp: Some(item.at),
            history_item_type: Some(item.kind.as_str().to_owned()),
            history_summary: Some(item.summary.clone()),
            history_data: Some(item.data.clone()),
            ..Self::default()
        }
    }
}

/// The entries of all alarms, also of those that are deleted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(in crate::services::cloudwatch) struct History {
    items: VecDeque<Item>,
    last: u64,
}

impl History {
    pub(super) fn push(
        &mut self,
        at: Timestamp,
        alarm: &Alarm,
        kind: ItemType,
        summary: String,
        data: &Value,
    ) {
        self.forget(at);
        self.last += 1;
        let (number, of, data) = (self.last, alarm.config.kind(), data.to_string());
        let alarm = alarm.name().to_owned();
        self.items.push_back(Item { number, at, alarm, of, kind, summary, data });
    }

    /// `verb` is `created`, `updated` or `deleted`.
    pub(super) fn configured(&mut self, at: Timestamp, alarm: &Alarm, verb: &str) {
        let (summary, shown) = (format!("Alarm \"{}\" {verb}", alarm.name()), alarm.in_history());
        let (kind, member) = match verb {
            "created" => ("Create", "createdAlarm"),
            "deleted" => ("Delete", "deletedAlarm"),
            _ => ("Update", "updatedAlarm"),
        };
        let data = json!({"version": "1.0", "type": kind, member: shown});
        self.push(at, alarm, ItemType::ConfigurationUpdate, summary, &data);
    }

    /// The entries that are kept at `now`, oldest first.
    pub(in crate::services::cloudwatch) fn items(
        &mut self,
        now: Timestamp,
    ) -> impl DoubleEndedIterator<Item = &Item> {
        self.forget(now);
        self.items.iter()
    }

    fn forget(&mut self, now: Timestamp) {
        while self.items.front().is_some_and(|item| item.at + KEPT < now) {
            self.items.pop_front();
        }
    }
}
