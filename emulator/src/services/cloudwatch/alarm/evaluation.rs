//! From data points to a state: M out of N, and what missing data counts as.
//!
//! Knows no time of day, no series and no alarm but its rule.
//!
//! Source: user guide "Configuring how CloudWatch alarms treat missing data".

use super::rule::{Datapoint, MissingData, Rule};
use super::state::StateValue;

/// So many more periods than N are looked at, for data that stands in for missing one.
///
/// Unverified: AWS says that the number varies; its examples have two more.
pub(super) const MORE_PERIODS: usize = 2;

/// What an evaluation found.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Verdict {
    /// The state the alarm should have; `None` when it keeps the one it has.
    pub(super) state: Option<StateValue>,
    /// The periods that count, the latest first: how many periods back, and the value if there is
    /// one.
    pub(super) considered: Vec<(usize, Option<Datapoint>)>,
}

impl Verdict {
    /// The values that count, the latest first.
    pub(super) fn present(&self) -> impl DoubleEndedIterator<Item = (usize, Datapoint)> {
        self.considered.iter().filter_map(|(age, datapoint)| Some((*age, (*datapoint)?)))
    }

    /// How many periods count for which there is no value.
    pub(super) fn missing(&self) -> usize {
        self.considered.iter().filter(|(_, datapoint)| datapoint.is_none()).count()
    }
}

/// Evaluates `periods`, the latest first.
pub(super) fn evaluate(rule: &Rule, periods: &[Option<Datapoint>]) -> Verdict {
    let wanted = rule.evaluation_periods;
    let present = periods.iter().filter(|datapoint| datapoint.is_some()).count();
    let mut fill = wanted.saturating_sub(present);
    let mut left = wanted;
    let counts = |(_, datapoint): &(usize, Option<Datapoint>)| {
        let room = if datapoint.is_some() { &mut left } else { &mut fill };
        let counts = *room > 0;
        *room -= usize::from(counts);
        counts
    };
    let considered: Vec<_> = periods.iter().copied().enumerate().filter(counts).collect();
    let verdict = Verdict { state: None, considered };
    Verdict { state: state(rule, &verdict), ..verdict }
}

fn state(rule: &Rule, verdict: &Verdict) -> Option<StateValue> {
    let breaches = |it: &Datapoint| rule.breaches(it);
    if !verdict.present().any(|(_, it)| rule.is_of_few(&it)) {
        return state_by(rule, verdict, &breaches);
    }
    // Points of too few samples decide nothing: the state is what it would be whatever they were.
    let at_worst = state_by(rule, verdict, &|it| rule.is_of_few(it) || breaches(it));
    let at_best = state_by(rule, verdict, &|it| !rule.is_of_few(it) && breaches(it));
    at_worst.filter(|_| at_worst == at_best)
}

