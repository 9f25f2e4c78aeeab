//! A metric widget as it is sent: JSON with metrics in short form.
//!
//! Source: API reference "GetMetricWidgetImage: Metric Widget Structure and Syntax".

use std::time::Duration;

use serde_json::{Map, Value};

use crate::services::cloudwatch::alarm::{MetricDataQuery, MetricStat};
use crate::services::cloudwatch::metric::{Dimension, Metric};
use crate::wire::Timestamp;

/// Longest definition, in bytes.
const BYTES_MAX: usize = 256 * 1024;
/// Smallest and largest width and height, in pixels.
const SIZES: (i64, i64) = (50, 2000);
/// The size unless the widget says otherwise.
const SIZE: (i64, i64) = (600, 400);
const METRICS_MAX: usize = 500;
const PERIOD: i64 = 300;

/// What is drawn.
pub(in crate::services::cloudwatch) struct Widget {
    pub(in crate::services::cloudwatch) queries: Vec<MetricDataQuery>,
    pub(in crate::services::cloudwatch) start: Time,
    pub(in crate::services::cloudwatch) end: Time,
    /// How far clocks in labels are ahead of UTC.
    pub(in crate::services::cloudwatch) timezone: Option<String>,
    pub(super) width: i32,
    pub(super) height: i32,
    pub(super) title: String,
    pub(super) view: View,
    pub(super) stacked: bool,
    pub(super) axis_minimum: Option<f64>,
    pub(super) axis_maximum: Option<f64>,
    /// Lines at a value, and what stands beside them.
    pub(super) horizontal: Vec<(f64, String)>,
}

/// How the metrics are shown. Source: the same page; other views are of dashboards only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum View {
    TimeSeries,
    Bar,
    Pie,
}

impl View {
    fn parse(text: Option<&str>) -> Option<Self> {
        match text {
            None | Some("timeSeries") => Some(Self::TimeSeries),
            Some("bar") => Some(Self::Bar),
            Some("pie") => Some(Self::Pie),
            Some(_) => None,
        }
    }
}

/// A time, or how long before now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::services::cloudwatch) enum Time {
    At(Timestamp),
    Ago(Duration),
}

impl Time {
    pub(in crate::services::cloudwatch) fn from(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(time) => time,
            Self::Ago(span) => now - span,
        }
    }

    /// `2026-01-01T00:00:00Z`, `-PT3H`, `-P7D`.
    fn parse(text: &str) -> Option<Self> {
        let span = text.strip_prefix('-').unwrap_or(text);
        match span.strip_prefix('P') {
            Some(span) => Some(Self::Ago(Duration::from_secs(seconds(span)?))),
            None => Timestamp::parse_iso(text).map(Self::At),
        }
    }
}

/// `7DT12H30M`: what follows the `P` of a span.
fn seconds(span: &str) -> Option<u64> {
    let (days, times) = span.split_once('T').unwrap_or((span, ""));
    let mut total = 0_u64;
    for (part, units) in [
        (days, &[('W', 604_800), ('D', 86_400), ('M', 2_592_000), ('Y', 31_536_000)][..]),
        (times, &[('H', 3600), ('M', 60), ('S', 1)][..]),
    ] {
        let mut rest = part;
        while !rest.is_empty() {
            let end = rest.find(|letter: char| !letter.is_ascii_digit())?;
            let number: u64 = rest[..end].parse().ok()?;
            let unit = rest[end..].chars().next()?;
            let size = units.iter().find(|(name, _)| *name == unit)?.1;
            total = total.checked_add(number.checked_mul(size)?)?;
            rest = &rest[end + 1..];
        }
    }
    (total < 100 * 31_536_000).then_some(total)
}

impl Widget {
    /// Reads a widget.
    ///
    /// # Errors
    /// What is wrong with it, in a sentence. Unverified: the texts.
    pub(in crate::services::cloudwatch) fn parse(text: &str) -> Result<Self, String> {
        if text.len() > BYTES_MAX {
            return Err(format!("MetricWidget must not be longer than {BYTES_MAX} bytes."));
        }
        let value: Value =
            serde_json::from_str(text).map_err(|_| "MetricWidget must be JSON.".to_owned())?;
        let Value::Object(members) = value else {
            return Err("MetricWidget must be a JSON object.".to_owned());
        };
        let text_of = |name: &str| members.get(name).and_then(Value::as_str);
        let time = |name: &str, default: &str| {
            let text = text_of(name).unwrap_or(default);
            Time::parse(text).ok_or_else(|| format!("{name}: '{text}' is no time."))
        };
        let size = |name: &str, default: i64| {
            let size = members.get(name).map_or(Some(default), Value::as_i64);
            let (min, max) = SIZES;
            let size = size.filter(|size| (min..=max).contains(size));
            size.and_then(|size| i32::try_from(size).ok())
                .ok_or_else(|| format!("{name} must be a number from {min} to {max}."))
        };
        let axis = |end: &str| members.get("yAxis")?.get("left")?.get(end)?.as_f64();
        Ok(Self {
            queries: queries(&members)?,
            start: time("start", "-PT3H")?,
            end: time("end", "P0D")?,
            timezone: text_of("timezone").map(str::to_owned),
            width: size("width", SIZE.0)?,
            height: size("height", SIZE.1)?,
            title: text_of("title").unwrap_or_default().to_owned(),
            view: View::parse(text_of("view"))
                .ok_or_else(|| "view must be timeSeries, bar or pie.".to_owned())?,
            stacked: members.get("stacked").and_then(Value::as_bool).unwrap_or_default(),
            axis_minimum: axis("min"),
            axis_maximum: axis("max"),
            horizontal: horizontal(&members),
        })
    }
}

