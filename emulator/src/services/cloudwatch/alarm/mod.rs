//! Alarms on metrics: how they are set up, evaluated and told of.
//!
//! Knows samples and times, but no topic, queue or bus: what an alarm sends leaves through the
//! outbox.

mod alarms;
mod evaluation;
mod history;
mod notification;
mod reason;
mod rule;
mod settings;
mod shapes;
mod state;

pub(super) use alarms::Alarms;
pub(super) use history::Item;
pub(super) use notification::is_topic;
pub(super) use settings::checked;
pub use shapes::{
    ActionConfiguration, AlarmHistoryItem, CompositeAlarm, EvaluationCriteria, EvaluationWindow,
    LogAlarm, MetricAlarm, MetricDataQuery, MetricStat, WarmUpConfiguration,
};
pub use state::StateValue;
pub(super) use state::{Alarm, State};
