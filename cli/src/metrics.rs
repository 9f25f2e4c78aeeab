//! `skyrig metrics`: what a running emulator measures, as lists and small charts for people.
//!
//! Asks ListMetrics and GetMetricData. Knows the wire and nothing of the cloud.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::client::{Client, ClientError, Spoken};
use skyrig::Timestamp;

const CLOUDWATCH: Spoken =
    Spoken { service: "monitoring", target: "GraniteServiceVersion20100801", version: 0 };
/// Charts at once; more are no overview.
const CHARTS_MAX: usize = 20;
/// Pages of ListMetrics, of 500 metrics each.
const PAGES_MAX: usize = 20;
/// Letters of a chart from left to right.
const COLUMNS: u32 = 60;
const ROWS: usize = 4;
/// From an eighth of a letter's height to all of it.
const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/// So many minutes back, CloudWatch forgets single minutes. Source: GetMetricData.
const FINE_MINUTES: u32 = 15 * 24 * 60;
/// All that CloudWatch keeps.
const KEPT_MINUTES: u64 = 455 * 24 * 60;

/// Flags of `skyrig metrics`.
#[derive(Debug, clap::Args)]
pub(crate) struct Metrics {
    /// The namespace, such as AWS/SQS.
    namespace: String,
    /// A metric of it, to be drawn once for each of its sets of dimensions.
    name: Option<String>,
    /// Only metrics with this dimension; may be given several times.
    #[arg(long = "dimension", value_name = "NAME=VALUE", value_parser = dimension)]
    dimensions: Vec<(String, String)>,
    /// What is drawn of each period, such as Sum, Maximum or p99.
    #[arg(long, default_value = "Average")]
    stat: String,
    /// How far to look back.
    #[arg(long, default_value_t = 60, value_parser = minutes_there_are())]
    minutes: u32,
    #[command(flatten)]
    client: Client,
}

fn minutes_there_are() -> clap::builder::RangedU64ValueParser<u32> {
    clap::builder::RangedU64ValueParser::new().range(1..=KEPT_MINUTES)
}