/// The lines of `annotations.horizontal`.
fn horizontal(members: &Map<String, Value>) -> Vec<(f64, String)> {
    let all =
        members.get("annotations").and_then(|it| it.get("horizontal")).and_then(Value::as_array);
    let line = |line: &Value| {
        let label = line.get("label").and_then(Value::as_str).unwrap_or_default();
        Some((line.get("value")?.as_f64()?, label.to_owned()))
    };
    all.into_iter().flatten().filter_map(line).take(20).collect()
}

/// The metrics and expressions, each with what the widget says of all.
fn queries(members: &Map<String, Value>) -> Result<Vec<MetricDataQuery>, String> {
    let none = Vec::new();
    let all = match members.get("metrics") {
        None => &none,
        Some(metrics) => metrics.as_array().ok_or("metrics must be an array.")?,
    };
    if all.len() > METRICS_MAX {
        return Err(format!("metrics must not have more than {METRICS_MAX} entries."));
    }
    let mut before: Vec<String> = Vec::new();
    let mut queries = Vec::with_capacity(all.len());
    for (number, entry) in (1..).zip(all) {
        let wrong = || format!("metrics: entry {number} is no array of texts and an object.");
        let parts = entry.as_array().ok_or_else(wrong)?;
        let (texts, options) = match parts.split_last() {
            Some((Value::Object(options), texts)) => (texts, Some(options)),
            _ => (parts.as_slice(), None),
        };
        let texts: Option<Vec<&str>> = texts.iter().map(Value::as_str).collect();
        let texts = expanded(&texts.ok_or_else(wrong)?, &before).ok_or_else(wrong)?;
        queries.push(query(members, options, &texts, number)?);
        if !texts.is_empty() {
            before = texts;
        }
    }
    Ok(queries)
}

/// `.` stands for what is at the same place of the entry before, `...` for all places up to there.
fn expanded(texts: &[&str], before: &[String]) -> Option<Vec<String>> {
    let mut all: Vec<String> = Vec::new();
    for (place, text) in texts.iter().enumerate() {
        match *text {
            "." => all.push(before.get(all.len())?.clone()),
            "..." => {
                let rest = texts.len() - place - 1;
                let end = before.len().checked_sub(rest).filter(|end| *end >= all.len())?;
                all.extend(before[all.len()..end].iter().cloned());
            }
            text => all.push(text.to_owned()),
        }
    }
    Some(all)
}

fn query(
    members: &Map<String, Value>,
    options: Option<&Map<String, Value>>,
    texts: &[String],
    number: usize,
) -> Result<MetricDataQuery, String> {
    let option = |name: &str| options.and_then(|options| options.get(name)).or(members.get(name));
    let own = |name: &str| options.and_then(|options| options.get(name));
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let period = option("period").and_then(Value::as_i64).unwrap_or(PERIOD);
    let period = i32::try_from(period).map_err(|_| format!("metrics: entry {number}: period"))?;
    let visible = own("visible").and_then(Value::as_bool).unwrap_or(true);
    let query = MetricDataQuery {
        id: Some(text(own("id")).unwrap_or_else(|| format!("entry{number}"))),
        label: text(own("label")),
        return_data: Some(visible),
        ..MetricDataQuery::default()
    };
    if let Some(expression) = text(own("expression")) {
        return Ok(MetricDataQuery { expression: Some(expression), period: Some(period), ..query });
    }
    let [namespace, name, dimensions @ ..] = texts else {
        return Err(format!("metrics: entry {number} has no namespace and name."));
    };
    let pairs = dimensions.chunks(2).map(|pair| match pair {
        [name, value] => Ok(Dimension { name: Some(name.clone()), value: Some(value.clone()) }),
        _ => Err(format!("metrics: entry {number} has a dimension without a value.")),
    });
    let metric = Metric {
        namespace: Some(namespace.clone()),
        metric_name: Some(name.clone()),
        dimensions: Some(pairs.collect::<Result<_, _>>()?),
    };
    let stat = text(option("stat")).unwrap_or_else(|| "Average".to_owned());
    let stat =
        MetricStat { metric: Some(metric), period: Some(period), stat: Some(stat), unit: None };
    Ok(MetricDataQuery { metric_stat: Some(stat), ..query })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms_stand_for_what_was_before() {
        let before: Vec<String> = ["N", "m", "D", "v"].map(str::to_owned).into();
        for (texts, expected) in [
            (vec![".", "x", ".", "."], Some(vec!["N", "x", "D", "v"])),
            (vec!["...", "w"], Some(vec!["N", "m", "D", "w"])),
            (vec![".", "y", "..."], Some(vec!["N", "y", "D", "v"])),
            (vec!["A", "b"], Some(vec!["A", "b"])),
            (vec![".", ".", ".", ".", "."], None),
            (vec!["...", "a", "b", "c", "d", "e"], None),
        ] {
            let found = expanded(&texts, &before);
            let expected = expected.map(|all| all.into_iter().map(str::to_owned).collect());
            assert_eq!(found, expected, "{texts:?}");
        }
    }

    #[test]
    fn times_are_spans_or_points() {
        let hours = |hours: u64| Some(Time::Ago(Duration::from_secs(hours * 3600)));
        for (text, expected) in [
            ("-PT3H", hours(3)),
            ("P0D", hours(0)),
            ("-P1DT12H", hours(36)),
            ("-P1W", hours(168)),
            ("PT90M", Some(Time::Ago(Duration::from_secs(5400)))),
            ("2026-01-01T00:00:00Z", Some(Time::At(Timestamp::from_millis(1_767_225_600_000)))),
            ("-PX", None),
            ("-P3", None),
            ("yesterday", None),
            ("-P99999999999999Y", None),
            ("-P١D", None),
        ] {
            assert_eq!(Time::parse(text), expected, "{text}");
        }
    }
}
