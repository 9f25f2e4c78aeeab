//! What is done with an alarm when its time has come: it is evaluated, or it may act at last.

use std::collections::BTreeSet;
use std::time::Duration;

use super::contributors::Found;
use super::evaluation::{MORE_PERIODS, evaluate};
use super::reason::Evidence;
use super::rule::{Datapoint, MetricStatistic, Rule, Source};
use super::state::{Alarm, State};
use crate::kernel::{Context, NodeId};
use crate::services::cloudwatch::metric::MetricId;
use crate::services::cloudwatch::series::Range;
use crate::services::cloudwatch::state::CloudWatch;
use crate::wire::Timestamp;

/// Services report their metrics each minute, when somebody looks; an alarm whose period is shorter
/// looks on for so long.
const REPORTED_LATELY: Duration = Duration::from_secs(120);

impl CloudWatch {
    /// Evaluates the alarms that are due, and lets those act that need wait no longer.
    pub(in crate::services::cloudwatch) fn evaluate_alarms(&mut self, ctx: &mut Context<'_>) {
        // What they watch is read from the rest of the state.
        let mut alarms = std::mem::take(&mut self.alarms);
        let now = ctx.now();
        if alarms.timer.is_some_and(|timer| timer <= now) {
            alarms.timer = None;
        }
        let due = alarms.deadlines.iter().take_while(|(at, _)| *at <= now);
        let due: BTreeSet<String> = due.map(|(_, name)| name.clone()).collect();
        for name in &due {
            let found = alarms.touch(name, |alarm, _| alarm.evaluated(ctx, self)).flatten();
            if let Some(state) = found {
                let cause = alarms.get(name).map_or(NodeId::NONE, |alarm| alarm.data_from);
                alarms.change(ctx, name, state, cause);
            }
            let held = alarms.get(name).and_then(|alarm| alarm.held.as_ref());
            if held.is_some_and(|held| held.until.is_some_and(|until| until <= now)) {
                alarms.release(ctx, name);
            }
        }
        alarms.set_timer(ctx);
        self.alarms = alarms;
    }

    /// Whether a metric has data that may still count: reported since `since`, or just now.
    fn has_data(&self, rule: &Rule, since: Timestamp, now: Timestamp) -> bool {
        let metrics = rule.metrics().iter().filter_map(|metric| self.reported(metric));
        let reported = metrics.max();
        reported.is_some_and(|at| at >= since || now.since(at) < REPORTED_LATELY)
    }

    /// When a metric, or one of every that it stands for, last had data.
    fn reported(&self, metric: &MetricId) -> Option<Timestamp> {
        if !metric.is_every() {
            return self.metrics.get(metric).map(|series| series.reported);
        }
        let (namespace, name) = (metric.namespace(), metric.name());
        let all = self.metrics.range(MetricId::new(namespace, name, [])..);
        let all = all.take_while(|(it, _)| it.namespace() == namespace && it.name() == name);
        all.map(|(_, series)| series.reported).max()
    }

    /// The same periods of each series, where an alarm watches several.
    fn periods_of_each(
        &mut self,
        ctx: &Context<'_>,
        rule: &Rule,
        end: Timestamp,
    ) -> Option<Vec<Found>> {
        let Source::Queries(queries) = &rule.source else { return None };
        if !queries.is_of_several() {
            return None;
        }
        let count = rule.evaluation_periods + MORE_PERIODS;
        let start = end.seconds() - rule.period * count as i64;
        let found = queries.several(ctx, self, (start, end));
        let periods = |points| periods_of(rule, end, points);
        Some(found.into_iter().map(|(of, points)| (of, periods(points))).collect())
    }

    /// The periods before `end` that are looked at, the latest first.
    fn periods(
        &mut self,
        ctx: &Context<'_>,
        rule: &Rule,
        end: Timestamp,
    ) -> Vec<Option<Datapoint>> {
        let count = rule.evaluation_periods + MORE_PERIODS;
        let start = end.seconds() - rule.period * count as i64;
        let found = match &rule.source {
            Source::Metric(of) => self.datapoints(ctx.now(), of, (start, end, rule.period)),
            Source::Queries(queries) => queries.datapoints(ctx, self, (start, end)),
        };
        periods_of(rule, end, found)
    }

    /// The values of one metric, with the seconds at which their periods begin.
    fn datapoints(
        &mut self,
        now: Timestamp,
        of: &MetricStatistic,
        (start, end, period): (i64, Timestamp, i64),
    ) -> Vec<(i64, Datapoint)> {
        let range = Range { start, end: end.seconds(), period, unit: of.unit };
        let points = self.points(now, &of.metric, range);
        let periods = points.chunk_by(|one, other| one.at == other.at);
        periods.filter_map(|it| Some((it[0].at.seconds(), of.datapoint(it)?))).collect()
    }
}

/// What is known of the periods before `end`, the latest first.
fn periods_of(rule: &Rule, end: Timestamp, found: Vec<(i64, Datapoint)>) -> Vec<Option<Datapoint>> {
    let mut periods = vec![None; rule.evaluation_periods + MORE_PERIODS];
    for (at, datapoint) in found {
        let age = (end.seconds() - at) / rule.period - 1;
        if let Some(period) = usize::try_from(age).ok().and_then(|age| periods.get_mut(age)) {
            *period = Some(datapoint);
        }
    }
    periods
}

impl Alarm {
    /// The state that it should have, if it is due and that is another one.
    fn evaluated(&mut self, ctx: &Context<'_>, cloudwatch: &mut CloudWatch) -> Option<State> {
        let now = ctx.now();
        let end = self.due.filter(|due| *due <= now)?;
        self.due = None;
        let rule = self.watch.rule()?;
        if let Some(found) = cloudwatch.periods_of_each(ctx, rule, end) {
            let seconds =
                rule.period.unsigned_abs() * (rule.evaluation_periods + MORE_PERIODS) as u64;
            if cloudwatch.has_data(rule, now - Duration::from_secs(seconds), now) {
                self.due = Some(rule.next_evaluation(now));
            }
            let state = self.contributors.evaluated(rule, found, (end, now));
            return state.filter(|state| state.value != self.state.value);
        }
        let periods = cloudwatch.periods(ctx, rule, end);
        let goes_on = match &rule.source {
            Source::Metric(_) => {
                periods.iter().any(Option::is_some) || cloudwatch.has_data(rule, now, now)
            }
            // Expressions may have values where no metric has: those do not change.
            Source::Queries(_) => {
                let seconds = rule.period.unsigned_abs() * periods.len() as u64;
                cloudwatch.has_data(rule, now - Duration::from_secs(seconds), now)
            }
        };
        let next = rule.next_evaluation(now);
        let verdict = evaluate(rule, &periods);
        let changed = verdict.state.filter(|value| *value != self.state.value);
        let state = changed.map(|value| {
            let statistic = self.statistic();
            let evidence = Evidence { rule, statistic, state: value, verdict: &verdict, end, now };
            State::new(value, evidence.sentence(), Some(evidence.data()))
        });
        if goes_on {
            self.due = Some(next);
        }
        state
    }
}
