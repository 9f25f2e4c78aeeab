//! An alarm: how it is set up, which state it has and since when, and how it changes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::composite::{AlarmRule, Held, HeldBy, Hold};
use super::config::Config;
use super::contributors::Contributors;
use super::history::{History, ItemType};
use super::reason;
use super::rule::Rule;
use super::shapes::{CompositeAlarm, LogAlarm, MetricAlarm};
use crate::kernel::{Arn, Context, Name, NodeId, What};
use crate::wire::Timestamp;

/// The states of an alarm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum StateValue {
    #[serde(rename = "OK")]
    Ok,
    #[serde(rename = "ALARM")]
    Alarm,
    #[serde(rename = "INSUFFICIENT_DATA")]
    InsufficientData,
}

impl StateValue {
    /// In the order in which AWS was seen to list them.
    pub(in crate::services::cloudwatch) const NAMES: [&str; 3] =
        ["INSUFFICIENT_DATA", "ALARM", "OK"];

    pub(in crate::services::cloudwatch) fn parse(name: &str) -> Option<Self> {
        [Self::Ok, Self::Alarm, Self::InsufficientData].into_iter().find(|it| it.as_str() == name)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Alarm => "ALARM",
            Self::InsufficientData => "INSUFFICIENT_DATA",
        }
    }
}

/// A state, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::services::cloudwatch) struct State {
    pub(in crate::services::cloudwatch) value: StateValue,
    pub(in crate::services::cloudwatch) reason: String,
    /// JSON.
    pub(in crate::services::cloudwatch) reason_data: Option<String>,
    /// What holds back the actions of it.
    pub(super) suppressed_by: Option<HeldBy>,
}

/// What decides an alarm's state.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::services::cloudwatch) enum Watch {
    Metric(Box<Rule>),
    /// The states of other alarms.
    Children(AlarmRule),
    /// It is not evaluated here.
    Nothing,
}

impl Watch {
    pub(super) fn rule(&self) -> Option<&Rule> {
        match self {
            Self::Metric(rule) => Some(rule),
            _ => None,
        }
    }

    pub(super) fn children(&self) -> Option<&AlarmRule> {
        match self {
            Self::Children(rule) => Some(rule),
            _ => None,
        }
    }
}

/// An alarm.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::services::cloudwatch) struct Alarm {
    pub(in crate::services::cloudwatch) arn: Arn,
    pub(in crate::services::cloudwatch) config: Config,
    pub(in crate::services::cloudwatch) watch: Watch,
    pub(in crate::services::cloudwatch) tags: BTreeMap<String, String>,
    pub(in crate::services::cloudwatch) state: State,
    pub(in crate::services::cloudwatch) updated: Timestamp,
    pub(super) transitioned: Timestamp,
    /// When it is evaluated next; `None` while nothing can change its state but new data.
    pub(super) due: Option<Timestamp>,
    /// Actions that are held back.
    pub(super) held: Option<Held>,
    /// Until when its suppressor still counts after it has left ALARM.
    pub(super) extended_until: Option<Timestamp>,
    /// The request that last gave data to its metric.
    pub(super) data_from: NodeId,
    pub(super) lineage: Name,
    /// The series that it watches, where they are several.
    #[serde(default)]
    pub(in crate::services::cloudwatch) contributors: Contributors,
}

impl Alarm {
    pub(super) fn new(ctx: &mut Context<'_>, mut config: Config, watch: Watch) -> Self {
        let arn = ctx.arn(format!("alarm:{}", config.common().name));
        config.set_arn(arn.to_string());
        Self {
            lineage: ctx.name(&arn.to_string()),
            arn,
            config,
            watch,
            tags: BTreeMap::new(),
            state: State::new(StateValue::InsufficientData, reason::INITIAL.to_owned(), None),
            updated: ctx.now(),
            transitioned: ctx.now(),
            due: None,
            held: None,
            extended_until: None,
            data_from: NodeId::NONE,
            contributors: Contributors::default(),
        }
    }

    pub(in crate::services::cloudwatch) fn name(&self) -> &str {
        self.config.common().name
    }

    /// The names of the alarms that a composite alarm watches.
    pub(in crate::services::cloudwatch) fn children(&self) -> Vec<&str> {
        let rule = self.watch.children();
        rule.map(|rule| rule.references().into_iter().map(name_of).collect()).unwrap_or_default()
    }

    /// The name of the alarm that suppresses a composite alarm's actions.
    pub(super) fn suppressor(&self) -> Option<&str> {
        self.config.composite()?.actions_suppressor.as_deref().map(name_of)
    }

    /// `Statistic` or `ExtendedStatistic` as it was given.
    pub(super) fn statistic(&self) -> &str {
        let Some(MetricAlarm { statistic, extended_statistic, .. }) = self.config.metric() else {
            return "";
        };
        statistic.as_deref().or(extended_statistic.as_deref()).unwrap_or_default()
    }

    /// Has it evaluated at the next occasion.
    pub(super) fn wake(&mut self, now: Timestamp) {
        if let Some(rule) = self.watch.rule() {
            self.due.get_or_insert_with(|| rule.next_evaluation(now));
        }
    }

    /// When it has to be looked at, if nothing happens before.
    pub(super) fn deadline(&self) -> Option<Timestamp> {
        let held = self.held.as_ref().and_then(|held| held.until);
        [self.due, held].into_iter().flatten().min()
    }

