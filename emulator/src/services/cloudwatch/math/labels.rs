//! Labels with values of the data in them: `${MAX}`, `${PROP('Dim.QueueName')}`.
//!
//! Source: user guide "Use dynamic labels". Unverified: how numbers, times and spans are written.

use super::value::TimeSeries;
use super::window::Asked;
use crate::wire::Timestamp;

/// Most dynamic values that a label has; what follows stays as it is.
const VALUES_MAX: usize = 6;

/// Whether a label has dynamic values.
pub(super) fn is_dynamic(label: &str) -> bool {
    label.contains("${")
}

/// The label with the values of `series`; `default` is what `${LABEL}` stands for.
pub(super) fn filled(label: &str, series: &TimeSeries, default: &str, asked: &Asked<'_>) -> String {
    let mut text = String::with_capacity(label.len());
    let mut rest = label;
    for _ in 0..VALUES_MAX {
        let Some((before, after)) = rest.split_once("${") else { break };
        let Some((name, behind)) = after.split_once('}') else { break };
        text.push_str(before);
        match value(name.trim(), series, default, asked) {
            Some(value) => text.push_str(&value),
            // Nothing that AWS knows: it stays.
            None => text.push_str(&format!("${{{name}}}")),
        }
        rest = behind;
    }
    text.push_str(rest);
    text
}

fn value(name: &str, series: &TimeSeries, default: &str, asked: &Asked<'_>) -> Option<String> {
    if let Some(property) = name.strip_prefix("PROP(").and_then(|rest| rest.strip_suffix(')')) {
        let property = property.trim().trim_matches(|quote| quote == '\'' || quote == '"');
        return prop(property, series, asked);
    }
    let (name, form) = match () {
        () if name == "LABEL" => return Some(default.to_owned()),
        () if name == "DATAPOINT_COUNT" => return Some(series.points.len().to_string()),
        () => split_form(name),
    };
    if name == "AVG" || name == "SUM" {
        let sum: f64 = series.values().sum();
        let count = series.points.len() as f64;
        let is_known = matches!(form, Form::Value);
        return is_known.then(|| number(if name == "SUM" { sum } else { sum / count }));
    }
    let points = |name: &str| {
        let points = series.points.iter();
        Some(match name {
            "FIRST" => series.points.first(),
            "LAST" => series.points.last(),
            "MIN" => points.reduce(|least, point| if point.1 < least.1 { point } else { least }),
            "MAX" => points.reduce(|most, point| if point.1 > most.1 { point } else { most }),
            _ => return None,
        })
    };
    let shown = |of: Option<&(i64, f64)>| {
        let Some((at, value)) = of else { return "--".to_owned() };
        match form {
            Form::Time => time(*at, asked),
            Form::Relative => span(asked.now.seconds() - at),
            Form::Value | Form::Range | Form::TimeRange => number(*value),
        }
    };
    if !matches!(form, Form::Range | Form::TimeRange) {
        return points(name).map(shown);
    }
    let (low, high) = name.split_once('_')?;
    let known = matches!((low, high), ("MIN", "MAX") | ("FIRST", "LAST"));
    let ends = points(low).filter(|_| known)?.zip(points(high)?);
    let Some((low, high)) = ends else { return Some("--".to_owned()) };
    Some(match form {
        Form::TimeRange => span((high.0 - low.0).abs()),
        _ => number(high.1 - low.1),
    })
}

#[derive(Clone, Copy)]
enum Form {
    Value,
    Time,
    Relative,
    Range,
    TimeRange,
}

/// What is asked of which points: `MAX_TIME`, `MIN_MAX_RANGE`.
fn split_form(name: &str) -> (&str, Form) {
    let forms = [
        ("_TIME_RELATIVE", Form::Relative),
        ("_TIME_RANGE", Form::TimeRange),
        ("_RANGE", Form::Range),
        ("_TIME", Form::Time),
    ];
    let found = forms.into_iter().find_map(|(end, form)| Some((name.strip_suffix(end)?, form)));
    found.unwrap_or((name, Form::Value))
}

fn prop(property: &str, series: &TimeSeries, asked: &Asked<'_>) -> Option<String> {
    let source = series.source.as_deref();
    let of_metric = |text: Option<&str>| Some(text.unwrap_or_default().to_owned());
    match property {
        "AccountId" | "AccountLabel" => Some(asked.account.to_owned()),
        "Region" => Some(asked.region.to_owned()),
        "Period" => Some(series.period.to_string()),
        "MetricName" => of_metric(source.map(|source| source.metric.name())),
        "Namespace" => of_metric(source.map(|source| source.metric.namespace())),
        "Stat" => of_metric(source.map(|source| source.statistic.as_str())),
        property => {
            let wanted = property.strip_prefix("Dim.")?;
            of_metric(source.and_then(|source| {
                let mut dimensions = source.metric.dimensions().iter();
                dimensions.find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
            }))
        }
    }
}

