//! All alarms of one account and region, and when they are looked at.
//!
//! An alarm whose window holds no data and whose state is settled has no deadline; data for its
//! metric wakes it. So an alarm costs nothing while nothing happens.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::config::Config;
use super::contributors::Contributors;
use super::history::History;
use super::mute::MuteRules;
use super::state::{Alarm, State, Watch};
use crate::kernel::{Context, NodeId, WantedMetrics, What, pairs};
use crate::services::cloudwatch::metric::MetricId;
use crate::wire::Timestamp;

/// The key of the one timer.
const TIMER: &str = "alarms";

/// A resource by its namespace, and a dimension's name and value.
type Resource = (String, String, String);

/// All alarms.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(in crate::services::cloudwatch) struct Alarms {
    by_name: BTreeMap<String, Alarm>,
    /// Which alarms watch a metric.
    #[serde(with = "pairs")]
    watched: BTreeMap<MetricId, BTreeSet<String>>,
    /// Which watch a metric that may be about a resource; without one, all of a namespace.
    #[serde(with = "pairs")]
    by_resource: BTreeMap<Resource, BTreeSet<String>>,
    /// Which composite alarms are above an alarm.
    pub(super) parents: BTreeMap<String, BTreeSet<String>>,
    /// Which composite alarms an alarm suppresses.
    pub(super) suppressed_by: BTreeMap<String, BTreeSet<String>>,
    pub(in crate::services::cloudwatch) mute_rules: MuteRules,
    pub(in crate::services::cloudwatch) history: History,
    /// When each alarm has to be looked at.
    pub(super) deadlines: BTreeSet<(Timestamp, String)>,
    /// When the timer fires, if one is set that counts.
    pub(super) timer: Option<Timestamp>,
}

impl Alarms {
    pub(in crate::services::cloudwatch) fn get(&self, name: &str) -> Option<&Alarm> {
        self.by_name.get(name)
    }

    pub(in crate::services::cloudwatch) fn tags_of(
        &mut self,
        name: &str,
    ) -> Option<&mut BTreeMap<String, String>> {
        self.by_name.get_mut(name).map(|alarm| &mut alarm.tags)
    }

    /// All of them, by name.
    pub(in crate::services::cloudwatch) fn all(&self) -> impl Iterator<Item = &Alarm> {
        self.by_name.values()
    }

    pub(super) fn len(&self) -> usize {
        self.by_name.len()
    }

    /// The composite alarms right above an alarm, by name.
    pub(in crate::services::cloudwatch) fn parents_of(
        &self,
        name: &str,
    ) -> impl Iterator<Item = &str> {
        self.parents.get(name).into_iter().flatten().map(String::as_str)
    }

    /// Does something with an alarm that may change its deadline: the one way to change it.
    pub(super) fn touch<R>(
        &mut self,
        name: &str,
        change: impl FnOnce(&mut Alarm, &mut History) -> R,
    ) -> Option<R> {
        let alarm = self.by_name.get_mut(name)?;
        let before = alarm.deadline();
        let result = change(alarm, &mut self.history);
        let after = alarm.deadline();
        if before != after {
            self.deadlines.extend(after.map(|at| (at, name.to_owned())));
            if let Some(at) = before {
                self.deadlines.remove(&(at, name.to_owned()));
            }
        }
        Some(result)
    }

    /// Sets up an alarm anew, or another time: then its state and tags stay.
    pub(in crate::services::cloudwatch) fn put(
        &mut self,
        ctx: &mut Context<'_>,
        config: Config,
        watch: Watch,
        tags: BTreeMap<String, String>,
    ) {
        let mut alarm = Alarm::new(ctx, config, watch);
        let name = alarm.name().to_owned();
        let verb = match self.remove(&name) {
            Some(old) => {
                let Alarm { config, watch, .. } = alarm;
                let contributors = Contributors::default();
                alarm = Alarm { config, watch, contributors, due: None, held: None, ..old };
                alarm.state.suppressed_by = None;
                "updated"
            }
            None => {
                alarm.tags = tags;
                "created"
            }
        };
        alarm.wake(ctx.now());
        self.history.configured(ctx.now(), &alarm, verb);
        self.insert(alarm);
        self.evaluate_composite(ctx, &name, verb);
        self.set_timer(ctx);
    }

    pub(in crate::services::cloudwatch) fn delete(&mut self, ctx: &mut Context<'_>, name: &str) {
        if let Some(alarm) = self.remove(name) {
            self.history.configured(ctx.now(), &alarm, "deleted");
            // What it suppressed is held back no longer than if it had left ALARM.
            self.suppressor_changed(ctx, name);
            self.set_timer(ctx);
        }
    }

    fn insert(&mut self, alarm: Alarm) {
        let name = alarm.name();
        for metric in alarm.watch.metrics() {
            self.watched.entry(metric.clone()).or_default().insert(name.to_owned());
            for resource in metric.resources() {
                self.by_resource.entry(resource).or_default().insert(name.to_owned());
            }
        }
        for child in alarm.children() {
            self.parents.entry(child.to_owned()).or_default().insert(name.to_owned());
        }
        if let Some(suppressor) = alarm.suppressor() {
            let composites = self.suppressed_by.entry(suppressor.to_owned()).or_default();
            composites.insert(name.to_owned());
        }
        self.deadlines.extend(alarm.deadline().map(|at| (at, name.to_owned())));
        self.by_name.insert(name.to_owned(), alarm);
    }