    /// What DescribeAlarms shows of a metric alarm.
    pub(in crate::services::cloudwatch) fn describe_metric(&self) -> Option<MetricAlarm> {
        Some(MetricAlarm {
            state_value: Some(self.state.value.as_str().to_owned()),
            state_reason: Some(self.state.reason.clone()),
            state_reason_data: self.state.reason_data.clone(),
            state_updated_timestamp: Some(self.updated),
            state_transitioned_timestamp: Some(self.transitioned),
            ..self.config.metric()?.clone()
        })
    }

    /// The same of a composite alarm.
    pub(in crate::services::cloudwatch) fn describe_composite(&self) -> Option<CompositeAlarm> {
        let by = self.held.as_ref().and_then(|held| held.by.suppressed_by());
        Some(CompositeAlarm {
            state_value: Some(self.state.value.as_str().to_owned()),
            state_reason: Some(self.state.reason.clone()),
            state_reason_data: self.state.reason_data.clone(),
            state_updated_timestamp: Some(self.updated),
            state_transitioned_timestamp: Some(self.transitioned),
            actions_suppressed_by: by.map(str::to_owned),
            actions_suppressed_reason: by.map(suppression_reason),
            ..self.config.composite()?.clone()
        })
    }

    /// The same of an alarm on logs.
    pub(in crate::services::cloudwatch) fn describe_log(&self) -> Option<LogAlarm> {
        let Config::Log(config) = &self.config else { return None };
        Some(LogAlarm {
            state_value: Some(self.state.value.as_str().to_owned()),
            state_reason: Some(self.state.reason.clone()),
            state_reason_data: self.state.reason_data.clone(),
            state_updated_timestamp: Some(self.updated),
            state_transitioned_timestamp: Some(self.transitioned),
            ..LogAlarm::clone(config)
        })
    }

    /// Changes the state because of `cause`, and does what follows from it at this alarm, unless
    /// `hold` holds its actions back. Returns the cause of what follows elsewhere; `None` if the
    /// state has the value that it had.
    pub(super) fn change(
        &mut self,
        ctx: &mut Context<'_>,
        history: &mut History,
        (state, cause): (State, NodeId),
        hold: Option<Hold>,
    ) -> Option<NodeId> {
        let now = ctx.now();
        let before = std::mem::replace(&mut self.state, state);
        let since = std::mem::replace(&mut self.updated, now);
        if before.value == self.state.value {
            self.state.suppressed_by = before.suppressed_by;
            return None;
        }
        self.transitioned = now;
        let acts = self.config.common().actions_enabled;
        let hold = hold.filter(|_| acts);
        let is_suppressed = |(by, _): &Hold| by.suppressed_by().is_some();
        self.state.suppressed_by = hold.filter(is_suppressed).map(|(by, _)| by);
        let (from, to) = (before.value.as_str(), self.state.value.as_str());
        let data = json!({
            "version": "1.0", "oldState": before.history(), "newState": self.state.history(),
        });
        let summary = format!("Alarm updated from {from} to {to}");
        history.push(now, self, ItemType::StateUpdate, summary, &data);
        let id = ctx.ids().uuid();
        let note = format!("{from} -> {to}: {}", self.state.reason);
        let cause = ctx.record_note(cause, What::AlarmChanged, &self.lineage, id, note);
        self.send_event(ctx, id, (&before, since), cause);
        let held = self.held.take();
        match hold {
            Some((by, until)) => {
                let first = held.map(|held| (held.before, held.since));
                let (before, since) = first.unwrap_or((before, since));
                self.held = Some(Held { by, until, before, since, cause });
            }
            None if acts => self.act(ctx, history, (&before, since), cause),
            None => {}
        }
        Some(cause)
    }

    /// Acts on the state that it has, for which it was held back, unless `hold` still does.
    pub(super) fn release(
        &mut self,
        ctx: &mut Context<'_>,
        history: &mut History,
        hold: Option<Hold>,
    ) {
        let Some(held) = self.held.take() else { return };
        let was_suppressed = held.by.suppressed_by().is_some();
        let suppressed = self.state.clone();
        if let Some((by, until)) = hold {
            self.state.suppressed_by = by.suppressed_by().map(|_| by);
            self.held = Some(Held { by, until, ..held });
            return;
        }
        self.state.suppressed_by = None;
        if held.before.value == self.state.value {
            return;
        }
        if was_suppressed {
            let (id, since) = (ctx.ids().uuid(), self.updated);
            self.send_event(ctx, id, (&suppressed, since), held.cause);
        }
        if self.config.common().actions_enabled {
            self.act(ctx, history, (&held.before, held.since), held.cause);
        }
    }
}

impl State {
    pub(in crate::services::cloudwatch) fn new(
        value: StateValue,
        reason: String,
        reason_data: Option<String>,
    ) -> Self {
        Self { value, reason, reason_data, suppressed_by: None }
    }

    fn history(&self) -> Value {
        let mut shown = json!({"stateValue": self.value, "stateReason": self.reason});
        if let Some(data) = &self.reason_data {
            let data = serde_json::from_str(data).unwrap_or_else(|_| data.as_str().into());
            shown["stateReasonData"] = data;
        }
        shown
    }
}

/// The name of an alarm that is given by name or by ARN.
pub(super) fn name_of(reference: &str) -> &str {
    let resource = reference.strip_prefix("arn:").and_then(|rest| rest.splitn(5, ':').nth(4));
    resource.and_then(|resource| resource.strip_prefix("alarm:")).unwrap_or(reference)
}

/// Source: user guide "Alarm events and EventBridge". Unverified: others than that of WaitPeriod.
pub(super) fn suppression_reason(by: &str) -> String {
    format!("Actions suppressed by {by}")
}