/// With three digits behind the point at most, or as many as a small number needs.
pub(super) fn number(value: f64) -> String {
    if value.is_nan() {
        return "--".to_owned();
    }
    let rounded = (value * 1000.0).round() / 1000.0;
    if rounded != 0.0 || value == 0.0 {
        return (rounded + 0.0).to_string();
    }
    format!("{value:.2e}")
}

fn time(at: i64, asked: &Asked<'_>) -> String {
    let minutes = asked.timezone_minutes;
    let text = Timestamp::from_millis(at.saturating_add(minutes * 60).saturating_mul(1000));
    let text = text.iso_seconds();
    if minutes == 0 {
        return text;
    }
    let (sign, minutes) = (if minutes < 0 { '-' } else { '+' }, minutes.abs());
    format!("{}{sign}{:02}:{:02}", text.trim_end_matches('Z'), minutes / 60, minutes % 60)
}

/// `2d3h`, `5m`: the two largest units that are not zero.
fn span(seconds: i64) -> String {
    let seconds = seconds.max(0);
    let parts = [
        (seconds / 86_400, 'd'),
        (seconds / 3600 % 24, 'h'),
        (seconds / 60 % 60, 'm'),
        (seconds % 60, 's'),
    ];
    let parts = parts.into_iter().filter(|(count, _)| *count > 0).take(2);
    let text: String = parts.map(|(count, unit)| format!("{count}{unit}")).collect();
    if text.is_empty() { "0s".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::value::Source;
    use super::*;
    use crate::services::cloudwatch::metric::MetricId;

    #[test]
    fn labels_take_values_of_the_data() {
        let start = 1_767_225_600;
        let metric = MetricId::new("AWS/SQS", "m", [("QueueName".to_owned(), "q".to_owned())]);
        let series = TimeSeries {
            label: "m".to_owned(),
            period: 60,
            points: vec![(start, 1.5), (start + 60, 4.0), (start + 180, 0.5)],
            source: Some(Arc::new(Source { metric, statistic: "Sum".to_owned() })),
        };
        let asked = Asked {
            now: Timestamp::from_millis((start + 480) * 1000),
            account: "123456789012",
            region: "us-east-1",
            timezone_minutes: 0,
        };
        for (label, expected) in [
            ("plain", "plain"),
            ("[${LABEL}] max ${MAX}", "[m] max 4"),
            ("${AVG}|${SUM}|${DATAPOINT_COUNT}", "2|6|3"),
            ("${FIRST} ${LAST} ${MIN}", "1.5 0.5 0.5"),
            ("${MIN_MAX_RANGE} ${FIRST_LAST_RANGE}", "3.5 -1"),
            ("${MIN_MAX_TIME_RANGE} ${FIRST_LAST_TIME_RANGE}", "2m 3m"),
            ("${MAX_TIME} ${LAST_TIME_RELATIVE}", "2026-01-01T00:01:00Z 5m"),
            ("${PROP('Dim.QueueName')}${PROP('Dim.x')}", "q"),
            ("${PROP('Namespace')} ${PROP('MetricName')} ${PROP('Stat')}", "AWS/SQS m Sum"),
            (
                "${PROP('Period')} ${PROP('Region')} ${PROP('AccountId')}",
                "60 us-east-1 123456789012",
            ),
            (
                "${OTHER} ${MAX_MIN_RANGE} ${SUM_TIME} ${",
                "${OTHER} ${MAX_MIN_RANGE} ${SUM_TIME} ${",
            ),
            ("${MAX}${MAX}${MAX}${MAX}${MAX}${MAX}${MAX}", "444444${MAX}"),
        ] {
            assert_eq!(filled(label, &series, "m", &asked), expected, "{label}");
        }
        let zone = Asked { timezone_minutes: -90, ..asked };
        assert_eq!(filled("${FIRST_TIME}", &series, "m", &zone), "2025-12-31T22:30:00-01:30");
        let empty = TimeSeries { points: Vec::new(), ..series };
        assert_eq!(filled("${MAX} ${AVG} ${LAST_TIME}", &empty, "m", &zone), "-- -- --");
    }
}