fn state_by(
    rule: &Rule,
    verdict: &Verdict,
    breaching: &dyn Fn(&Datapoint) -> bool,
) -> Option<StateValue> {
    let needed = rule.needed();
    let (present, missing) = (verdict.present().count(), verdict.missing());
    let breaches = verdict.present().filter(|(_, it)| breaching(it)).count();
    let alarm_or_ok = |alarm: bool| Some(if alarm { StateValue::Alarm } else { StateValue::Ok });
    match rule.missing_data {
        _ if breaches >= needed => Some(StateValue::Alarm),
        _ if missing == 0 => Some(StateValue::Ok),
        MissingData::NotBreaching => Some(StateValue::Ok),
        MissingData::Breaching => alarm_or_ok(breaches + missing >= needed),
        _ if breaches < present => Some(StateValue::Ok),
        MissingData::Ignore => None,
        MissingData::Missing if present == 0 => Some(StateValue::InsufficientData),
        // Only breaching points, and too few of them. If the oldest is old enough, what is missing
        // will not come; else the next point may still turn out well.
        // Unverified: that the alarm keeps its state until then.
        MissingData::Missing => {
            let oldest = verdict.present().next_back().map_or(0, |(age, _)| age + 1);
            (oldest >= needed).then_some(StateValue::Alarm)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::rule::{Comparison, MetricStatistic, NamedStatistic, Source};
    use super::*;
    use crate::services::cloudwatch::MetricId;

    const KINDS: [MissingData; 4] = [
        MissingData::Missing,
        MissingData::Ignore,
        MissingData::Breaching,
        MissingData::NotBreaching,
    ];

    fn source(statistic: &str) -> Source {
        let statistic = NamedStatistic::parse(statistic).unwrap();
        let metric = MetricId::new("N", "m", []);
        Source::Metric(MetricStatistic { metric, statistic, unit: None })
    }

    fn rule(needed: usize, of: usize, missing_data: MissingData) -> Rule {
        Rule {
            source: source("Average"),
            period: 60,
            evaluation_periods: of,
            datapoints_to_alarm: Some(needed),
            comparison: Comparison::Greater,
            threshold: 0.5,
            missing_data,
            ignores_low_samples: false,
        }
    }

    /// `points` as in the user guide, the latest last: `0` is fine, `X` breaches, `-` is missing.
    /// `expected` has the states for missing, ignore, breaching and not breaching; `=` keeps it.
    fn check(needed: usize, of: usize, points: &str, filled: usize, expected: &str) {
        let datapoint = |c: char| match c {
            '-' => None,
            c => {
                let value = f64::from(u8::from(c == 'X'));
                Some(Datapoint::new(value))
            }
        };
        let periods: Vec<_> = points.chars().filter(|c| *c != ' ').map(datapoint).rev().collect();
        let states = KINDS.map(|kind| {
            let verdict = evaluate(&rule(needed, of, kind), &periods);
            assert_eq!(verdict.missing(), filled, "{points}");
            verdict.state.map_or("=", StateValue::as_str)
        });
        assert_eq!(states.join(" "), expected, "{needed} of {of}: {points}");
    }

    #[test]
    fn three_out_of_three_as_in_the_user_guide() {
        check(3, 3, "0 - X - X", 0, "OK OK OK OK");
        check(3, 3, "0 - - - -", 2, "OK OK OK OK");
        check(3, 3, "- - - - -", 3, "INSUFFICIENT_DATA = ALARM OK");
        check(3, 3, "0 X X - X", 0, "ALARM ALARM ALARM ALARM");
        check(3, 3, "- - X - -", 2, "ALARM = ALARM OK");
        check(3, 3, "- - - - X", 2, "= = ALARM OK");
        check(3, 3, "- - - X -", 2, "= = ALARM OK");
    }

    #[test]
    fn two_out_of_three_as_in_the_user_guide() {
        check(2, 3, "0 - X - X", 0, "ALARM ALARM ALARM ALARM");
        check(2, 3, "0 0 X 0 X", 0, "ALARM ALARM ALARM ALARM");
        check(2, 3, "0 - X - -", 1, "OK OK ALARM OK");
        check(2, 3, "- - - - 0", 2, "OK OK ALARM OK");
        check(2, 3, "- - - X -", 2, "ALARM = ALARM OK");
    }

    #[test]
    fn percentiles_of_few_samples_decide_nothing() {
        // Ten beyond p90 are a hundred samples; beyond p10 too.
        for (statistic, samples, breaching, expected) in [
            ("p90", [100.0, 100.0, 100.0], [true, true, true], "ALARM"),
            ("p90", [99.0, 100.0, 100.0], [true, true, true], "="),
            ("p90", [99.0, 100.0, 100.0], [false, false, true], "OK"),
            ("p10", [99.0, 100.0, 100.0], [true, true, true], "="),
            ("p50", [20.0, 20.0, 20.0], [true, true, true], "ALARM"),
            ("p50", [19.0, 19.0, 19.0], [false, false, false], "="),
            ("p100", [1.0, 1.0, 1.0], [true, true, true], "ALARM"),
        ] {
            let point = |(sample_count, breaching): (f64, bool)| {
                let sample_count = Some(sample_count);
                Some(Datapoint { sample_count, ..Datapoint::new(f64::from(u8::from(breaching))) })
            };
            let periods: Vec<_> = samples.into_iter().zip(breaching).map(point).collect();
            let rule = Rule {
                source: source(statistic),
                ignores_low_samples: true,
                ..rule(3, 3, MissingData::Missing)
            };
            let found = evaluate(&rule, &periods).state.map_or("=", StateValue::as_str);
            assert_eq!(found, expected, "{statistic} {samples:?} {breaching:?}");
            let evaluates = Rule { ignores_low_samples: false, ..rule };
            assert!(evaluate(&evaluates, &periods).state.is_some());
        }
    }

    /// The states by the user guide's own words, one after the other, for M out of N.
    fn naive(
        needed: usize,
        of: usize,
        kind: MissingData,
        periods: &[Option<bool>],
    ) -> &'static str {
        let real: Vec<bool> = periods.iter().copied().flatten().take(of).collect();
        let absent = of - real.len();
        let breaching = real.iter().filter(|it| **it).count();
        let fine = real.len() - breaching;
        let as_alarm = match kind {
            MissingData::Breaching => breaching + absent,
            _ => breaching,
        };
        if as_alarm >= needed {
            return "ALARM";
        }
        match kind {
            MissingData::Breaching | MissingData::NotBreaching => "OK",
            _ if absent == 0 || fine > 0 => "OK",
            MissingData::Ignore => "=",
            MissingData::Missing if real.is_empty() => "INSUFFICIENT_DATA",
            MissingData::Missing => {
                let oldest = periods.iter().rposition(Option::is_some).unwrap();
                if oldest + 1 >= needed { "ALARM" } else { "=" }
            }
        }
    }

    proptest! {
        #[test]
        fn states_are_those_of_a_naive_reading(
            (of, needed) in (1..8_usize).prop_flat_map(|of| (Just(of), 1..=of)),
            drawn in proptest::collection::vec(proptest::option::of(any::<bool>()), 9),
        ) {
            let periods = &drawn[..of + MORE_PERIODS];
            let point = |it: &Option<bool>| {
                it.map(|it| Datapoint::new(f64::from(u8::from(it))))
            };
            let points: Vec<_> = periods.iter().map(point).collect();
            for kind in KINDS {
                let found = evaluate(&rule(needed, of, kind), &points).state;
                let found = found.map_or("=", StateValue::as_str);
                let expected = naive(needed, of, kind, periods);
                prop_assert_eq!(found, expected, "{:?} {} of {}", kind, needed, of);
            }
        }
    }

    #[test]
    fn one_out_of_one() {
        check(1, 1, "0 0 X", 0, "ALARM ALARM ALARM ALARM");
        check(1, 1, "X X 0", 0, "OK OK OK OK");
        check(1, 1, "X - -", 0, "ALARM ALARM ALARM ALARM");
        check(1, 1, "- - -", 1, "INSUFFICIENT_DATA = ALARM OK");
    }
}
