//! Metric math against a reference that computes each value by itself.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{Asked, Window, evaluate};
use crate::services::cloudwatch::alarm::MetricDataQuery;
use crate::services::cloudwatch::alarm::MetricStat;
use crate::services::cloudwatch::metric::Metric;
use crate::services::cloudwatch::series::Series;
use crate::services::cloudwatch::state::CloudWatch;
use crate::services::cloudwatch::summary::Summary;
use crate::services::cloudwatch::{MetricId, Unit};
use crate::wire::Timestamp;

const START: i64 = 1_767_225_600;
const MINUTES: i64 = 6;

/// The values of a metric by minute.
type Points = BTreeMap<i64, f64>;

fn asked() -> Asked<'static> {
    Asked {
        now: Timestamp::from_millis((START + MINUTES * 60) * 1000),
        account: "123456789012",
        region: "us-east-1",
        timezone_minutes: 0,
    }
}

fn cloudwatch(metrics: &[(&str, &Points)]) -> CloudWatch {
    let now = asked().now;
    let mut cloudwatch = CloudWatch::default();
    for (name, points) in metrics {
        let mut series = Series::new(now);
        for (minute, value) in *points {
            series.add(now, START + minute * 60, 60, (Unit::NONE, &Summary::value(*value)));
        }
        cloudwatch.metrics.insert(MetricId::new("N", *name, []), series);
    }
    cloudwatch
}

fn metric(id: &str) -> MetricDataQuery {
    let metric = Metric {
        namespace: Some("N".to_owned()),
        metric_name: Some(id.to_owned()),
        dimensions: None,
    };
    let stat = Some("Sum".to_owned());
    MetricDataQuery {
        id: Some(id.to_owned()),
        metric_stat: Some(MetricStat { metric: Some(metric), period: Some(60), stat, unit: None }),
        return_data: Some(false),
        ..MetricDataQuery::default()
    }
}

/// The points of each series that `expression` comes to.
fn points(cloudwatch: &mut CloudWatch, ids: &[&str], expression: &str) -> Vec<Points> {
    let mut queries: Vec<MetricDataQuery> = ids.iter().map(|id| metric(id)).collect();
    queries.push(MetricDataQuery {
        id: Some("e".to_owned()),
        expression: Some(expression.to_owned()),
        ..MetricDataQuery::default()
    });
    let end = Timestamp::from_millis((START + MINUTES * 60) * 1000);
    let window = Window { start: Timestamp::from_millis(START * 1000), end };
    let evaluation = evaluate(cloudwatch, &queries, "Q", (&asked(), window)).unwrap();
    let by_minute = |points: Vec<(i64, f64)>| {
        points.into_iter().map(|(at, value)| ((at - START) / 60, value)).collect()
    };
    evaluation.results.into_iter().map(|result| by_minute(result.points)).collect()
}

