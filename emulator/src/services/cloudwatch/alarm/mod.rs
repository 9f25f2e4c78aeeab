//! Alarms: how they are set up, evaluated, combined, held back and told of.
//!
//! Knows samples and times, but no topic, queue or bus: what an alarm sends leaves through the
//! outbox.

mod alarms;
mod composite;
mod composite_settings;
mod config;
mod contributors;
mod deadlines;
mod evaluation;
mod explain;
mod history;
mod log_settings;
mod map;
mod mute;
mod mute_settings;
mod notification;
mod queries;
mod query;
mod reason;
mod rule;
mod settings;
mod shapes;
mod state;

pub(super) use alarms::Alarms;
pub(super) use composite_settings::checked_composite;
pub(super) use config::{AlarmKind, Config};
pub(super) use contributors::contributor_id;
pub(super) use history::Item;
pub(super) use mute::{MuteRule, MuteStatus, MuteTimes};
pub(super) use mute_settings::checked_mute_rule_name;
pub(super) use notification::has_effect;
pub(super) use query::{brief_composite, brief_metric};
pub(super) use rule::Source;
pub(super) use settings::{ActionLists, check_actions, checked};
pub use shapes::{
    ActionConfiguration, AlarmHistoryItem, CompositeAlarm, EvaluationCriteria, EvaluationWindow,
    LogAlarm, MetricAlarm, MetricDataQuery, MetricStat, MuteSchedule, MuteTargets, MuteTimesRule,
    ScheduledQueryConfiguration, WarmUpConfiguration,
};
pub use state::StateValue;
pub(super) use state::{Alarm, State, Watch};
