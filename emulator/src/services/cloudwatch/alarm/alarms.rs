//! All alarms of one account and region, and when they are evaluated.
//!
//! An alarm whose window holds no data and whose state is settled has no timer; data for its metric
//! wakes it. So an alarm costs nothing while nothing happens.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::evaluation::{MORE_PERIODS, evaluate};
use super::history::History;
use super::reason::Evidence;
use super::rule::{Datapoint, Rule};
use super::shapes::MetricAlarm;
use super::state::{Alarm, State};
use crate::kernel::{Context, NodeId, WantedMetrics, What, pairs};
use crate::services::cloudwatch::metric::MetricId;
use crate::services::cloudwatch::series::{Range, Series};
use crate::services::cloudwatch::state::CloudWatch;
use crate::wire::Timestamp;

/// Services report their metrics each minute, when somebody looks; an alarm whose period is shorter
/// looks on for so long.
const REPORTED_LATELY: Duration = Duration::from_secs(120);
/// The key of the one timer.
const TIMER: &str = "alarms";

/// All alarms.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(in crate::services::cloudwatch) struct Alarms {
    by_name: BTreeMap<String, Alarm>,
    /// Which alarms watch a metric.
    #[serde(with = "pairs")]
    watched: BTreeMap<MetricId, BTreeSet<String>>,
    pub(in crate::services::cloudwatch) history: History,
    /// When the timer fires, if one is set that counts.
    timer: Option<Timestamp>,
}

impl Alarms {
    pub(in crate::services::cloudwatch) fn get(&self, name: &str) -> Option<&Alarm> {
        self.by_name.get(name)
    }

    pub(in crate::services::cloudwatch) fn get_mut(&mut self, name: &str) -> Option<&mut Alarm> {
        self.by_name.get_mut(name)
    }

    /// All of them, by name.
    pub(in crate::services::cloudwatch) fn all(&self) -> impl Iterator<Item = &Alarm> {
        self.by_name.values()
    }

    /// Sets up an alarm anew, or another time: then its state and tags stay.
    pub(in crate::services::cloudwatch) fn put(
        &mut self,
        ctx: &mut Context<'_>,
        config: MetricAlarm,
        rule: Option<Rule>,
        tags: BTreeMap<String, String>,
    ) {
        let mut alarm = Alarm::new(ctx, config, rule);
        alarm.config.alarm_arn = Some(alarm.arn.to_string());
        let name = alarm.name().to_owned();
        let verb = match self.remove(&name) {
            Some(old) => {
                alarm = Alarm { config: alarm.config, rule: alarm.rule, due: None, ..old };
                "updated"
            }
            None => {
                alarm.tags = tags;
                "created"
            }
        };
        if let Some(rule) = &alarm.rule {
            self.watched.entry(rule.metric.clone()).or_default().insert(name.clone());
        }
        alarm.wake(ctx.now());
        self.history.configured(ctx.now(), &name, verb, alarm.in_history());
        self.by_name.insert(name, alarm);
        self.set_timer(ctx);
    }

    pub(in crate::services::cloudwatch) fn delete(&mut self, now: Timestamp, name: &str) {
        if let Some(alarm) = self.remove(name) {
            self.history.configured(now, name, "deleted", alarm.in_history());
        }
    }

    fn remove(&mut self, name: &str) -> Option<Alarm> {
        let alarm = self.by_name.remove(name)?;
        let metric = alarm.rule.as_ref().map(|rule| &rule.metric);
        if let Some(watching) = metric.and_then(|metric| self.watched.get_mut(metric)) {
            watching.remove(name);
        }
        self.watched.retain(|_, watching| !watching.is_empty());
        Some(alarm)
    }

    /// Switches the actions of an alarm on or off. Alarms that are not there are passed over.
    ///
    /// Unverified: that AWS passes over them.
    pub(in crate::services::cloudwatch) fn set_actions_enabled(
        &mut self,
        now: Timestamp,
        name: &str,
        enabled: bool,
    ) {
        let Some(alarm) = self.by_name.get_mut(name) else { return };
        if alarm.config.actions_enabled != Some(enabled) {
            alarm.config.actions_enabled = Some(enabled);
            alarm.config.alarm_configuration_updated_timestamp = Some(now);
            self.history.configured(now, name, "updated", alarm.in_history());
        }
    }

    /// Gives an alarm a state until its next evaluation.
    pub(in crate::services::cloudwatch) fn set_state(
        &mut self,
        ctx: &mut Context<'_>,
        name: &str,
        state: State,
    ) {
        let Some(alarm) = self.by_name.get_mut(name) else { return };
        alarm.change(ctx, &mut self.history, state, ctx.cause());
        alarm.wake(ctx.now());
        self.set_timer(ctx);
    }

    /// A metric has new data.
    pub(in crate::services::cloudwatch) fn notice(
        &mut self,
        ctx: &mut Context<'_>,
        metric: &MetricId,
    ) {
        let Some(watching) = self.watched.get(metric) else { return };
        let mut cause = NodeId::NONE;
        if ctx.caller().is_some() {
            let at = ctx.arn(format!("metric/{}/{}", metric.namespace(), metric.name()));
            let (at, id) = (ctx.name(&at.to_string()), ctx.ids().uuid());
            cause = ctx.record_note(ctx.cause(), What::Called, &at, id, "PutMetricData");
        }
        for name in watching {
            let alarm = self.by_name.get_mut(name).expect("alarms that watch exist");
            alarm.data_from = cause;
            alarm.wake(ctx.now());
        }
        self.set_timer(ctx);
    }