/// An expression that is a series, as text and as what it means.
#[derive(Clone, Debug)]
enum Tree {
    Metric(usize),
    Operator(&'static str, Box<Tree>, Box<Tree>),
    OfNumber(&'static str, u8, Box<Tree>),
    ByNumber(&'static str, Box<Tree>, u8),
    Each(&'static str, Box<Tree>),
    If(Box<Tree>, Box<Tree>, Option<Box<Tree>>),
    Sum(Vec<Tree>),
}

const IDS: [&str; 3] = ["a", "b", "c"];
const OPERATORS: [&str; 12] = ["+", "-", "*", "/", "==", "!=", "<", "<=", ">", ">=", "AND", "||"];

impl Tree {
    fn text(&self) -> String {
        match self {
            Self::Metric(place) => IDS[*place].to_owned(),
            Self::Operator(sign, left, right) => {
                format!("({} {sign} {})", left.text(), right.text())
            }
            Self::OfNumber(sign, number, right) => format!("({number} {sign} {})", right.text()),
            Self::ByNumber(sign, left, number) => format!("({} {sign} {number})", left.text()),
            Self::Each(function, inner) => format!("{function}({})", inner.text()),
            Self::If(is, yes, None) => format!("IF({}, {})", is.text(), yes.text()),
            Self::If(is, yes, Some(no)) => {
                format!("IF({}, {}, {})", is.text(), yes.text(), no.text())
            }
            Self::Sum(all) => {
                let all: Vec<String> = all.iter().map(Self::text).collect();
                format!("SUM([{}])", all.join(", "))
            }
        }
    }

    /// The value at one minute.
    fn at(&self, metrics: &[Points], minute: i64) -> Option<f64> {
        let value = match self {
            Self::Metric(place) => metrics[*place].get(&minute).copied()?,
            Self::Operator(sign, left, right) => {
                let (left, right) = (left.at(metrics, minute), right.at(metrics, minute));
                if left.is_none() && right.is_none() {
                    return None;
                }
                applied(sign, left.unwrap_or(0.0), right.unwrap_or(0.0))
            }
            Self::OfNumber(sign, number, right) => {
                applied(sign, f64::from(*number), right.at(metrics, minute)?)
            }
            Self::ByNumber(sign, left, number) => {
                applied(sign, left.at(metrics, minute)?, f64::from(*number))
            }
            Self::Each(function, inner) => {
                let value = inner.at(metrics, minute)?;
                match *function {
                    "ABS" if value < 0.0 => -value,
                    "CEIL" => value.ceil(),
                    "FLOOR" => value.floor(),
                    "-" => -value,
                    _ => value,
                }
            }
            Self::If(is, yes, no) => match is.at(metrics, minute)? != 0.0 {
                true => yes.at(metrics, minute).unwrap_or(0.0),
                false => no.as_ref()?.at(metrics, minute)?,
            },
            Self::Sum(all) => {
                let values: Vec<f64> = all.iter().filter_map(|it| it.at(metrics, minute)).collect();
                if values.is_empty() {
                    return None;
                }
                values.iter().sum()
            }
        };
        value.is_finite().then_some(value)
    }
}

fn applied(sign: &str, left: f64, right: f64) -> f64 {
    let is = match sign {
        "+" => return left + right,
        "-" => return left - right,
        "*" => return left * right,
        "/" => return left / right,
        "==" => left == right,
        "!=" => left != right,
        "<" => left < right,
        "<=" => left <= right,
        ">" => left > right,
        ">=" => left >= right,
        "AND" => left != 0.0 && right != 0.0,
        _ => left != 0.0 || right != 0.0,
    };
    if is { 1.0 } else { 0.0 }
}

fn trees() -> impl Strategy<Value = Tree> {
    let sign = || proptest::sample::select(&OPERATORS[..]);
    let leaf = (0..IDS.len()).prop_map(Tree::Metric);
    leaf.prop_recursive(4, 24, 3, move |inner| {
        let boxed = || inner.clone().prop_map(Box::new);
        prop_oneof![
            (sign(), boxed(), boxed()).prop_map(|(s, l, r)| Tree::Operator(s, l, r)),
            (sign(), 0..4_u8, boxed()).prop_map(|(s, n, r)| Tree::OfNumber(s, n, r)),
            (sign(), boxed(), 0..4_u8).prop_map(|(s, l, n)| Tree::ByNumber(s, l, n)),
            (proptest::sample::select(&["ABS", "CEIL", "FLOOR", "-"][..]), boxed())
                .prop_map(|(f, i)| Tree::Each(f, i)),
            (boxed(), boxed(), proptest::option::of(boxed()))
                .prop_map(|(c, y, n)| Tree::If(c, y, n)),
            proptest::collection::vec(inner.clone(), 1..4).prop_map(Tree::Sum),
        ]
    })
}

fn metrics() -> impl Strategy<Value = Vec<Points>> {
    let value = (-8..8_i32).prop_map(|value| f64::from(value) / 2.0);
    let points = proptest::collection::btree_map(0..MINUTES, value, 0..6_usize);
    proptest::collection::vec(points, IDS.len())
}

proptest! {
    #[test]
    fn expressions_mean_what_they_mean_at_each_time(tree in trees(), metrics in metrics()) {
        let named: Vec<_> = IDS.into_iter().zip(&metrics).collect();
        let found = points(&mut cloudwatch(&named), &IDS, &tree.text());
        let minutes = (0..MINUTES).filter_map(|minute| Some((minute, tree.at(&metrics, minute)?)));
        let expected: Points = minutes.collect();
        // -0 and 0 are one number, and equal.
        prop_assert_eq!(found, vec![expected], "{}", tree.text());
    }

    #[test]
    fn functions_over_time_are_those_of_lists(metrics in metrics()) {
        let a = &metrics[0];
        let named = [("a", a), ("b", &metrics[1])];
        let mut cloudwatch = cloudwatch(&named);
        let mut of = |text: &str| points(&mut cloudwatch, &["a", "b"], text).remove(0);
        let list: Vec<(i64, f64)> = a.iter().map(|(at, value)| (*at, *value)).collect();
        let pairs = |of: &dyn Fn((i64, f64), (i64, f64)) -> f64| -> Points {
            list.windows(2).map(|two| (two[1].0, of(two[0], two[1]))).collect()
        };
        prop_assert_eq!(of("DIFF(a)"), pairs(&|before, now| now.1 - before.1));
        prop_assert_eq!(of("DIFF_TIME(a)"), pairs(&|before, now| 60.0 * (now.0 - before.0) as f64));
        let rate = |before: (i64, f64), now: (i64, f64)| {
            (now.1 - before.1) / (60 * (now.0 - before.0)) as f64
        };
        prop_assert_eq!(of("RATE(a)"), pairs(&rate));
        let sum_to = |place: usize| list[..=place].iter().map(|(_, value)| value).sum::<f64>();
        let sums: Points = (0..list.len()).map(|place| (list[place].0, sum_to(place))).collect();
        prop_assert_eq!(of("RUNNING_SUM(a)"), sums);
        let filled = |with: &dyn Fn(i64) -> Option<f64>| -> Points {
            let value = |minute| a.get(&minute).copied().or_else(|| with(minute));
            (0..MINUTES).filter_map(|minute| Some((minute, value(minute)?))).collect()
        };
        prop_assert_eq!(of("FILL(a, 7)"), filled(&|_| Some(7.0)));
        prop_assert_eq!(of("FILL(a, b)"), filled(&|minute| metrics[1].get(&minute).copied()));
        let before = |minute: i64| a.range(..minute).next_back().map(|(at, value)| (*at, *value));
        prop_assert_eq!(of("FILL(a, REPEAT)"), filled(&|minute| Some(before(minute)?.1)));
        let line = |minute: i64| {
            let (from, low) = before(minute)?;
            let (to, high) = a.range(minute..).next().map(|(at, value)| (*at, *value))?;
            Some(low + (high - low) * (minute - from) as f64 / (to - from) as f64)
        };
        let found = of("FILL(a, LINEAR)");
        let expected = filled(&line);
        prop_assert_eq!(found.keys().collect::<Vec<_>>(), expected.keys().collect::<Vec<_>>());
        for (minute, value) in expected {
            prop_assert!((found[&minute] - value).abs() < 1e-9);
        }
        if !list.is_empty() {
            let values = || list.iter().map(|(_, value)| *value);
            let count = list.len() as f64;
            let mean = values().sum::<f64>() / count;
            let deviation = (values().map(|value| (value - mean).powi(2)).sum::<f64>() / count).sqrt();
            for (function, expected) in [
                ("AVG", mean),
                ("SUM", values().sum()),
                ("MAX", values().fold(f64::MIN, f64::max)),
                ("MIN", values().fold(f64::MAX, f64::min)),
                ("DATAPOINT_COUNT", count),
                ("STDDEV", deviation),
            ] {
                let found = of(&format!("TIME_SERIES({function}(a))"));
                prop_assert!((0..MINUTES).all(|it| (found[&it] - expected).abs() < 1e-9), "{function}");
            }
        }
    }

    /// Whatever is read is evaluated within bounds, and nothing panics.
    #[test]
    fn any_text_is_answered(text in "[-+*/^()\\[\\],'\"a-c0-9A-Z_ .&|<>=!{}]{0,60}") {
        let mut queries = vec![metric("a"), metric("b")];
        queries.push(MetricDataQuery {
            id: Some("e".to_owned()),
            expression: Some(text),
            period: Some(60),
            ..MetricDataQuery::default()
        });
        let window = Window { start: Timestamp::from_millis(START * 1000), end: asked().now };
        let points = Points::from([(0, 1.0), (2, 3.0)]);
        let mut cloudwatch = cloudwatch(&[("a", &points), ("b", &points)]);
        let _answer = evaluate(&mut cloudwatch, &queries, "Q", (&asked(), window));
    }
}