fn dimension(text: &str) -> Result<(String, String), String> {
    let parts = text.split_once('=').filter(|(name, value)| !name.is_empty() && !value.is_empty());
    let (name, value) = parts.ok_or("NAME=VALUE is wanted")?;
    Ok((name.to_owned(), value.to_owned()))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Listed {
    #[serde(default)]
    metrics: Vec<Metric>,
    next_token: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Metric {
    namespace: String,
    metric_name: String,
    #[serde(default)]
    dimensions: Vec<Dimension>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Dimension {
    name: String,
    value: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Data {
    metric_data_results: Vec<Series>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Series {
    #[serde(default)]
    timestamps: Vec<f64>,
    #[serde(default)]
    values: Vec<f64>,
}

#[derive(Debug, Deserialize)]
struct Clock {
    now: String,
}

/// The time that charts show, in seconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    start: i64,
    end: i64,
    period: i64,
}

impl Metrics {
    /// The list, or the charts.
    ///
    /// # Errors
    /// [`ClientError`], also when there is no such metric.
    pub(crate) fn text(&self) -> Result<String, ClientError> {
        let found = self.listed(json!({
            "Namespace": self.namespace,
            "MetricName": self.name,
            "Dimensions": self.dimensions.iter()
                .map(|(name, value)| json!({"Name": name, "Value": value}))
                .collect::<Vec<_>>(),
        }))?;
        if found.is_empty() {
            return Err(ClientError::Refused(self.nothing()?));
        }
        match &self.name {
            None => Ok(list(&found)),
            Some(name) => self.charts(name, &found),
        }
    }

    fn listed(&self, mut input: Value) -> Result<Vec<Metric>, ClientError> {
        let mut found = Vec::new();
        for _ in 0..PAGES_MAX {
            let page: Listed = self.client.ask(CLOUDWATCH, "ListMetrics", &input)?;
            found.extend(page.metrics);
            let Some(token) = page.next_token else { break };
            input["NextToken"] = json!(token);
        }
        found.sort_by_cached_key(|metric| (metric.metric_name.clone(), metric.place()));
        Ok(found)
    }

    /// Why nothing is shown, with what there is instead.
    fn nothing(&self) -> Result<String, ClientError> {
        let held = self.listed(json!({"Namespace": self.namespace}))?;
        let (what, held): (_, Vec<String>) = match held.is_empty() {
            false => ("metrics", held.into_iter().map(|metric| metric.metric_name).collect()),
            true => {
                let all = self.listed(json!({}))?;
                ("namespaces", all.into_iter().map(|metric| metric.namespace).collect())
            }
        };
        let mut names: Vec<String> = held.iter().map(|name| plain(name)).collect();
        names.sort();
        names.dedup();
        let there = match names.is_empty() {
            true => "nothing is measured yet".to_owned(),
            false => format!("there are the {what} {}", names.join(", ")),
        };
        let name = self.name.as_deref().map(|name| format!(" {name}")).unwrap_or_default();
        let these = if self.dimensions.is_empty() { "" } else { " with these dimensions" };
        Ok(format!("there is no metric {}{name}{these}; {there}", self.namespace))
    }

    fn charts(&self, name: &str, found: &[Metric]) -> Result<String, ClientError> {
        let clock: Clock = {
            let endpoint = self.client.endpoint();
            endpoint.read(&endpoint.page("/_skyrig/clock")?)?
        };
        let now = Timestamp::parse_iso(&clock.now);
        let now = now.ok_or_else(|| ClientError::Answer(self.namespace.clone()))?;
        let span = Span::before(now.seconds(), self.minutes);
        let shown = &found[..found.len().min(CHARTS_MAX)];
        let queries: Vec<Value> =
            (0..).zip(shown).map(|(number, metric)| self.query(number, metric, span)).collect();
        let input = json!({
            "MetricDataQueries": queries, "StartTime": span.start, "EndTime": span.end,
            "ScanBy": "TimestampAscending",
        });
        let data: Data = self.client.ask(CLOUDWATCH, "GetMetricData", &input)?;
        let of = match span.period {
            60 => "each minute".to_owned(),
            period => format!("each {} minutes", period / 60),
        };
        let at = |seconds| Timestamp::from_millis(seconds * 1000).iso_seconds();
        let (namespace, name) = (plain(&self.namespace), plain(name));
        let (start, end) = (at(span.start), at(span.end));
        let mut out = format!("{namespace} {name}: {} of {of}, {start} to {end}\n", self.stat);
        for (metric, series) in shown.iter().zip(&data.metric_data_results) {
            // Writing to a String can't fail.
            let _ = write!(out, "\n{}\n{}", metric.place(), series.chart(span));
        }
        if found.len() > shown.len() {
            let more = found.len() - shown.len();
            let _ = write!(out, "\nand {more} more: --dimension NAME=VALUE chooses\n");
        }
        Ok(out)
    }

    fn query(&self, number: usize, metric: &Metric, span: Span) -> Value {
        let dimensions: Vec<Value> = metric
            .dimensions
            .iter()
            .map(|Dimension { name, value }| json!({"Name": name, "Value": value}))
            .collect();
        json!({
            "Id": format!("m{number}"),
            "MetricStat": {
                "Metric": {
                    "Namespace": metric.namespace, "MetricName": metric.metric_name,
                    "Dimensions": dimensions,
                },
                "Period": span.period,
                "Stat": self.stat,
            },
        })
    }
}

impl Metric {
    /// Its dimensions, for people.
    fn place(&self) -> String {
        let parts: Vec<String> = self
            .dimensions
            .iter()
            .map(|Dimension { name, value }| format!("{}={}", plain(name), plain(value)))
            .collect();
        if parts.is_empty() { "(no dimensions)".to_owned() } else { parts.join(" ") }
    }
}

impl Span {
    /// So many minutes up to the end of the period that goes on now.
    fn before(now: i64, minutes: u32) -> Self {
        let step = if minutes > FINE_MINUTES { 60 } else { 1 };
        let period = i64::from(minutes.div_ceil(COLUMNS).next_multiple_of(step)) * 60;
        let end = now - now.rem_euclid(period) + period;
        let columns = (i64::from(minutes) * 60 + period - 1) / period;
        Self { start: end - columns * period, end, period }
    }
}

impl Series {
    /// Bars from zero, or from the lowest value if that is below, with what they stand for.
    fn chart(&self, span: Span) -> String {
        let held: BTreeMap<i64, f64> = self
            .timestamps
            .iter()
            .zip(&self.values)
            .map(|(at, value)| ((*at as i64 - span.start).div_euclid(span.period), *value))
            .collect();
        let Some((_, latest)) = held.last_key_value() else {
            return "  no data in this time\n".to_owned();
        };
        let lowest = held.values().copied().fold(f64::INFINITY, f64::min);
        let highest = held.values().copied().fold(f64::NEG_INFINITY, f64::max);
        let (bottom, top) = (lowest.min(0.0), highest.max(0.0));
        let marks = [figure(top), figure(bottom)];
        let width = marks.iter().map(String::len).max().unwrap_or(0);
        let columns = (span.end - span.start) / span.period;
        let mut out = String::new();
        for row in 0..ROWS {
            let mark = match row {
                0 => marks[0].as_str(),
                _ if row == ROWS - 1 => marks[1].as_str(),
                _ => "",
            };
            let bars: String = (0..columns)
                .map(|column| {
                    held.get(&column).map_or(' ', |value| bar(row, *value, (bottom, top)))
                })
                .collect();
            let _ = writeln!(out, "  {mark:>width$} │{}", bars.trim_end());
        }
        let (latest, lowest, highest) = (figure(*latest), figure(lowest), figure(highest));
        let _ = writeln!(out, "  latest {latest}, lowest {lowest}, highest {highest}");
        out
    }
}

/// What a value shows in a row, counted from above. Also the lowest value shows something.
fn bar(row: usize, value: f64, (bottom, top): (f64, f64)) -> char {
    let height = if top > bottom { (value - bottom) / (top - bottom) } else { 0.0 };
    let eighths = ((height * (ROWS * BARS.len()) as f64).round() as usize).max(1);
    match eighths.saturating_sub((ROWS - 1 - row) * BARS.len()) {
        0 => ' ',
        filled => BARS[filled.min(BARS.len()) - 1],
    }
}

/// A number as short as it tells enough.
fn figure(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-3..1e15).contains(&size) {
        return format!("{value:.3e}");
    }
    let text = format!("{value:.3}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A name that others gave, without what would steer the terminal.
fn plain(text: &str) -> String {
    text.chars().map(|letter| if letter.is_control() { '\u{fffd}' } else { letter }).collect()
}

/// Every metric with its sets of dimensions.
fn list(found: &[Metric]) -> String {
    let mut out = String::new();
    let mut last = None;
    for metric in found {
        if last != Some(&metric.metric_name) {
            let _ = writeln!(out, "{}", plain(&metric.metric_name));
            last = Some(&metric.metric_name);
        }
        let _ = writeln!(out, "  {}", metric.place());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_have_so_many_columns_at_most() {
        for (minutes, period, columns) in
            [(1, 1, 1), (60, 1, 60), (61, 2, 31), (1440, 24, 60), (21_601, 420, 52)]
        {
            let span = Span::before(1_000_000_007, minutes);
            assert_eq!(span.period, period * 60, "{minutes}");
            assert_eq!((span.end - span.start) / span.period, columns, "{minutes}");
            assert!(span.end > 1_000_000_007 && span.end - span.period <= 1_000_000_007);
        }
    }

    #[test]
    fn values_become_bars() {
        let span = Span { start: 0, end: 300, period: 60 };
        let series = |points: &[(f64, f64)]| {
            let (timestamps, values) = points.iter().copied().unzip();
            Series { timestamps, values }.chart(span)
        };
        let drawn = series(&[(0.0, 8.0), (60.0, 0.0), (180.0, 2.5), (240.0, 4.0)]);
        let wanted = "  8 │█\n    │█\n    │█  ▂█\n  0 │█▁ ██\n  latest 4, lowest 0, highest 8\n";
        assert_eq!(drawn, wanted);
        let below = series(&[(0.0, -2.0), (60.0, 2.0)]);
        assert_eq!(
            below,
            "   2 │ █\n     │ █\n     │ █\n  -2 │▁█\n  latest 2, lowest -2, highest 2\n"
        );
        assert_eq!(series(&[]), "  no data in this time\n");
        assert!(series(&[(0.0, 0.0)]).contains("  0 │▁\n"));
    }

    #[test]
    fn figures_are_short() {
        for (value, text) in
            [(0.0, "0"), (12.0, "12"), (0.1 + 0.2, "0.3"), (1e-9, "1.000e-9"), (-1.5, "-1.5")]
        {
            assert_eq!(figure(value), text);
        }
        assert_eq!(plain("a\u{1b}[2J"), "a\u{fffd}[2J");
    }
}
