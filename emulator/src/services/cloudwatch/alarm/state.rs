//! An alarm: how it is set up, which state it has and since when, and how it changes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::history::{History, ItemType};
use super::reason;
use super::rule::Rule;
use super::shapes::MetricAlarm;
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
}

/// An alarm on a metric.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(in crate::services::cloudwatch) struct Alarm {
    pub(in crate::services::cloudwatch) arn: Arn,
    /// As it was requested; the members about its state are unset.
    pub(in crate::services::cloudwatch) config: MetricAlarm,
    /// `None` for alarms that are not evaluated here.
    pub(in crate::services::cloudwatch) rule: Option<Rule>,
    pub(in crate::services::cloudwatch) tags: BTreeMap<String, String>,
    pub(in crate::services::cloudwatch) state: State,
    pub(super) updated: Timestamp,
    pub(super) transitioned: Timestamp,
    /// When it is evaluated next; `None` while nothing can change its state but new data.
    pub(super) due: Option<Timestamp>,
    /// The request that last gave data to its metric.
    pub(super) data_from: NodeId,
    pub(super) lineage: Name,
}

impl Alarm {
    pub(super) fn new(ctx: &mut Context<'_>, config: MetricAlarm, rule: Option<Rule>) -> Self {
        let arn = ctx.arn(format!("alarm:{}", config.alarm_name.as_deref().unwrap_or_default()));
        Self {
            lineage: ctx.name(&arn.to_string()),
            arn,
            config,
            rule,
            tags: BTreeMap::new(),
            state: State {
                value: StateValue::InsufficientData,
                reason: reason::INITIAL.to_owned(),
                reason_data: None,
            },
            updated: ctx.now(),
            transitioned: ctx.now(),
            due: None,
            data_from: NodeId::NONE,
        }
    }

    pub(in crate::services::cloudwatch) fn name(&self) -> &str {
        self.config.alarm_name.as_deref().unwrap_or_default()
    }

    /// `Statistic` or `ExtendedStatistic` as it was given.
    pub(super) fn statistic(&self) -> &str {
        let MetricAlarm { statistic, extended_statistic, .. } = &self.config;
        statistic.as_deref().or(extended_statistic.as_deref()).unwrap_or_default()
    }

    /// Has it evaluated at the next occasion.
    pub(super) fn wake(&mut self, now: Timestamp) {
        if let Some(rule) = &self.rule {
            self.due.get_or_insert_with(|| rule.next_evaluation(now));
        }
    }

    /// What DescribeAlarms shows.
    pub(in crate::services::cloudwatch) fn describe(&self) -> MetricAlarm {
        MetricAlarm {
            state_value: Some(self.state.value.as_str().to_owned()),
            state_reason: Some(self.state.reason.clone()),
            state_reason_data: self.state.reason_data.clone(),
            state_updated_timestamp: Some(self.updated),
            state_transitioned_timestamp: Some(self.transitioned),
            ..self.config.clone()
        }
    }

    /// The actions of the state the alarm is in.
    pub(super) fn actions(&self) -> &[String] {
        let actions = match self.state.value {
            StateValue::Ok => &self.config.ok_actions,
            StateValue::Alarm => &self.config.alarm_actions,
            StateValue::InsufficientData => &self.config.insufficient_data_actions,
        };
        actions.as_deref().unwrap_or_default()
    }

    /// Changes the state because of `cause`, and does what follows from it.
    pub(super) fn change(
        &mut self,
        ctx: &mut Context<'_>,
        history: &mut History,
        state: State,
        cause: NodeId,
    ) {
        let now = ctx.now();
        let before = std::mem::replace(&mut self.state, state);
        let since = std::mem::replace(&mut self.updated, now);
        if before.value == self.state.value {
            return;
        }
        self.transitioned = now;
        let (from, to) = (before.value.as_str(), self.state.value.as_str());
        let data = json!({
            "version": "1.0", "oldState": before.history(), "newState": self.state.history(),
        });
        let summary = format!("Alarm updated from {from} to {to}");
        history.push(now, self.name(), ItemType::StateUpdate, summary, &data);
        let id = ctx.ids().uuid();
        let note = format!("{from} -> {to}: {}", self.state.reason);
        let cause = ctx.record_note(cause, What::AlarmChanged, &self.lineage, id, note);
        self.send_event(ctx, id, (&before, since), cause);
        if self.config.actions_enabled != Some(false) {
            self.act(ctx, history, &before, cause);
        }
    }
}

impl State {
    fn history(&self) -> Value {
        let mut shown = json!({"stateValue": self.value, "stateReason": self.reason});
        if let Some(data) = &self.reason_data {
            let data = serde_json::from_str(data).unwrap_or_else(|_| data.as_str().into());
            shown["stateReasonData"] = data;
        }
        shown
    }
}
