//! What is done with an alarm when its time has come: it is evaluated, or it may act at last.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::evaluation::{MORE_PERIODS, evaluate};
use super::reason::Evidence;
use super::rule::{Datapoint, Rule};
use super::state::{Alarm, State};
use crate::kernel::{Context, NodeId};
use crate::services::cloudwatch::metric::MetricId;
use crate::services::cloudwatch::series::{Range, Series};
use crate::services::cloudwatch::state::CloudWatch;
use crate::wire::Timestamp;

/// Services report their metrics each minute, when somebody looks; an alarm whose period is shorter
/// looks on for so long.
const REPORTED_LATELY: Duration = Duration::from_secs(120);

impl CloudWatch {
    /// Evaluates the alarms that are due, and lets those act that need wait no longer.
    pub(in crate::services::cloudwatch) fn evaluate_alarms(&mut self, ctx: &mut Context<'_>) {
        let now = ctx.now();
        let Self { metrics, alarms, .. } = self;
        if alarms.timer.is_some_and(|timer| timer <= now) {
            alarms.timer = None;
        }
        let due = alarms.deadlines.iter().take_while(|(at, _)| *at <= now);
        let due: Vec<String> = due.map(|(_, name)| name.clone()).collect();
        for name in due.iter().collect::<BTreeSet<_>>() {
            let found = alarms.touch(name, |alarm, _| alarm.evaluated(now, metrics)).flatten();
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
    }
}

impl Alarm {
    /// The state that it should have, if it is due and that is another one.
    fn evaluated(
        &mut self,
        now: Timestamp,
        metrics: &mut BTreeMap<MetricId, Series>,
    ) -> Option<State> {
        let end = self.due.filter(|due| *due <= now)?;
        self.due = None;
        let rule = self.watch.rule()?;
        let series = metrics.get_mut(&rule.metric);
        let lately = series.as_ref().is_some_and(|it| now.since(it.reported) < REPORTED_LATELY);
        let periods = periods(rule, series, end, now);
        let goes_on = lately || periods.iter().any(Option::is_some);
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