    fn remove(&mut self, name: &str) -> Option<Alarm> {
        let alarm = self.by_name.remove(name)?;
        for metric in alarm.watch.metrics() {
            take_out(&mut self.watched, metric, name);
            for resource in metric.resources() {
                take_out(&mut self.by_resource, &resource, name);
            }
        }
        for child in alarm.children() {
            take_out(&mut self.parents, &child.to_owned(), name);
        }
        if let Some(suppressor) = alarm.suppressor() {
            take_out(&mut self.suppressed_by, &suppressor.to_owned(), name);
        }
        if let Some(at) = alarm.deadline() {
            self.deadlines.remove(&(at, name.to_owned()));
        }
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
        self.touch(name, |alarm, history| {
            if alarm.config.set_actions_enabled(now, enabled) {
                history.configured(now, alarm, "updated");
            }
        });
    }

    /// Gives an alarm a state until its next evaluation.
    pub(in crate::services::cloudwatch) fn set_state(
        &mut self,
        ctx: &mut Context<'_>,
        name: &str,
        state: State,
    ) {
        self.change(ctx, name, state, ctx.cause());
        self.touch(name, |alarm, _| alarm.wake(ctx.now()));
        self.set_timer(ctx);
    }

    /// A metric has new data.
    pub(in crate::services::cloudwatch) fn notice(
        &mut self,
        ctx: &mut Context<'_>,
        metric: &MetricId,
    ) {
        if self.watched.is_empty() {
            return;
        }
        let every = MetricId::every(metric.namespace(), metric.name());
        let mut watching = self.watched.get(metric).cloned().unwrap_or_default();
        watching.extend(self.watched.get(&every).into_iter().flatten().cloned());
        if watching.is_empty() {
            return;
        }
        let mut cause = NodeId::NONE;
        if ctx.caller().is_some() {
            let at = ctx.arn(format!("metric/{}/{}", metric.namespace(), metric.name()));
            let (at, id) = (ctx.name(&at.to_string()), ctx.ids().uuid());
            cause = ctx.record_note(ctx.cause(), What::Called, &at, id, "PutMetricData");
        }
        for name in watching {
            self.touch(&name, |alarm, _| {
                alarm.data_from = cause;
                alarm.wake(ctx.now());
            });
        }
        self.set_timer(ctx);
    }

    /// Metrics of a resource will have data again.
    pub(in crate::services::cloudwatch) fn expect_data(
        &mut self,
        ctx: &mut Context<'_>,
        namespace: &str,
        (name, value): (&str, &str),
    ) {
        let of_resource = (namespace.to_owned(), name.to_owned(), value.to_owned());
        let (whole, none) = WantedMetrics::WHOLE;
        let of_namespace = (namespace.to_owned(), whole.to_owned(), none.to_owned());
        let mut watching = BTreeSet::new();
        let every = MetricId::every(namespace, "");
        for resource in [of_resource, of_namespace].into_iter().chain(every.resources()) {
            watching.extend(self.by_resource.get(&resource).into_iter().flatten().cloned());
        }
        for name in watching {
            self.touch(&name, |alarm, _| alarm.wake(ctx.now()));
        }
        self.set_timer(ctx);
    }

    /// The resources whose metrics the alarms watch that are due.
    pub(in crate::services::cloudwatch) fn wanted_metrics(&self, now: Timestamp) -> WantedMetrics {
        let due = self.deadlines.iter().take_while(|(at, _)| *at <= now);
        let alarms = due.filter_map(|(_, name)| self.get(name));
        let due = alarms.filter(|alarm| alarm.due.is_some_and(|due| due <= now));
        let metrics: Vec<&MetricId> = due.flat_map(|alarm| alarm.watch.metrics()).collect();
        if metrics.iter().any(|metric| metric.is_every()) {
            return WantedMetrics::All;
        }
        WantedMetrics::Of(metrics.into_iter().flat_map(MetricId::resources).collect())
    }

    pub(super) fn set_timer(&mut self, ctx: &mut Context<'_>) {
        let Some((due, _)) = self.deadlines.first() else { return };
        if self.timer.is_none_or(|timer| *due < timer) {
            self.timer = Some(*due);
            ctx.set_timer(*due, &TIMER.into());
        }
    }
}

impl Watch {
    /// The metrics that it is about.
    pub(super) fn metrics(&self) -> impl Iterator<Item = &MetricId> {
        self.rule().into_iter().flat_map(|rule| rule.metrics())
    }
}

impl Alarm {
    /// What the history shows of the configuration.
    pub(super) fn in_history(&self) -> Value {
        let shown = match &self.config {
            Config::Metric(_) => serde_json::to_value(self.describe_metric()),
            Config::Composite(_) => serde_json::to_value(self.describe_composite()),
            Config::Log(_) => serde_json::to_value(self.describe_log()),
        };
        uncapitalised(shown.expect("text and numbers have a form in JSON"))
    }
}

fn take_out<K: Ord>(index: &mut BTreeMap<K, BTreeSet<String>>, key: &K, name: &str) {
    if let Some(names) = index.get_mut(key) {
        names.remove(name);
        if names.is_empty() {
            index.remove(key);
        }
    }
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