    /// Metrics of a resource will have data again.
    pub(in crate::services::cloudwatch) fn expect_data(
        &mut self,
        ctx: &mut Context<'_>,
        namespace: &str,
        dimension: (&str, &str),
    ) {
        let of_resource = |metric: &MetricId| {
            let mut dimensions = metric.dimensions().iter();
            metric.namespace() == namespace
                && dimensions.all(|(name, value)| (name.as_str(), value.as_str()) == dimension)
        };
        for (_, names) in self.watched.iter().filter(|(metric, _)| of_resource(metric)) {
            for name in names {
                let alarm = self.by_name.get_mut(name).expect("alarms that watch exist");
                alarm.wake(ctx.now());
            }
        }
        self.set_timer(ctx);
    }

    /// The resources whose metrics the alarms watch that are due.
    pub(in crate::services::cloudwatch) fn wanted_metrics(&self, now: Timestamp) -> WantedMetrics {
        let due = |alarm: &&Alarm| alarm.due.is_some_and(|due| due <= now);
        let rules = self.by_name.values().filter(due).filter_map(|alarm| alarm.rule.as_ref());
        WantedMetrics::Of(rules.flat_map(|rule| rule.metric.resources()).collect())
    }

    fn set_timer(&mut self, ctx: &mut Context<'_>) {
        let Some(due) = self.by_name.values().filter_map(|alarm| alarm.due).min() else { return };
        if self.timer.is_none_or(|timer| due < timer) {
            self.timer = Some(due);
            ctx.set_timer(due, &TIMER.into());
        }
    }
}

impl CloudWatch {
    /// Evaluates the alarms that are due.
    pub(in crate::services::cloudwatch) fn evaluate_alarms(&mut self, ctx: &mut Context<'_>) {
        let now = ctx.now();
        let Self { metrics, alarms, .. } = self;
        if alarms.timer.is_some_and(|timer| timer <= now) {
            alarms.timer = None;
        }
        let due = |alarm: &&mut Alarm| alarm.due.is_some_and(|due| due <= now);
        for alarm in alarms.by_name.values_mut().filter(due) {
            alarm.evaluate(ctx, metrics, &mut alarms.history);
        }
        alarms.set_timer(ctx);
    }
}

impl Alarm {
    /// What the history shows of the configuration.
    fn in_history(&self) -> Value {
        let shown = serde_json::to_value(self.describe());
        uncapitalised(shown.expect("text and numbers have a form in JSON"))
    }

    fn evaluate(
        &mut self,
        ctx: &mut Context<'_>,
        metrics: &mut BTreeMap<MetricId, Series>,
        history: &mut History,
    ) {
        let Some(end) = self.due.take() else { return };
        let Some(rule) = &self.rule else { return };
        let now = ctx.now();
        let series = metrics.get_mut(&rule.metric);
        let lately = series.as_ref().is_some_and(|it| now.since(it.reported) < REPORTED_LATELY);
        let periods = periods(rule, series, end, now);
        if lately || periods.iter().any(Option::is_some) {
            self.due = Some(rule.next_evaluation(now));
        }
        let verdict = evaluate(rule, &periods);
        let Some(value) = verdict.state.filter(|value| *value != self.state.value) else { return };
        let statistic = self.statistic();
        let evidence = Evidence { rule, statistic, state: value, verdict: &verdict, end, now };
        let reason_data = Some(evidence.data());
        let state = State { value, reason: evidence.sentence(), reason_data };
        self.change(ctx, history, state, self.data_from);
    }
}

/// The periods before `end` that are looked at, the latest first.
fn periods(
    rule: &Rule,
    series: Option<&mut Series>,
    end: Timestamp,
    now: Timestamp,
) -> Vec<Option<Datapoint>> {
    let mut periods = vec![None; rule.evaluation_periods + MORE_PERIODS];
    let Some(series) = series else { return periods };
    series.age(now);
    let end = end.seconds();
    let start = end - rule.period * periods.len() as i64;
    let points = series.points(Range { start, end, period: rule.period, unit: rule.unit });
    for points in points.chunk_by(|one, other| one.at == other.at) {
        let age = (end - points[0].at.seconds()) / rule.period - 1;
        if let Some(period) = usize::try_from(age).ok().and_then(|age| periods.get_mut(age)) {
            *period = rule.datapoint(points);
        }
    }
    periods
}

/// The same with members that begin with small letters, as the history has them.
///
/// Unverified: which members AWS shows.
fn uncapitalised(value: Value) -> Value {
    let small = |mut name: String| {
        if let Some(first) = name.get_mut(..1) {
            first.make_ascii_lowercase();
        }
        name
    };
    match value {
        Value::Object(members) => {
            let members = members.into_iter();
            members.map(|(name, value)| (small(name), uncapitalised(value))).collect()
        }
        Value::Array(items) => items.into_iter().map(uncapitalised).collect(),
        scalar => scalar,
    }
}
